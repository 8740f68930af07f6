import { sql } from 'kysely';
import type { Migration } from 'kysely/migration';
import { expect, it } from 'vitest';
import type { Db } from '../../../db/client.ts';
import * as backfillForecast from '../../../db/migrations/0007-backfill-forecast.ts';
import { insertAudit } from '../../../db/queries/audit.ts';
import { readForecast } from '../../../db/queries/backfill.ts';
import { describeOnDatabases, emptyTables } from '../../support/databases.ts';

const migration: Migration = backfillForecast;

async function migrateAgain(db: Db) {
  await sql`DROP TABLE backfill_forecasts`.execute(db);
  await migration.up(db);
  return readForecast(db, 'bigquery');
}

describeOnDatabases('the forecast of the backfill', (database) => {
  it('is missing in a database without a plan', async () => {
    await emptyTables(database.db);
    expect(await migrateAgain(database.db)).toBeNull();
  });

  it('is copied from the latest plan in the audit log', async () => {
    const { db } = database;
    await emptyTables(db);
    const planned = { action: 'BACKFILL_PLANNED', subject: 'source:bigquery' };
    const older = { doneDays: 1, remainingDays: 9, estimatedUsd: 2, wholeOn: null };
    const latest = {
      doneDays: 2,
      remainingDays: 8,
      estimatedUsd: 0.1 + 0.2,
      wholeOn: '2026-01-09',
    };
    await insertAudit(db, { ...planned, at: new Date('2026-01-02'), details: latest });
    await insertAudit(db, { ...planned, at: new Date('2026-01-01'), details: older });
    expect(await migrateAgain(db)).toEqual({
      doneDays: 2,
      remainingDays: 8,
      estimatedUsd: 0.1 + 0.2,
      completeOn: '2026-01-09',
    });
  });
});
