import type { Db } from '../../db/client.ts';
import { CONFIG_SCHEMAS, type Config, type ConfigName } from '../../pipeline/config/schema.ts';
import type { Account } from '../../pipeline/domain/contribution.ts';
import { eventIds } from '../../pipeline/domain/contribution.ts';
import type { ContributionKind } from '../../pipeline/domain/contribution-kinds.ts';
import type { Log } from '../../pipeline/util/log.ts';
import type { Fact, Kind } from './oracle.ts';

/**
 * The invented community: its clock, its people and their activity, and the functions that put
 * repositories, people and contributions into a database.
 */

const DAY_MS = 86_400_000;

export const NOW = new Date('2026-03-15T02:00:00.000Z');

export const quiet: Log = { info: () => {}, warn: () => {}, error: () => {} };

/** The shipped configuration with changes, given as in the YAML files. */
export function configOf(changes: Partial<Record<ConfigName, unknown>> = {}): Config {
  const parse = <N extends ConfigName>(name: N) => CONFIG_SCHEMAS[name].parse(changes[name] ?? {});
  return {
    repositories: [],
    organisations: [],
    weights: parse('weights') as Config['weights'],
    budget: parse('budget') as Config['budget'],
    pipeline: parse('pipeline') as Config['pipeline'],
    people: parse('people') as Config['people'],
    site: parse('site') as Config['site'],
  };
}

/** Moments before the clock of the tests. */
export function ago(days: number, milliseconds = 0): Date {
  return new Date(NOW.getTime() - days * DAY_MS - milliseconds);
}

/**
 * The people whom tests name, each with one id and one login in all of them. The golden documents
 * hold the ids of the first seven and of `onlyLogin`.
 */
export const PEOPLE = {
  ada: { id: 1, login: 'ada', type: 'User' },
  bob: { id: 2, login: 'Bob', type: 'User' },
  cyd: { id: 3, login: 'cyd', type: 'User' },
  adaAtWork: { id: 4, login: 'ada-at-work', type: 'User' },
  gone: { id: 5, login: 'gone', type: 'User' },
  quietOne: { id: 6, login: 'quiet-one', type: 'User' },
  helper: { id: 7, login: 'helper[bot]', type: 'Bot' },
  /** Of this account only the login is known. */
  onlyLogin: { id: -1, login: 'only.login', type: 'User' },
  ben: { id: 8, login: 'ben', type: 'User' },
  dan: { id: 9, login: 'dan', type: 'User' },
  eve: { id: 10, login: 'eve', type: 'User' },
  imported: { id: 11, login: 'imported', type: 'Mannequin' },
  guild: { id: 12, login: 'guild', type: 'Organization' },
  dependabot: { id: 49_699_333, login: 'dependabot[bot]', type: 'Bot' },
} as const;

/** The ids of the crowd begin here, after those of the people with a name in `PEOPLE`. */
const FIRST_ID = 1001;

/** One of the crowd of the site's documents. */
export interface Person {
  readonly id: number;
  readonly login: string;
  readonly name: string | null;
}

/** The activity of one person in one repository in one week; week 0 is the newest. */
export interface Activity {
  readonly person: Person;
  readonly repository: string;
  readonly week: number;
  readonly counts: Readonly<Partial<Record<Kind, number>>>;
  readonly added: number;
  readonly deleted: number;
}

export const REPOSITORIES = ['meadow/garden', 'meadow/next.js', 'Tools-Co/shed'] as const;

/** A login that GitHub would refuse: a board must show it as text, and it has no page. */
export const HOSTILE_LOGIN = '<script>alert(1)</script>';
export const HOSTILE_NAME = '"><img src=x onerror=alert(2)>';

const SPECIAL: readonly (readonly [string, string | null])[] = [
  ['rosa-field', 'Rosa Field'],
  ['tied-one', 'Tied One'],
  ['tied-two', 'Tied Two'],
  ['xu', '李小龍'],
  ['zoe_mueller', 'Zoë Müller-Größe'],
  ['salma', 'سلمى الحسن'],
  ['nameless', null],
  ['hostile-name', HOSTILE_NAME],
  [HOSTILE_LOGIN, '</script><script>alert(3)</script>'],
  ['long-name', `Wolfeschlegelsteinhausenbergerdorff${'-welche'.repeat(9)}`],
  ['emoji', '🌻🌻 Sunny 🌻🌻'],
];

const FIRST = [
  'Ada',
  'Bo',
  'Cleo',
  'Dag',
  'Eli',
  'Fay',
  'Gil',
  'Hana',
  'Ivo',
  'June',
  'Kai',
  'Lea',
];
const LAST = [
  'Ash',
  'Birch',
  'Cedar',
  'Dale',
  'Elm',
  'Fern',
  'Glen',
  'Heath',
  'Ivy',
  'Lake',
  'Moss',
];

/** The people with unusual names first, then usual ones up to the given number. */
export function inventPeople(size: number): Person[] {
  return Array.from({ length: size }, (_, index) => {
    const special = SPECIAL[index];
    if (special) return { id: FIRST_ID + index, login: special[0], name: special[1] };
    const first = FIRST[index % FIRST.length] as string;
    const last = LAST[index % LAST.length] as string;
    return {
      id: FIRST_ID + index,
      login: `${first}-${last}-${index}`.toLowerCase(),
      name: `${first} ${last}`,
    };
  });
}

/** Numbers from 0 to 1, the same ones for the same seed (mulberry32). */
export function createRng(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

/** Contributions a week of a person of average energy. */
const WEEKLY_RATES: Readonly<Record<Kind, number>> = {
  RELEASE: 0.05,
  PR_MERGED: 1.6,
  PR_REVIEWED: 1.2,
  PR_OPENED: 2,
  COMMIT: 6,
  ISSUE_OPENED: 1,
  ISSUE_CLOSED: 0.8,
  PR_REVIEW_COMMENT: 2,
  COMMENT: 4,
};

function inventWeek(
  random: () => number,
  energy: number,
): Pick<Activity, 'counts' | 'added' | 'deleted'> {
  const counts: Partial<Record<Kind, number>> = {};
  for (const [kind, rate] of Object.entries(WEEKLY_RATES) as [Kind, number][]) {
    const count = Math.floor(rate * energy * random() * 2 + random() * 0.6);
    if (count > 0) counts[kind] = count;
  }
  if (Object.keys(counts).length === 0) counts.COMMENT = 1;
  const lines = Math.floor((counts.PR_MERGED ?? 0) * random() * 400);
  return { counts, added: lines, deleted: Math.floor(lines * random() * 0.6) };
}

/** Two years of activity. The first people are the busiest; the two called "tied" do the same. */
export function inventActivities(people: readonly Person[]): Activity[] {
  const activities: Activity[] = [];
  for (const person of people) {
    const seed = person.login === 'tied-two' ? 2 : person.id - FIRST_ID + 1;
    const random = createRng(seed);
    const energy = Math.max(0.05, 1.2 / Math.sqrt(seed));
    const busy = Math.max(0.02, energy * 0.6);
    for (const repository of REPOSITORIES) {
      // Nobody worked on the shed for 20 weeks: its newest boards are empty.
      const newest = repository === 'Tools-Co/shed' ? 20 : seed % 12;
      for (let week = newest; week < 110; week++) {
        const first = week === newest && repository === 'meadow/garden';
        if (!first && random() > busy) continue;
        activities.push({ person, repository, week, ...inventWeek(random, energy) });
      }
    }
  }
  return activities;
}

/** The Monday on which a week begins; week 0 is that of `now`. */
export function weekStart(now: Date, week: number): Date {
  const monday = now.getTime() - ((now.getUTCDay() + 6) % 7) * DAY_MS;
  return new Date(new Date(monday - week * 7 * DAY_MS).setUTCHours(0, 0, 0, 0));
}

/** The activities as facts for the oracle, each dated at the beginning of its week. */
export function factsOf(activities: readonly Activity[], now: Date): Fact[] {
  return activities.flatMap(({ person, repository, week, counts, added, deleted }) =>
    (Object.entries(counts) as [Kind, number][]).map(([kind, count]) => ({
      repository,
      user: person.id,
      kind,
      at: weekStart(now, week),
      subject: null,
      added: kind === 'PR_MERGED' ? added : 0,
      deleted: kind === 'PR_MERGED' ? deleted : 0,
      count,
    })),
  );
}

export async function addRepository(
  db: Db,
  owner: string,
  name: string,
  columns: { status?: 'PENDING' | 'ACTIVE' | 'FAILED' | 'ARCHIVED'; dataUntil?: Date } = {},
): Promise<number> {
  const row = await db
    .insertInto('repositories')
    .values({
      owner,
      name,
      status: columns.status ?? 'ACTIVE',
      data_until: columns.dataUntil ?? null,
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  return row.id;
}

export async function addUser(
  db: Db,
  id: number,
  login: string,
  columns: { type?: Account['type']; displayName?: string | undefined } = {},
): Promise<void> {
  await db
    .insertInto('github_users')
    .values({
      github_id: id,
      login,
      type: columns.type ?? 'User',
      display_name: columns.displayName ?? null,
    })
    .execute();
}

export interface Facts {
  readonly at?: Date;
  /** Number of the issue or pull request; default: an unused one. */
  readonly subject?: number;
  readonly added?: number;
  readonly deleted?: number;
  readonly source?: string;
  /** The number of the first; default: an unused one. */
  readonly from?: number;
}

let serial = 1000;

/** The natural key of a contribution with a serial number. */
function eventIdOf(kind: ContributionKind, n: number): string {
  const ids: Record<ContributionKind, string> = {
    RELEASE: eventIds.release(n),
    PR_MERGED: eventIds.pullRequestMerged(n),
    PR_REVIEWED: eventIds.review(n),
    PR_OPENED: eventIds.pullRequestOpened(n),
    COMMIT: eventIds.commit(n.toString(16).padStart(40, '0')),
    ISSUE_OPENED: eventIds.issueOpened(n),
    ISSUE_CLOSED: eventIds.issueClosed(n),
    PR_REVIEW_COMMENT: eventIds.reviewComment(n),
    COMMENT: eventIds.comment(n),
  };
  return ids[kind];
}

/** Kinds whose key is the number of their issue or pull request; others have an id of their own. */
function numbersSubject(kind: ContributionKind): boolean {
  return /^(PR_OPENED|PR_MERGED|ISSUE_)/.test(kind);
}

/** Adds `count` contributions of a kind. */
export async function contribute(
  db: Db,
  repositoryId: number,
  userId: number | null,
  kind: ContributionKind,
  count = 1,
  facts: Facts = {},
): Promise<void> {
  const rows = Array.from({ length: count }, (_, index) => {
    serial += 1;
    const number = facts.from === undefined ? serial : facts.from + index;
    return {
      repository_id: repositoryId,
      event_id: eventIdOf(kind, numbersSubject(kind) ? (facts.subject ?? number) : number),
      kind,
      user_id: userId,
      occurred_at: facts.at ?? ago(1),
      subject_number: facts.subject ?? (numbersSubject(kind) ? number : null),
      lines_added: facts.added ?? null,
      lines_deleted: facts.deleted ?? null,
      source: facts.source ?? 'github',
    };
  });
  await db.insertInto('contribution_events').values(rows).execute();
}
