import { sql } from 'kysely';
import type { ContributionKind } from '../../../pipeline/domain/contribution-kinds.ts';
import type { Db } from '../../client.ts';
import { milliseconds, readJsonRows } from '../../json-rows.ts';
import type { StoredWeek } from '../../schema.ts';
import { accountsOf, firstContributions } from '../eligible-contributions.ts';
import { GLOBAL_BOARD } from '../leaderboards.ts';

/** In how many weeks each person did something. */
export async function readWeekCounts(db: Db): Promise<Map<number, number>> {
  const rows = await readJsonRows<[number, number]>(
    db,
    [sql`user_id`, sql`json_array_length(weeks)`],
    sql`FROM contributor_weeks`,
  );
  return new Map(rows);
}

/** Contributions of the given people by week and kind, as of the last calculation. */
export async function readContributorWeeks(
  db: Db,
  userIds: readonly number[],
): Promise<Map<number, StoredWeek[]>> {
  const rows = await readJsonRows<[number, StoredWeek[]]>(
    db,
    [sql`user_id`, sql`weeks`],
    sql`FROM contributor_weeks WHERE user_id = any(${userIds}::bigint[])`,
  );
  return new Map(rows);
}

/** A contribution of a person. */
export interface OwnContribution {
  readonly repository_id: number;
  readonly event_id: string;
  readonly kind: ContributionKind;
  /** Milliseconds since 1970. */
  readonly occurred_at: number;
  readonly subject_number: number | null;
  /** Of a review or a comment: that of its issue or pull request, where it is known. */
  readonly title: string | null;
  readonly reference: string | null;
  readonly source: string;
}

type Values = readonly [
  ...[number, number, string, ContributionKind, number],
  ...[number | null, string | null, string | null, string],
];

const VALUES = [
  ...['user_id', 'repository_id', 'event_id', 'kind'].map((name) => sql.ref(`c.${name}`)),
  milliseconds(sql`c.occurred_at`),
  sql.ref('c.subject_number'),
  sql`coalesce(c.title, thread.title)`,
  ...['reference', 'source'].map((name) => sql.ref(`c.${name}`)),
];

/**
 * The issue or pull request that `c` belongs to, where `c` itself has no title. What an account that
 * opted out has written is shown nowhere.
 */
const thread = sql`LEFT JOIN LATERAL (
  SELECT t.title FROM contribution_events t
  WHERE c.title IS NULL AND c.subject_number IS NOT NULL AND t.title IS NOT NULL
    AND t.repository_id = c.repository_id AND t.event_id IN
      ('pr:' || c.subject_number || ':opened', 'issue:' || c.subject_number || ':opened')
    AND NOT EXISTS (
      SELECT FROM github_users author WHERE author.github_id = t.user_id AND author.is_opted_out)
  LIMIT 1) AS thread ON true`;

/** All contributions of each of the given people, newest first. */
export async function readContributions(
  db: Db,
  userIds: readonly number[],
  now: Date,
): Promise<Map<number, OwnContribution[]>> {
  const found = firstContributions(now, {
    chosen: accountsOf(userIds),
    where: sql`true`,
    order: sql`occurred_at DESC`,
    limit: null,
  });
  const rows = await readJsonRows<Values>(db, VALUES, sql`FROM (${found}) AS c ${thread}`);
  const wanted = new Set(userIds);
  const byPerson = Map.groupBy(
    rows.filter(([userId]) => wanted.has(userId)),
    ([userId]) => userId,
  );
  return new Map([...byPerson].map(([userId, own]) => [userId, newestFirst(own)]));
}

/** They come account by account, and somebody may have several. */
function newestFirst(rows: readonly Values[]): OwnContribution[] {
  return rows
    .map(([, repository_id, event_id, kind, occurred_at, subject_number, ...texts]) => {
      const [title, reference, source] = texts;
      return {
        ...{ repository_id, event_id, kind, occurred_at, subject_number },
        ...{ title, reference, source },
      };
    })
    .sort(
      (a, b) =>
        b.occurred_at - a.occurred_at ||
        a.repository_id - b.repository_id ||
        (a.event_id < b.event_id ? -1 : 1),
    );
}

/** The boards of all repositories whose ranks by week a person's documents have. */
export const RANKED_PERIODS = ['all', 'month'] as const;

/** A rank on the board of all repositories on a day: person, period, day and rank. */
export type PastPlace = readonly [number, (typeof RANKED_PERIODS)[number], string, number];

/** Who was among the first on the boards of all repositories on some days (UTC dates). */
export function readPastPlaces(
  db: Db,
  days: readonly string[],
  most: number,
): Promise<PastPlace[]> {
  return readJsonRows<PastPlace>(
    db,
    [sql`user_id`, sql`period`, sql`to_char(taken_on, 'YYYY-MM-DD')`, sql`rank`],
    sql`FROM leaderboard_snapshots
      WHERE repository_id = ${sql.lit(GLOBAL_BOARD)} AND period IN (${sql.join(RANKED_PERIODS)})
        AND taken_on = ANY(${days}::date[]) AND rank <= ${most}`,
  );
}
