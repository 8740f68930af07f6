import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { KNOWN_BOT_LOGINS } from '../../../pipeline/domain/known-bots.ts';
import { type PipelineRun, readAllDocuments, runOnArchive } from '../../support/pipeline.ts';
import { hasSharedData, sharedPath } from '../../support/shared-data.ts';
import {
  type AnyEvent,
  busiest,
  COUNTS,
  plainGlobal,
  plainScores,
  type Row,
  readHours,
} from './plain-scores.ts';

interface Entry extends Record<string, unknown> {
  rank: number;
  username: string;
  total_score: number;
}
/** What the plain computation knows of a contributor. */
const NUMBERS = [...Object.values(COUNTS), 'lines_added', 'lines_deleted', 'total_score'];

interface Page {
  entries: Entry[];
  pages: number;
  total: number;
}

describe.runIf(hasSharedData())(
  'two whole hours of GH Archive, the 100 busiest repositories',
  () => {
    let events: AnyEvent[];
    let repositories: string[];
    let expected: Map<string, Map<string, Row>>;
    let run: PipelineRun;
    let documents: Record<string, unknown>;

    beforeAll(async () => {
      const hours = [0, 1].map((hour) => sharedPath(`gharchive/2015-01-01-${hour}.json.gz`));
      events = readHours(hours);
      repositories = busiest(events, 100);
      expected = plainScores(events, repositories, KNOWN_BOT_LOGINS);
      run = await runOnArchive({
        archiveUrl: pathToFileURL(sharedPath('gharchive/')).href,
        repositories,
        now: '2015-01-01T02:00:00Z',
      });
      documents = readAllDocuments(run.out);
    });
    afterAll(() => run?.close());

    /** All pages of a board as login → the numbers that the plain computation has. */
    function board(path: string): Map<string, Row> {
      const first = documents[`${path}/1.json`] as Page;
      const pages = Array.from(
        { length: first.pages },
        (_, i) => documents[`${path}/${i + 1}.json`],
      );
      const entries = pages.flatMap((page) => (page as Page).entries);
      expect(entries).toHaveLength(first.total);
      return new Map(entries.map((entry) => [entry.username, numbersOf(entry)]));
    }

    function numbersOf(entry: Entry): Row {
      return Object.fromEntries(NUMBERS.map((name) => [name, entry[name] as number]));
    }

    const sorted = (map: Map<string, Row> | undefined) =>
      [...(map ?? [])].toSorted(([a], [b]) => (a < b ? -1 : 1));

    it('ends well', () => {
      expect(run.code).toBe(0);
      expect(expected.size).toBeGreaterThan(50);
    });

    it.each(['all', 'year', 'quarter', 'month', 'week'])(
      'gives every contributor the counts and the score of a plain computation, period %s',
      (period) => {
        expect(sorted(board(`leaderboard/global/${period}`))).toEqual(
          sorted(plainGlobal(expected)),
        );
      },
    );

    it('does so in each repository', () => {
      for (const name of repositories) {
        const found = board(`leaderboard/${name}/all`);
        expect([name, sorted(found)]).toEqual([name, sorted(expected.get(name.toLowerCase()))]);
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
