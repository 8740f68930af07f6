import { sql } from 'kysely';
import { openDatabase } from '../../db/client.ts';

/**
 * Writes rows into an embedded database until one can't be written, asks once more, and closes it.
 * Prints the rows that were committed and both errors. `node fill-disk.ts FOLDER`
 */

const db = await openDatabase(process.argv[2] ?? '');
await sql`CREATE TABLE IF NOT EXISTS notes (text text)`.execute(db);

const attempt = (work: () => Promise<unknown>): Promise<string | null> =>
  work().then(
    () => null,
    (error: Error) => `${error.message} (${(error.cause as Error | undefined)?.message})`,
  );

let rows = 0;
let problem: string | null = null;
while (problem === null && rows < 100_000) {
  problem = await attempt(() =>
    db.transaction().execute(async (trx) => {
      await sql`INSERT INTO notes SELECT repeat('text', 500) FROM generate_series(1, 50)`.execute(
        trx,
      );
    }),
  );
  if (problem === null) rows += 50;
}
const next = await attempt(() => sql`SELECT count(*) FROM notes`.execute(db));
await db.destroy();
console.log(JSON.stringify({ rows, problem, next }));
