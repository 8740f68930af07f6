import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SAMPLE_REPOSITORIES } from '../../pipeline/sources/sample/community.ts';
import { generateSample } from '../../pipeline/sources/sample/index.ts';
import { boardsOfEvents, type OracleEntry } from '../support/archive-oracle.ts';
import { inventEvents, REPOSITORIES, ROBOTS } from '../support/invented-hours.ts';
import { COUNTS } from '../support/oracle.ts';
import {
  type PipelineRun,
  type PipelineSetup,
  readAllBoards,
  runOnArchive,
  writeHourFiles,
} from '../support/pipeline.ts';
import type { RawEvent } from '../support/read-events.ts';
import { readEvents, SMALL } from './sources/sample/support.ts';

/** From hour files to published boards, against the oracle: every count, score and rank. */

const NOW = new Date('2026-03-15T02:00:00Z');
const DAY = 86_400_000;
const OLDEST = new Date(NOW.getTime() - 400 * DAY);
/**
 * Payloads are trimmed from here on. Really that was in October 2025; here it is in the last week,
 * so that each period has both eras.
 */
const TRIMMED_FROM = new Date(NOW.getTime() - 4 * DAY);

interface Archive {
  readonly events: readonly RawEvent[];
  readonly setup: Omit<PipelineSetup, 'archiveUrl'>;
  /** Accounts that count as people although they look like bots. */
  readonly people: number[];
}

/** Runs the pipeline on the hour files that `write` writes; compares its boards with the oracle's. */
function describeBoards(name: string, write: (hours: string) => Promise<Archive>): void {
  describe(name, () => {
    let folder: string;
    let run: PipelineRun;
    let boards: Map<string, OracleEntry[]>;
    let expected: Map<string, OracleEntry[]>;

    beforeAll(async () => {
      folder = mkdtempSync(join(tmpdir(), 'leaderboard-own-hours-'));
      const hours = join(folder, 'hours');
      const { events, setup, people } = await write(hours);
      expected = boardsOfEvents(events, setup.repositories, setup.now, people);
      run = await runOnArchive({ ...setup, archiveUrl: pathToFileURL(`${hours}/`).href });
      boards = readAllBoards(run.out);
    });
    afterAll(async () => {
      await run?.close();
      rmSync(folder, { recursive: true, force: true });
    });

    it('end well, with the boards of all repositories and periods', () => {
      expect(run.code).toBe(0);
      expect(expected.get('global/all')?.length).toBeGreaterThan(20);
      expect([...boards.keys()].toSorted()).toEqual([...expected.keys()].toSorted());
    });

    it('give every contributor the counts, score and rank of the oracle', () => {
      for (const [board, entries] of expected) {
        expect([board, boards.get(board)]).toMatchObject([board, entries]);
      }
    });
  });
}

const PERIODS = ['all', 'year', 'quarter', 'month', 'week'];

/** Every case that the events were invented for is in them, in every period. */
function expectEveryCase(boards: Map<string, OracleEntry[]>): void {
  const totals = PERIODS.map((period) => boards.get(`global/${period}`) ?? []);
  for (const entries of totals) {
    for (const count of Object.values(COUNTS)) {
      expect(entries.some((entry) => Number(entry[count]) > 0)).toBe(true);
    }
    const ranks = entries.map(({ rank }) => rank);
    expect(new Set(ranks).size).toBeLessThan(ranks.length);
    const names = entries.map(({ username }) => username);
    expect(names).toEqual(expect.arrayContaining(['ada-lovelace', 'Bob', 'Cyd', 'kind[bot]']));
  }
  expect(new Set(totals.map((entries) => JSON.stringify(entries))).size).toBe(PERIODS.length);
  const known = totals[0]?.map(({ username }) => username);
  expect(known).toContain('cyd_old_3');
  const { allowed: _, ...hidden } = ROBOTS;
  for (const { login } of Object.values(hidden)) {
    expect(known).not.toContain(login);
  }
}

describeBoards('hours of every case', async (hours) => {
  mkdirSync(hours);
  const events = inventEvents({ from: OLDEST, now: NOW, trimmedFrom: TRIMMED_FROM });
  expectEveryCase(boardsOfEvents(events, REPOSITORIES, NOW.toISOString(), [ROBOTS.allowed.id]));
  writeHourFiles(hours, events);
  const files = {
    'people.yaml': `bots: {allow: [${ROBOTS.allowed.id}]}\n`,
    'site.yaml': 'page_size: 10\n',
  };
  const options = { from: OLDEST };
  const setup = { repositories: REPOSITORIES, now: NOW.toISOString(), files, options };
  return { events, setup, people: [ROBOTS.allowed.id] };
});

describeBoards('five weeks of the sample', async (hours) => {
  const { window } = await generateSample({ ...SMALL, folder: hours });
  const repositories = SAMPLE_REPOSITORIES.map(({ owner, name }) => `${owner}/${name}`);
  const options = { from: window.from };
  const setup = { repositories, now: SMALL.now.toISOString(), options };
  return { events: readEvents(hours), setup, people: [] };
});
