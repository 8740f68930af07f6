import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { generateSample, SAMPLE_REPOSITORIES } from '../../pipeline/sources/sample/sample.ts';
import { archiveEvent, sha } from '../support/archive-events.ts';
import {
  type PipelineRun,
  type PipelineSetup,
  readAllBoards,
  runOnArchive,
  writeHourFiles,
} from '../support/pipeline.ts';
import { type AnyEvent, COUNTS, type PlainEntry, plainScores } from './real-events/plain-scores.ts';
import { readEvents, SMALL } from './sources/sample/support.ts';

/**
 * From hour files to published boards, against the plain computation: every count, score and
 * rank. The events are made here, so that this needs no data from elsewhere.
 */

const NOW = Date.UTC(2026, 2, 15, 2);
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/**
 * Payloads are trimmed from here on. Really that was in October 2025; here it is in the last week,
 * so that each period has both eras.
 */
const TRIMMED_FROM = NOW - 4 * DAY;
const OLDEST = NOW - 400 * DAY;

/** Nothing happens in the last one. */
const REPOSITORIES = ['acme/tool', 'Acme/Site', 'octo/docs', 'octo/empty'];

interface Account {
  id: number;
  login: string;
  type?: string;
}

const PEOPLE = 14;
const ROBOTS = {
  byType: { id: 201, login: 'quiet-helper', type: 'Bot' },
  bySuffix: { id: 202, login: 'merger[bot]' },
  byLogin: { id: 203, login: 'Coveralls' },
  byId: { id: 49_699_333, login: 'updates' },
  /** Allowed by the configuration. */
  allowed: { id: 204, login: 'kind[bot]', type: 'Bot' },
  ghost: { id: 10_137, login: 'ghost' },
};

/** Everybody in turn, as they are called at that moment: people, bots, and who is gone. */
function account(serial: number, at: number): Account {
  const robots = Object.values(ROBOTS);
  const place = serial % (PEOPLE + robots.length);
  return robots[place - PEOPLE] ?? person(place, at);
}

function person(place: number, at: number): Account {
  const isLate = at > NOW - 100 * DAY;
  const id = place + 1;
  // One is renamed, one writes the login in other case, and a third one gives up theirs, which
  // a fourth one takes.
  if (id === 1) return { id, login: isLate ? 'ada-lovelace' : 'ada' };
  if (id === 2) return { id, login: isLate ? 'Bob' : 'bOB' };
  if (id === 3) return isLate ? person(4, at) : { id, login: 'cyd' };
  if (id === 4) return { id, login: isLate ? 'Cyd' : 'newcomer' };
  return { id, login: `person${id}` };
}

const iso = (at: number) => new Date(at).toISOString().replace('.000Z', 'Z');
const isTrimmed = (at: number) => at >= TRIMMED_FROM;

/** Events of one repository; now and then it is written in other case. */
function teller(repository: number) {
  const name = REPOSITORIES[repository] ?? '';
  let serial = 0;
  return (type: string, at: number, actor: Account, payload: AnyEvent) => {
    serial += 1;
    const repo = { id: 10 + repository, name: serial % 5 === 0 ? name.toUpperCase() : name };
    const { id, login } = actor;
    const envelope = { id: `${repository}${serial}`, actor: { id, login }, created_at: iso(at) };
    return archiveEvent({ ...envelope, repo, type, payload });
  };
}

type Tell = ReturnType<typeof teller>;

/** A pull request as either era has it. */
function pullOf(at: number, number: number, user: Account, more = {}) {
  return isTrimmed(at) ? { number } : { number, user, ...more };
}

/**
 * A pull request from its opening to its end, which may lie in the other era: reviews by others
 * and by its author, some told twice; merged by somebody else, not merged, or left open.
 */
function tellPull(tell: Tell, number: number, serial: number, start: number): AnyEvent[] {
  const author = (at: number) => account(serial * 3, at);
  const other = (at: number) => account(serial * 7 + 1, at);
  // Every fourth opening is told after all else, as the archive does with what it crawled late.
  const opened = serial % 4 === 0 ? start + 40 * HOUR : start;
  const [reviewed, ended] = [start + HOUR, start + 30 * HOUR];
  const pull = (at: number, more = {}) => pullOf(at, number, author(at), more);
  const review = (id: number, user: Account, at: number) =>
    tell('PullRequestReviewEvent', at, user, {
      action: 'created',
      review: { id, user, submitted_at: iso(at) },
      pull_request: pull(at),
    });
  const isMerged = serial % 3 !== 0;
  const trimmedEnd = isMerged ? 'merged' : 'closed';
  const lines = { additions: serial * 37, deletions: (serial * 11) % 90 };
  const merge = isMerged ? { merged: true, merged_at: iso(ended), ...lines } : { merged: false };
  const first = review(serial * 10, other(reviewed), reviewed);
  const dismissed = { action: 'dismissed', review: { id: serial * 10 + 2, user: other(reviewed) } };
  const events = [
    first,
    ...(serial % 6 === 0 ? [first] : []),
    review(serial * 10 + 1, author(reviewed + 60_000), reviewed + 60_000),
    tell('PullRequestReviewEvent', reviewed + 120_000, other(reviewed), {
      ...dismissed,
      pull_request: pull(reviewed),
    }),
    tell('PullRequestReviewCommentEvent', reviewed, other(reviewed), {
      action: serial % 7 === 0 ? 'edited' : 'created',
      comment: { id: serial * 10, user: other(reviewed), created_at: iso(reviewed) },
      pull_request: pull(reviewed),
    }),
  ];
  // Some were opened before there was an archive: of a trimmed merge nobody knows the author then.
  if (serial % 11 !== 0) {
    const payload = { action: 'opened', pull_request: pull(opened, { created_at: iso(start) }) };
    events.push(tell('PullRequestEvent', opened, author(opened), payload));
  }
  if (serial % 5 !== 0) {
    const action = isTrimmed(ended) ? trimmedEnd : 'closed';
    const payload = { action, pull_request: pull(ended, merge) };
    events.push(tell('PullRequestEvent', ended, other(ended), payload));
  }
  return events;
}

/** An issue with a comment; closed by another, opened again and closed by a third. */
function tellIssue(tell: Tell, number: number, serial: number, start: number): AnyEvent[] {
  const by = (place: number, at: number) => account(serial * 9 + place, at);
  const user = by(0, start);
  const issue = { number, user, created_at: iso(start) };
  const [commented, closed, again] = [start + HOUR, start + 2 * HOUR, start + 5 * HOUR];
  const comment = { id: serial, user: by(1, commented), created_at: iso(commented) };
  return [
    tell('IssuesEvent', start, user, { action: 'opened', issue }),
    tell('IssueCommentEvent', commented, comment.user, { action: 'created', issue, comment }),
    tell('IssueCommentEvent', commented + 1000, user, { action: 'edited', issue, comment }),
    ...[closed, again].map((at, place) => {
      const closedIssue = { ...issue, closed_at: iso(at) };
      return tell('IssuesEvent', at, by(2 + place, at), { action: 'closed', issue: closedIssue });
    }),
    tell('IssuesEvent', again - HOUR, user, { action: 'reopened', issue }),
  ];
}

/** A push, one of its commits pushed again by another, a release, a comment on a commit, a star. */
function tellRest(tell: Tell, serial: number, start: number): AnyEvent[] {
  const by = (at: number) => account(serial * 11, at);
  const ref = ['refs/heads/main', 'refs/heads/master', 'refs/heads/side'][serial % 3];
  const push = (at: number, numbers: number[]) => {
    const commits = numbers.map((n) => ({ sha: sha(serial * 10 + n), distinct: n !== 1 }));
    return isTrimmed(at) ? { ref } : { ref, commits };
  };
  const author = by(start);
  const comment = { id: serial, user: author, created_at: iso(start) };
  const isNamed = isTrimmed(start) ? { action: 'created' } : {};
  const release = { id: serial, author, published_at: iso(start) };
  return [
    tell('PushEvent', start, author, push(start, [0, 1, 2])),
    tell('PushEvent', start + HOUR, account(serial * 11 + 1, start), push(start + HOUR, [2, 3])),
    ...(serial % 4 === 0
      ? [tell('CommitCommentEvent', start, author, { ...isNamed, comment })]
      : []),
    ...(serial % 9 === 0
      ? [tell('ReleaseEvent', start, author, { action: 'published', release })]
      : []),
    tell('WatchEvent', start, author, { action: 'started' }),
  ];
}

/** The same small thing by four people: two at the same moment, two at others. */
function tellTies(tell: Tell): AnyEvent[] {
  const names = [
    [301, 'Zoe', 3],
    [302, 'zed', 3],
    [303, 'yan', 2],
    [304, 'xia', 5],
  ] as const;
  return names.map(([id, login, hours]) => {
    const at = NOW - hours * HOUR;
    const user = { id, login };
    const comment = { id: 1_000_000 + id, user, created_at: iso(at) };
    return tell('IssueCommentEvent', at, user, {
      action: 'created',
      issue: { number: 9 },
      comment,
    });
  });
}

/** Two comments around each edge of a period; the second is told later than it was made. */
function tellEdges(tell: Tell): AnyEvent[] {
  return [365, 90, 30, 7, 0].flatMap((days, place) =>
    [-1000, 0].map((by, side) => {
      const at = NOW - days * DAY + by;
      const user = { id: 310 + side, login: `edge${side}` };
      const comment = { id: 2_000_000 + place * 2 + side, user, created_at: iso(at) };
      const toldAt = Math.min(at + side * 5000, NOW - 500);
      const payload = { action: 'created', issue: { number: 9 }, comment };
      return tell('IssueCommentEvent', toldAt, user, payload);
    }),
  );
}

/** One with more lines than the bonus pays for. */
function tellBigMerge(tell: Tell): AnyEvent[] {
  const at = NOW - 20 * DAY;
  const user = { id: 320, login: 'generous' };
  const lines = { additions: 70_000, deletions: 4_321 };
  const pull = { number: 5_000, user, merged: true, merged_at: iso(at), ...lines };
  return [tell('PullRequestEvent', at, user, { action: 'closed', pull_request: pull })];
}

/** Closer and closer to now: as many stories in the last week as in the years before. */
function tellAll(): AnyEvent[] {
  const tellers = REPOSITORIES.map((_, repository) => teller(repository));
  const stories = Array.from({ length: 240 }, (_, index) => {
    const serial = index + 1;
    const back = (OLDEST - NOW + 50 * HOUR) / 1.035 ** serial;
    const start = Math.floor((NOW + back) / 1000) * 1000 - 42 * HOUR + serial * 7_000;
    const tell = tellers[((serial * serial) % 7) % 3] as Tell;
    return [
      ...tellPull(tell, 2 * serial + 1, serial, start),
      ...tellIssue(tell, 2 * serial + 2, serial, start + 600_000),
      ...tellRest(tell, serial, start + 900_000),
    ];
  });
  const tell = tellers[1] as Tell;
  return [...stories.flat(), ...tellTies(tell), ...tellEdges(tell), ...tellBigMerge(tell)];
}

interface Archive {
  readonly events: readonly AnyEvent[];
  readonly setup: Omit<PipelineSetup, 'archiveUrl'>;
  /** Who counts as a person although it looks like a bot. */
  readonly people: number[];
}

/** Runs the pipeline on what `write` writes, and compares the boards with those of its events. */
function describeBoards(name: string, write: (hours: string) => Promise<Archive>): void {
  describe(name, () => {
    let folder: string;
    let run: PipelineRun;
    let boards: Map<string, PlainEntry[]>;
    let expected: Map<string, PlainEntry[]>;

    beforeAll(async () => {
      folder = mkdtempSync(join(tmpdir(), 'leaderboard-own-hours-'));
      const hours = join(folder, 'hours');
      const { events, setup, people } = await write(hours);
      expected = plainScores(events, setup.repositories, setup.now, people);
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

    it('give every contributor the counts, score and rank of a plain computation', () => {
      for (const [board, entries] of expected) {
        expect([board, boards.get(board)]).toMatchObject([board, entries]);
      }
    });
  });
}

const PERIODS = ['all', 'year', 'quarter', 'month', 'week'];

/** The cases that the made-up events are for are in them, each in every period. */
function expectEveryCase(boards: Map<string, PlainEntry[]>): void {
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
  const events = tellAll();
  expectEveryCase(plainScores(events, REPOSITORIES, iso(NOW), [ROBOTS.allowed.id]));
  writeHourFiles(hours, events);
  const files = {
    'people.yaml': `bots: {allow: [${ROBOTS.allowed.id}]}\n`,
    'site.yaml': 'page_size: 10\n',
  };
  const options = { from: new Date(OLDEST) };
  const setup = { repositories: REPOSITORIES, now: iso(NOW), files, options };
  return { events, setup, people: [ROBOTS.allowed.id] };
});

describeBoards('five weeks of the sample', async (hours) => {
  const { window } = await generateSample({ ...SMALL, folder: hours });
  const repositories = SAMPLE_REPOSITORIES.map(({ owner, name }) => `${owner}/${name}`);
  const options = { from: window.from };
  const setup = { repositories, now: SMALL.now.toISOString(), options };
  return { events: readEvents(hours), setup, people: [] };
});
