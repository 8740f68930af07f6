import { sql } from 'kysely';
import { type Db, openDatabase } from '../../db/client.ts';
import { migrate } from '../../db/migrate.ts';
import { upsertContributions } from '../../db/queries/contributions.ts';
import { recordAccounts } from '../../db/queries/contributors.ts';
import { reconcileRepositories } from '../../db/queries/repositories.ts';
import { peopleSchema } from '../../pipeline/config/schema/people.ts';
import { weightsSchema } from '../../pipeline/config/schema/weights.ts';
import type { Contribution } from '../../pipeline/domain/contribution.ts';
import { calculate } from '../../pipeline/stages/calculate/index.ts';
import { measure } from './measure.ts';

/** Rows a second into the embedded database, and the calculation against a bare GROUP BY. */

const PEOPLE = 1_000;
const ROWS = 100_000;
const BATCH = 1_000;
const NOW = new Date('2026-01-01T00:00:00Z');

function contribution(index: number): Contribution {
  const id = 1 + ((index * 7919) % PEOPLE);
  return {
    repositoryId: 1 + (index % 10),
    eventId: `commit:${index}`,
    kind: 'COMMIT',
    account: { id, login: `user${id}`, type: null },
    occurredAt: new Date(NOW.getTime() - (index % 700) * 86_400_000 - 1),
    subjectNumber: null,
    linesAdded: null,
    linesDeleted: null,
  };
}

async function fill(db: Db): Promise<void> {
  for (let start = 0; start < ROWS; start += BATCH) {
    const batch = Array.from({ length: BATCH }, (_, i) => contribution(start + i));
    await db.transaction().execute(async (trx) => {
      const seen = { type: null, firstSeenAt: NOW, lastSeenAt: NOW };
      const accounts = new Map(batch.map(({ account }) => [account?.id, account]));
      await recordAccounts(
        trx,
        [...accounts.values()].flatMap((a) => (a ? [{ ...a, ...seen }] : [])),
      );
      await upsertContributions(trx, 'gharchive', batch);
    });
  }
}

export async function benchDatabase(): Promise<void> {
  const db = await openDatabase('memory:');
  try {
    await migrate(db);
    const names = Array.from({ length: 10 }, (_, i) => `tool${i}`);
    const wanted = names.map((name) => ({
      owner: 'acme',
      name,
      neverRescrapeBefore: null,
      defaultBranch: null,
    }));
    await reconcileRepositories(db, wanted);
    const filling = await measure(() => fill(db));
    const rate = Math.round(ROWS / filling.cpuSeconds);
    console.log(`database (embedded): ${rate} contributions a second, identity included`);
    const config = { weights: weightsSchema.parse({}), people: peopleSchema.parse({}) };
    const log = { info: () => {}, warn: () => {}, error: () => {} };
    const calculating = await measure(() => calculate({ db, config, now: NOW, log }));
    const grouping = await measure(() =>
      sql`SELECT repository_id, user_id, kind, count(*) FROM contribution_events
        GROUP BY repository_id, user_id, kind`.execute(db),
    );
    const ratio = calculating.cpuSeconds / grouping.cpuSeconds;
    console.log(
      `calculation: ${calculating.cpuSeconds.toFixed(2)} s for all boards of ${ROWS} contributions, ` +
        `ten repositories, five periods; a bare GROUP BY ${grouping.cpuSeconds.toFixed(2)} s (${ratio.toFixed(1)} times)`,
    );
  } finally {
    await db.destroy();
  }
}
