import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type PipelineRun, readAllBoards, runOnArchive } from '../../support/pipeline.ts';
import { hasSharedData, sharedPath } from '../../support/shared-data.ts';
import { type AnyEvent, busiest, type PlainEntry, plainScores, readHours } from './plain-scores.ts';

const NOW = '2015-01-01T02:00:00Z';

describe.runIf(hasSharedData())(
  'two whole hours of GH Archive, the 100 busiest repositories',
  () => {
    let events: AnyEvent[];
    let repositories: string[];
    let expected: Map<string, PlainEntry[]>;
    let run: PipelineRun;
    let boards: Map<string, PlainEntry[]>;

    beforeAll(async () => {
      const hours = [0, 1].map((hour) => sharedPath(`gharchive/2015-01-01-${hour}.json.gz`));
      events = readHours(hours);
      repositories = busiest(events, 100);
      expected = plainScores(events, repositories, NOW);
      run = await runOnArchive({
        archiveUrl: pathToFileURL(sharedPath('gharchive/')).href,
        repositories,
        now: NOW,
      });
      boards = readAllBoards(run.out);
    });
    afterAll(() => run?.close());

    it('ends well', () => {
      expect(run.code).toBe(0);
      expect(expected.get('global/all')?.length).toBeGreaterThan(50);
    });

    it('gives every contributor the counts, score and rank of a plain computation', () => {
      expect([...boards.keys()].toSorted()).toEqual([...expected.keys()].toSorted());
      for (const [board, entries] of expected) {
        expect([board, boards.get(board)]).toMatchObject([board, entries]);
      }
    });

    it('counts every event that was read as kept or skipped', async () => {
      const jobs = await run.db.selectFrom('scrape_jobs').selectAll().execute();
      for (const job of jobs) {
        const skipped = Object.values(job.skipped ?? {}).reduce((a, b) => a + b, 0);
        expect(job.events_processed).toBe(job.contributions_kept + skipped);
      }
      const tracked = new Set(repositories.map((name) => name.toLowerCase()));
      const read = events.filter((event) => tracked.has(event.repo.name.toLowerCase())).length;
      expect(jobs.map((job) => job.events_processed)).toEqual([read]);
    });
  },
);
