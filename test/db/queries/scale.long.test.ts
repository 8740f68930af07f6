import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { describe, expect, inject, it } from 'vitest';
import { PERIODS } from '../../../pipeline/domain/time.ts';
import { calculate } from '../../../pipeline/stages/calculate/index.ts';
import { report } from '../../../pipeline/stages/report/index.ts';
import { addRepository, configOf, NOW, quiet } from '../../support/community.ts';
import { useDatabase } from '../../support/databases.ts';

/** More than a document of a board by columns holds; `npm run bench -- size` takes more of them. */
const PEOPLE = 20_000;
/** The person who opted out contributed two months ago. */
const SIZES = {
  all: PEOPLE - 1,
  year: PEOPLE * 0.2 - 1,
  quarter: PEOPLE * 0.15 - 1,
  month: PEOPLE * 0.1,
  week: PEOPLE * 0.05,
};

describe.skipIf(inject('postgresUrl') === null)('twenty thousand contributors', () => {
  const database = useDatabase('server');

  it('are ranked and published', async () => {
    const { db } = database;
    const repository = await addRepository(db, 'octo', 'huge');
    // No account of the list of bots has such an id.
    const people = sql`generate_series(1, ${sql.lit(PEOPLE)}) AS i, LATERAL (SELECT 1e9::bigint + i AS id) AS account`;
    await sql`INSERT INTO github_users (github_id, login) SELECT id, 'user' || i FROM ${people}`.execute(
      db,
    );
    // Of every twenty, one is in the last week, one more in each longer period, the others before.
    await sql`
      INSERT INTO contribution_events
        (repository_id, event_id, kind, user_id, occurred_at, source)
      SELECT ${repository}, 'commit:' || i, 'COMMIT', id,
        ${NOW.toISOString()}::timestamptz
          - make_interval(days => coalesce((ARRAY[3, 20, 60, 200])[1 + (i + 15) % 20], 400)), 'sample'
      FROM ${people}
    `.execute(db);
    const config = configOf({
      people: { opt_out: ['user7'] },
      site: { page_size: 500, contributor_pages: 300 },
    });
    const boards = await calculate({ db, config, now: NOW, log: quiet });
    const entries = Object.values(SIZES).reduce((sum, size) => sum + size, 0);
    expect(boards).toMatchObject({ globalEntries: entries, repositoryEntries: entries });
    const out = mkdtempSync(join(tmpdir(), 'report-'));
    try {
      const result = await report({ db, config, now: NOW, log: quiet, out, sample: true });
      expect(result).toMatchObject({ contributors: PEOPLE - 1, unfit: 0 });
      expect(result.documents).toBeGreaterThan(PEOPLE + 2 * 300);
      const totals = PERIODS.map((period) => {
        const document = join(out, 'api/v1/leaderboard/global', period, '1.json');
        return [period, JSON.parse(readFileSync(document, 'utf8')).total];
      });
      expect(Object.fromEntries(totals)).toEqual(SIZES);
    } finally {
      rmSync(out, { recursive: true, force: true });
    }
  });
});
