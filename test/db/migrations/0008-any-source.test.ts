import { sql } from 'kysely';
import { expect, it } from 'vitest';
import { describeOnDatabases, emptyTables } from '../../support/databases.ts';

describeOnDatabases('the table of contributions', (database) => {
  it('accepts any source, but no unknown kind', async () => {
    const { db } = database;
    await emptyTables(db);
    await sql`
      INSERT INTO repositories (id, owner, name, status)
      VALUES (1, 'meadow', 'tools', 'ACTIVE')`.execute(db);
    const insert = (kind: string) =>
      sql`
        INSERT INTO contribution_events (repository_id, event_id, kind, occurred_at, source)
        VALUES (1, ${kind}, ${kind}, '2026-01-01T00:00:00Z', 'another-source')`.execute(db);
    await expect(insert('COMMIT')).resolves.toMatchObject({ numAffectedRows: 1n });
    await expect(insert('WAVE')).rejects.toThrow('contribution_events_kind_check');
  });
});
