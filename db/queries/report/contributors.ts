import { sql } from 'kysely';
import type { ContributionKind } from '../../../pipeline/domain/contribution-kinds.ts';
import type { Db } from '../../client.ts';
import { milliseconds, readJsonRows } from '../../json-rows.ts';
import type { StoredWeek } from '../../schema.ts';
import { accountsOf, firstContributions } from '../eligible-contributions.ts';

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

/** One of the last contributions of a person. */
export interface RecentContribution {
  readonly repository_id: number;
  readonly event_id: string;
  readonly kind: ContributionKind;
  /** Milliseconds since 1970. */
  readonly occurred_at: number;
  readonly subject_number: number | null;
  readonly title: string | null;
  readonly reference: string | null;
  readonly source: string;
}

type RecentValues = readonly [
  ...[number, number, string, ContributionKind, number],
  ...[number | null, string | null, string | null, string],
];

const RECENT_VALUES = [
  ...['user_id', 'repository_id', 'event_id', 'kind'].map((name) => sql.ref(`c.${name}`)),
  milliseconds(sql`c.occurred_at`),
  ...['subject_number', 'title', 'reference', 'source'].map((name) => sql.ref(`c.${name}`)),
];

/** The last contributions of each of the given people, newest first. */
export async function readRecentContributions(
  db: Db,
  userIds: readonly number[],
  now: Date,
  limit: number,
): Promise<Map<number, RecentContribution[]>> {
  const found = firstContributions(now, {
    chosen: accountsOf(userIds),
    where: sql`true`,
    order: sql`occurred_at DESC, repository_id, event_id COLLATE "C"`,
    limit,
  });
  const rows = await readJsonRows<RecentValues>(db, RECENT_VALUES, sql`FROM (${found}) AS c`);
  const wanted = new Set(userIds);
  const byPerson = Map.groupBy(
    rows.filter(([userId]) => wanted.has(userId)),
    ([userId]) => userId,
  );
  return new Map([...byPerson].map(([userId, rows]) => [userId, newest(rows, limit)]));
}

/** Somebody with several accounts has the last ones of each. */
function newest(rows: readonly RecentValues[], limit: number): RecentContribution[] {
  return rows
    .map(([, repository_id, event_id, kind, occurred_at, subject_number, ...texts]) => {
      const [title, reference, source] = texts;
      return {
        repository_id,
        event_id,
        kind,
        occurred_at,
        subject_number,
        title,
        reference,
        source,
      };
    })
    .sort(
      (a, b) =>
        b.occurred_at - a.occurred_at ||
        a.repository_id - b.repository_id ||
        (a.event_id < b.event_id ? -1 : 1),
    )
    .slice(0, limit);
}
