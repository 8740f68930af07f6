import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { boardsOfEvents, type OracleEntry } from '../../support/archive-oracle.ts';
import { type PipelineRun, readAllBoards, runOnArchive } from '../../support/pipeline.ts';
import { busiest, type RawEvent, readEvents } from '../../support/read-events.ts';
import { hasSharedData, sharedPath } from '../../support/shared-data.ts';

const NOW = '2015-01-01T02:00:00Z';

describe.runIf(hasSharedData())(
  'two whole hours of GH Archive, the 100 busiest repositories',
  () => {
    let events: RawEvent[];
    let repositories: string[];
    let expected: Map<string, OracleEntry[]>;
    let run: PipelineRun;
    let boards: Map<string, OracleEntry[]>;

    beforeAll(async () => {
      const hours = [0, 1].map((hour) => sharedPath(`gharchive/2015-01-01-${hour}.json.gz`));
      events = hours.flatMap(readEvents);
      repositories = busiest(events, 100);
      expected = boardsOfEvents(events, repositories, NOW);
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
