import type { Entry } from '../../pipeline/published/documents.ts';

/** An entry of a board without what only boards have. */
export type RankedEntry = Omit<Entry, 'delta_7d' | 'trend'>;

import { contributionUrl } from '../../pipeline/published/contribution-url.ts';
import * as published from '../../pipeline/published/documents.ts';
import { type Activity, weekStart } from './community.ts';
import type { Add } from './documents.ts';
import { BASE_POINTS, type Kind } from './oracle.ts';
import { UNKNOWN, unknownOf } from './unknown-kinds.ts';

/** The three documents of one contributor. */
export interface ContributorInput {
  readonly entry: RankedEntry;
  readonly own: readonly Activity[];
  readonly boards: readonly (readonly [string, readonly RankedEntry[]])[];
  readonly repositoryBoards: readonly (readonly [string, readonly RankedEntry[]])[];
  readonly now: Date;
  readonly sample: boolean;
}

export function buildContributor(add: Add, input: ContributorInput): void {
  const { username } = input.entry;
  add(`contributors/${username}.json`, published.contributorSchema, describe(input));
  add(`contributors/${username}/repositories.json`, published.contributorRepositoriesSchema, {
    username,
    repositories: listRepositories(input),
  });
  const older = addOlder(add, username, listEvents(input).slice(100), input.sample);
  add(`contributors/${username}/activity.json`, published.contributorActivitySchema, {
    username,
    weeks: buildWeeks(input),
    unknown: unknownIntervals(input.sample),
    ...buildRecent(input),
    ...(older > 0 && { older_parts: older }),
  });
}

/** The document of a person without a page, the part of a shard, and the contributions in it. */
export function buildWithoutPage(add: Add, input: ContributorInput) {
  const { username } = input.entry;
  add(`contributors/${username}.json`, published.contributorSchema, describe(input));
  const places = input.boards.flatMap(([period, entries]) => {
    const place = entries.findIndex((other) => other.username === username);
    return place < 0 ? [] : [[period, place + 1]];
  });
  const { recent, ...more } = buildRecent(input);
  const person = {
    username,
    places: Object.fromEntries(places),
    repositories: listRepositories(input).map(thinOut),
    ...(listEvents(input).length > recent.length && { weeks: buildWeeks(input) }),
    contributions: recent.length,
    ...more,
  };
  return { person, recent };
}

export const unknownIntervals = (sample: boolean) =>
  sample ? [] : [{ from: UNKNOWN.from, to: UNKNOWN.to, kinds: UNKNOWN.kinds }];

function listRepositories({ entry, repositoryBoards, sample }: ContributorInput): object[] {
  return repositoryBoards.flatMap(([repository, entries]) => {
    const own = entries.find((other) => other.username === entry.username);
    if (!own) return [];
    const unknown_kinds = unknownOf(sample, repository, 'all');
    return [{ repository, ...withoutPerson(own), unknown_kinds }];
  });
}

/** Without what is 0 or null, and what is not known of a repository, as shards have it. */
function thinOut(value: object): object {
  return Object.fromEntries(
    Object.entries(value)
      .filter(([name, part]) => part !== 0 && part !== null && name !== 'unknown_kinds')
      .map(([name, part]) => [name, name === 'points' ? thinOut(part) : part]),
  );
}

function describe({ entry, boards, sample }: ContributorInput): object {
  const { username, github_id, display_name, avatar_url, profile_url } = entry;
  const person = { username, github_id, display_name, avatar_url, profile_url };
  const periods = boards.flatMap(([period, entries]) => {
    const own = entries.find((other) => other.username === username);
    if (!own) return [];
    const unknown_kinds = unknownOf(sample, 'global', period);
    const movement = movementOf(own);
    return [[period, { ...withoutPerson(own), total: entries.length, unknown_kinds, movement }]];
  });
  const contributor = { ...person, company: 'Meadow & <Sons>', location: 'Göttingen' };
  return { contributor, periods: Object.fromEntries(periods) };
}

/** All that was done is new or late; half a point was lost, and who is ahead or behind is counted. */
function movementOf({ total_score, rank, previous_rank }: RankedEntry): published.Movement {
  const parts = { own_work: total_score - 1.5, late_data: 2, corrections: -0.5 };
  const fell = rank - (previous_rank ?? 0);
  const people = { passed: Math.max(0, 2 - fell), passed_by: Math.max(2, fell) };
  const since = '2025-11-13';
  return { since, previous_score: 0, parts, ...(previous_rank !== null && { people }) };
}

function withoutPerson(entry: RankedEntry) {
  const { username, github_id, display_name, avatar_url, profile_url, ...numbers } = entry;
  return numbers;
}

function buildWeeks({ own, now }: ContributorInput): object[] {
  const byWeek = [...Map.groupBy(own, ({ week }) => week).entries()].sort(([a], [b]) => b - a);
  return byWeek.map(([week, activities]) => {
    const counts: Partial<Record<Kind, number>> = {};
    for (const activity of activities)
      for (const [kind, count] of Object.entries(activity.counts) as [Kind, number][])
        counts[kind] = (counts[kind] ?? 0) + count;
    const total = Object.values(counts).reduce((sum, count) => sum + count, 0);
    return { week: weekStart(now, week).toISOString().slice(0, 10), total, counts };
  });
}

/** Titles that a page must show as text: HTML, text that is turned around, and none. */
const TITLES = [
  'Water the roses <script>alert(5)</script>',
  '\u202eevil\u202c \u05e9\u05dc\u05d5\u05dd',
  null,
  '"><img src=x onerror=alert(6)> &amp; `code`',
];

const EVENT_IDS: Readonly<Record<Kind, string>> = {
  COMMIT: 'commit:{id}',
  PR_OPENED: 'pr:{id}:opened',
  PR_MERGED: 'pr:{id}:merged',
  PR_REVIEWED: 'review:{id}',
  PR_REVIEW_COMMENT: 'review_comment:{id}',
  ISSUE_OPENED: 'issue:{id}:opened',
  ISSUE_CLOSED: 'issue:{id}:closed',
  COMMENT: 'comment:{id}',
  RELEASE: 'release:{id}',
};

/** Every contribution, the latest first, each dated at the beginning of its week. */
function listEvents({ own, now, sample }: ContributorInput): Event[] {
  const newest = own.toSorted((a, b) => a.week - b.week);
  return newest.flatMap((activity, index) =>
    (Object.entries(activity.counts) as [Kind, number][]).flatMap(([kind, count], place) =>
      Array.from({ length: count }, (_, nth) => {
        const { repository } = activity;
        const event_id = EVENT_IDS[kind].replace('{id}', `${index + 1}${place}${nth + 100}`);
        const number = kind === 'COMMENT' ? index + 1 : null;
        const address = { repository, event_id, subject_number: number, reference: null };
        return {
          ...{ repository, event_id, kind },
          occurred_at: weekStart(now, activity.week).toISOString(),
          points: BASE_POINTS[kind],
          source: activity.week < 3 ? 'github' : 'gharchive',
          title: TITLES[place % TITLES.length] ?? null,
          url: sample ? null : contributionUrl(address, 'https://github.com'),
          ...(number !== null && { number }),
        };
      }),
    ),
  );
}

type Event = published.ContributorActivity['recent'][number];

/** The last ones, and what else an activity has. */
function buildRecent(input: ContributorInput) {
  const events = listEvents(input);
  const { now } = input;
  const from = weekStart(now, 52);
  const days = Map.groupBy(
    events.filter(({ occurred_at }) => Date.parse(occurred_at) >= from.getTime()),
    ({ occurred_at }) => Math.round((Date.parse(occurred_at) - from.getTime()) / 86_400_000),
  );
  const sorted = [...days].sort(([a], [b]) => a - b);
  const date = (moment: Date) => moment.toISOString().slice(0, 10);
  return {
    recent: events.slice(0, 100),
    ...(sorted.length > 0 && {
      days: {
        from: date(from),
        at: sorted.map(([day]) => day),
        counts: sorted.map(([, own]) => own.length),
      },
    }),
    ranks: { from: date(weekStart(now, 3)), all: [9, 0, 5], month: [30, 12, 2] },
    milestones: [
      { kind: 'PR_MERGED', nth: 1, on: '2025-06-02' },
      { kind: null, nth: 100, on: '2025-05-05' },
    ],
  };
}

/** The documents of what came before the last 100, by columns. */
function addOlder(add: Add, username: string, events: readonly Event[], sample: boolean): number {
  const parts = Math.ceil(events.length / 2_000);
  for (let part = 1; part <= parts; part++) {
    const rows = events.slice((part - 1) * 2_000, part * 2_000);
    add(`contributors/${username}/events/${part}.json`, published.contributorEventsSchema, {
      ...{ username, part, parts, ...toColumns(rows, sample) },
    });
  }
  return parts;
}

/** Contributions by columns. */
export function toColumns(rows: readonly Event[], sample: boolean) {
  const lists = (values: readonly (string | null)[]) =>
    [...new Set(values)].filter((v) => v !== null);
  const repositories = lists(rows.map((row) => row.repository));
  const kinds = lists(rows.map((row) => row.kind)) as Kind[];
  const sources = lists(rows.map((row) => row.source));
  const titles = lists(rows.map((row) => row.title));
  return {
    ...{ repositories, kinds, sources, titles },
    server: sample ? null : 'https://github.com',
    columns: {
      event_id: rows.map((row) => row.event_id),
      repository: rows.map((row) => repositories.indexOf(row.repository)),
      kind: rows.map((row) => kinds.indexOf(row.kind)),
      source: rows.map((row) => sources.indexOf(row.source)),
      occurred_at: rows.map((row) => Date.parse(row.occurred_at) / 1000),
      number: rows.map((row) => row.number ?? 0),
      title: rows.map(({ title }) => (title === null ? null : titles.indexOf(title))),
    },
  };
}
