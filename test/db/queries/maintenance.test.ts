import { sql } from 'kysely';
import { expect, it } from 'vitest';
import { analyzeGrown } from '../../../db/queries/maintenance.ts';
import { addRepository, NOW } from '../../support/community.ts';
import { describeOnDatabases } from '../../support/databases.ts';
import { addHistory } from '../../support/github/long-history.ts';

describeOnDatabases('the statistics of the query planner', (database) => {
  const TABLES = ['repositories', 'contribution_events', 'github_users'] as const;

  it('are updated for a table that has doubled, and for no small one', async () => {
    const { db } = database;
    // A server might do it at this very moment.
    await sql`ALTER TABLE contribution_events SET (autovacuum_enabled = false)`.execute(db);
    await addRepository(db, 'octo', 'one');
    expect(await analyzeGrown(db, TABLES)).toEqual([]);

    await addHistory(db, 12_000, 10, NOW.toISOString());
    expect(await analyzeGrown(db, TABLES)).toEqual([]); // it has just been done for all

    const more = sql`
      INSERT INTO contribution_events (repository_id, event_id, kind, user_id, occurred_at, source)
      SELECT repository_id, event_id || n, kind, user_id, occurred_at, source
      FROM contribution_events CROSS JOIN generate_series(1, 2) AS n`;
    await more.execute(db);
    expect(await analyzeGrown(db, TABLES)).toEqual(['contribution_events']);
    expect(await analyzeGrown(db, TABLES)).toEqual([]);
    const { rows } = await sql<{ rows: number }>`
      SELECT reltuples AS rows FROM pg_class WHERE oid = 'contribution_events'::regclass`.execute(
      db,
    );
    expect(rows).toEqual([{ rows: 36_000 }]);
  });
});
