import { type Migration, Migrator } from 'kysely/migration';
import type { Db } from './client.ts';
import * as firstTables from './migrations/0001-first-tables.ts';
import * as githubSource from './migrations/0002-github-source.ts';
import * as costTerms from './migrations/0003-cost-terms.ts';
import * as refusedJobs from './migrations/0004-refused-jobs.ts';
import * as repositoryCounter from './migrations/0005-repository-counter.ts';
import * as jobCheckpoints from './migrations/0006-job-checkpoints.ts';
import * as backfillForecast from './migrations/0007-backfill-forecast.ts';
import * as anySource from './migrations/0008-any-source.ts';
import * as asciiCase from './migrations/0009-ascii-case.ts';

/** Every migration by name, in the order of the names. Frozen once it has landed. */
const MIGRATIONS: Record<string, Migration> = {
  '0001-first-tables': firstTables,
  '0002-github-source': githubSource,
  '0003-cost-terms': costTerms,
  '0004-refused-jobs': refusedJobs,
  '0005-repository-counter': repositoryCounter,
  '0006-job-checkpoints': jobCheckpoints,
  '0007-backfill-forecast': backfillForecast,
  '0008-any-source': anySource,
  '0009-ascii-case': asciiCase,
};

const migratorOf = (db: Db) =>
  new Migrator({ db, provider: { getMigrations: async () => MIGRATIONS } });

/** The names of the migrations that have not been applied. Changes nothing. */
export async function readPendingMigrations(db: Db): Promise<string[]> {
  const migrations = await migratorOf(db).getMigrations();
  return migrations.filter(({ executedAt }) => !executedAt).map(({ name }) => name);
}

/** Brings the tables up to date and returns the names of the migrations that were applied. */
export async function migrate(db: Db): Promise<string[]> {
  const { error, results = [] } = await migratorOf(db).migrateToLatest();
  if (error) throw new Error('the tables could not be brought up to date', { cause: error });
  return results.map((result) => result.migrationName);
}
