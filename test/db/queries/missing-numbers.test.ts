import { beforeEach, expect, it } from 'vitest';
import { upsertContributions } from '../../../db/queries/contributions.ts';
import {
  insertMissingNumbers,
  readNumbersToBackfill,
} from '../../../db/queries/missing-numbers.ts';
import { readMonthNumbers } from '../../../db/queries/report/coverage.ts';
import { makeContributionFor } from '../../../pipeline/sources/github/outcome.ts';
import { describeOnDatabases, emptyTables } from '../../support/databases.ts';
import { track } from '../../support/github/scrape.ts';

const NOW = new Date('2026-01-02T03:04:05Z');

describeOnDatabases('the numbers of issues and pull requests', (database) => {
  beforeEach(async () => {
    await emptyTables(database.db);
    await track(database.db, 'old/name');
  });

  const opened = (number: number, day: string) =>
    makeContributionFor(1)({
      eventId: `issue:${number}:opened`,
      kind: 'ISSUE_OPENED',
      account: null,
      occurredAt: new Date(`${day}T12:00:00Z`),
      subjectNumber: number,
    });

  it('counts the unexplained numbers between known ones', async () => {
    const { db } = database;
    const known = [opened(5, '2025-03-01'), opened(8, '2025-03-31'), opened(12, '2025-04-01')];
    await upsertContributions(db, 'gharchive', known);
    expect(await readNumbersToBackfill(db, 1, 10)).toEqual([11, 10, 9, 7, 6]);
    const gone = { number: 7, reason: 'GONE' } as const;
    await insertMissingNumbers(db, 1, [gone, { number: 10, reason: 'DISCUSSION' }], NOW);
    await insertMissingNumbers(db, 1, [gone], NOW);
    expect(await readNumbersToBackfill(db, 1, 2)).toEqual([11, 9]);
    expect(await readMonthNumbers(db)).toEqual([
      { repository_id: 1, month: '2025-03', known: 2, missing: 3 },
      { repository_id: 1, month: '2025-04', known: 1, missing: 0 },
    ]);
  });
});
