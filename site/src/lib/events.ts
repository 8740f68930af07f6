import { contributionUrl } from '../../../pipeline/published/contribution-url.ts';
import type {
  ContributorActivity,
  ContributorShard,
} from '../../../pipeline/published/documents.ts';
import { findInShard } from '../../../pipeline/published/shards.ts';
import type { SiteFacts } from './site.ts';

/** The contributions of a person, grouped for reading. Shared with the browser. */

export type Event = ContributorActivity['recent'][number];

/** Contributions of a day that are of the same kind, on the same issue or pull request. */
export interface EventLine {
  /** The latest of them. */
  readonly event: Event;
  readonly count: number;
  readonly points: number;
}

export interface EventDay {
  /** `YYYY-MM-DD`, UTC. */
  readonly day: string;
  readonly points: number;
  readonly lines: readonly EventLine[];
}

/** By day, newest first, as the contributions are. */
export function groupByDay(events: readonly Event[]): EventDay[] {
  const days = Map.groupBy(events, ({ occurred_at }) => occurred_at.slice(0, 10));
  return [...days].map(([day, own]) => ({ day, points: sumOf(own), lines: groupLines(own) }));
}

function groupLines(events: readonly Event[]): EventLine[] {
  const groups = Map.groupBy(events, (event) =>
    event.number === undefined ? event : `${event.kind} ${event.repository} ${event.number}`,
  );
  return [...groups.values()].flatMap((own) => {
    const [event] = own;
    return event ? [{ event, count: own.length, points: sumOf(own) }] : [];
  });
}

/** Points have at most three decimals, which binary fractions miss. */
const sumOf = (events: readonly Event[]): number =>
  Math.round(events.reduce((sum, { points }) => sum + points, 0) * 1000) / 1000;

type Scoring = Pick<SiteFacts['scoring'], 'base_points'>;

/** The contributions of a document by columns, as the last ones are listed: all, or so many from a place on. */
export function readEvents(
  { columns, repositories, kinds, sources, titles, server }: ContributorShard['contributions'],
  { base_points }: Scoring,
  { from = 0, count = columns.event_id.length }: { from?: number; count?: number } = {},
): Event[] {
  return columns.event_id.slice(from, from + count).flatMap((event_id, index) => {
    const place = from + index;
    const kind = kinds[columns.kind[place] ?? -1];
    if (!kind) return [];
    const repository = repositories[columns.repository[place] ?? -1] ?? '';
    const number = columns.number[place] || null;
    const title = columns.title[place] ?? null;
    const reference = columns.reference?.[place] ?? null;
    const address = { repository, event_id, subject_number: number, reference };
    return {
      ...{ repository, event_id, kind },
      occurred_at: new Date((columns.occurred_at[place] ?? 0) * 1000).toISOString(),
      points: base_points[kind],
      source: sources[columns.source[place] ?? -1] ?? '',
      url: server === null ? null : contributionUrl(address, server),
      ...(number !== null && { number }),
      title: title === null ? null : (titles[title] ?? null),
    };
  });
}

/** A person of a shard, by any case of the login, with the last contributions. */
export function readFromShard(shard: ContributorShard, login: string, scoring: Scoring) {
  const found = findInShard(shard, login);
  if (!found) return null;
  const { own, from } = found;
  const recent = readEvents(shard.contributions, scoring, { from, count: own.contributions });
  return { ...own, recent };
}
