import { beforeEach, expect, it } from 'vitest';
import { countOpenJobs, insertJobs } from '../../../db/queries/job-queue.ts';
import { workersFor } from '../../../pipeline/actions/count-workers.ts';
import { describeOnDatabases, emptyTables } from '../../support/databases.ts';

it.each([
  [0, []],
  [1, [1]],
  [5, [1]],
  [6, [1, 2]],
  [500, [1, 2, 3, 4, 5, 6, 7, 8]],
])('%s open jobs have the workers %j', (jobs, workers) => {
  expect(workersFor(jobs)).toEqual(workers);
});

describeOnDatabases('open jobs', (database) => {
  beforeEach(() => emptyTables(database.db));

  it('are counted for the sources of the run, without those that have ended', async () => {
    const { db } = database;
    const job = {
      jobType: 'full',
      repositoryIds: [1],
      from: new Date(0),
      to: new Date(1),
    } as const;
    await insertJobs(db, null, [
      { ...job, source: 'github' },
      { ...job, source: 'github' },
      { ...job, source: 'gharchive' },
    ]);
    expect(await countOpenJobs(db, ['github'])).toBe(2);
    await db.updateTable('scrape_jobs').set({ status: 'COMPLETED' }).execute();
    expect(await countOpenJobs(db, ['github', 'gharchive'])).toBe(0);
  });
});
