import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { describe, expect, inject, it } from 'vitest';
import { calculate } from '../../../pipeline/stages/calculate.ts';
import { report } from '../../../pipeline/stages/report.ts';
import { addRepository, ago, configOf, NOW, quiet } from '../../support/community.ts';
import { useDatabase } from '../../support/databases.ts';

const PEOPLE = 100_000;

describe.skipIf(inject('postgresUrl') === null)('a hundred thousand contributors', () => {
  const database = useDatabase('server');

  it('are ranked and published', { timeout: 600_000 }, async () => {
    const { db } = database;
    const repository = await addRepository(db, 'octo', 'huge');
    const people = sql`generate_series(1, ${sql.lit(PEOPLE)}) AS i`;
    await sql`INSERT INTO github_users (github_id, login) SELECT i, 'user' || i FROM ${people}`.execute(
      db,
    );
    // Before the bounded periods, so that the boards hold each of them once.
    await sql`
      INSERT INTO contribution_events
        (repository_id, event_id, kind, user_id, occurred_at, source)
      SELECT ${repository}, 'commit:' || i, 'COMMIT', i, ${ago(400).toISOString()}::timestamptz, 'sample'
      FROM ${people}
    `.execute(db);
    const config = configOf({
      people: { opt_out: ['user7'] },
      site: { page_size: 500, contributor_pages: 300 },
    });
    const boards = await calculate({ db, config, now: NOW, log: quiet });
    expect(boards).toMatchObject({ globalEntries: PEOPLE - 1, repositoryEntries: PEOPLE - 1 });
    const out = mkdtempSync(join(tmpdir(), 'report-'));
    try {
      const result = await report({ db, config, now: NOW, log: quiet, out, sample: true });
      expect(result).toMatchObject({ contributors: 300 });
      expect(result.documents).toBeGreaterThan(2 * (PEOPLE / 500) + 3 * 300);
    } finally {
      rmSync(out, { recursive: true, force: true });
    }
  });
});
