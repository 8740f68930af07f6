import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { boardsOfEvents, type OracleEntry } from '../../support/archive-oracle.ts';
import { type Era, RECORDED } from '../../support/event-shapes.ts';
import { inventHours } from '../../support/invented-hours.ts';
import {
  type PipelineRun,
  readAllBoards,
  runOnArchive,
  writeHourFiles,
} from '../../support/pipeline.ts';
import { previewUnchanged } from '../../support/preview-community.ts';
import { busiest, type RawEvent, readEvents } from '../../support/read-events.ts';
import { hasSharedData, sharedPath } from '../../support/shared-data.ts';

/** Two whole hours of an archive, which lie in a folder. */
interface Hours {
  readonly folder: string;
  readonly events: readonly RawEvent[];
  readonly from: Date;
  readonly now: Date;
}

const recordedHours = (): Hours => ({
  folder: sharedPath('gharchive'),
  events: RECORDED[2015].flatMap((file) => readEvents(sharedPath(file))),
  from: new Date('2015-01-01T00:00:00Z'),
  now: new Date('2015-01-01T02:00:00Z'),
});

function inventedHours(era: Era): Hours {
  const folder = mkdtempSync(join(tmpdir(), 'leaderboard-invented-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  const hours = inventHours(era);
  writeHourFiles(folder, hours.events);
  return { folder, ...hours };
}

/** The commits of the pushes to a default branch, without the first one of each. */
function moreThanOne(events: Hours['events']): number {
  return events.reduce((sum, { type, payload }) => {
    const { ref = '', commits = [] } = payload as {
      ref?: string;
      commits?: { distinct: boolean }[];
    };
    if (type !== 'PushEvent' || !/^refs\/heads\/(main|master)$/.test(ref)) return sum;
    return sum + Math.max(commits.filter(({ distinct }) => distinct).length - 1, 0);
  }, 0);
}

function describeHours(name: string, open: () => Hours, leastPeople: number): void {
  describe(`${name}, the 100 busiest repositories`, () => {
    let hours: Hours;
    let repositories: string[];
    let expected: Map<string, OracleEntry[]>;
    let run: PipelineRun;
    let boards: Map<string, OracleEntry[]>;

    beforeAll(async () => {
      hours = open();
      const now = hours.now.toISOString();
      repositories = busiest(hours.events, 100);
      expected = boardsOfEvents(hours.events, repositories, now);
      run = await runOnArchive({
        url: 'memory:',
        archiveUrl: pathToFileURL(`${hours.folder}/`).href,
        repositories,
        now,
        options: { from: hours.from },
      });
      boards = readAllBoards(run.out);
    });
    afterAll(() => run?.close());

    it('ends well', () => {
      expect(run.code).toBe(0);
      expect(expected.get('global/all')?.length).toBeGreaterThan(leastPeople);
    });

    it('gives every contributor the counts, score and rank of the oracle', () => {
      expect([...boards.keys()].toSorted()).toEqual([...expected.keys()].toSorted());
      for (const [board, entries] of expected) {
        expect([board, boards.get(board)]).toMatchObject([board, entries]);
      }
    });

    it('are previewed exactly from what was published, when nothing changes', async () => {
      const { published, previewed } = await previewUnchanged(run.out);
      expect(previewed).toEqual(published);
      expect(published.length).toBeGreaterThan(leastPeople);
    });

    const ofTracked = () => {
      const tracked = new Set(repositories.map((name) => name.toLowerCase()));
      return hours.events.filter(({ repo }) => tracked.has(repo.name.toLowerCase()));
    };

    it('counts every event that was read as kept or skipped', async () => {
      const jobs = await run.db.selectFrom('scrape_jobs').selectAll().execute();
      for (const job of jobs) {
        const skipped = Object.values(job.skipped ?? {}).reduce((a, b) => a + b, 0);
        // A push is one event, and each of its commits a contribution.
        const events = job.contributions_kept - moreThanOne(ofTracked());
        expect(job.events_processed).toBe(events + skipped);
      }
      expect(jobs.map((job) => job.events_processed)).toEqual([ofTracked().length]);
    });
  });
}

describe.runIf(hasSharedData())('recorded', () => {
  describeHours('two hours of 2015', recordedHours, 50);
});

/** They are in the repository: a copy of the project has them, without the recorded ones. */
describe('invented', () => {
  describeHours('two hours in the shape of 2015', () => inventedHours('2015'), 15);
  describeHours('two hours in the shape of 2021 to 2023', () => inventedHours('full'), 15);
  describeHours('two hours in the trimmed shape', () => inventedHours('trimmed'), 5);
});
