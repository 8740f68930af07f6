import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { mondayOf } from '../../../pipeline/domain/time.ts';
import { DAY_COLUMNS, DOWNLOADS } from '../../../pipeline/published/downloads.ts';
import { DEFAULT_DATA } from '../../options.ts';
import type { WholeBoard } from '../lib/boards.ts';
import { readIndex } from '../lib/documents.ts';
import { DAY_MS, dateOf, formatCount, formatDay, plural } from '../lib/format.ts';
import { firstPath } from '../lib/paths.ts';
import type { Scope } from '../lib/site.ts';
import { href, publishedUrl } from '../lib/urls.ts';
import { type Feed, type FeedEntry, tagUri } from './feed.ts';
import { monthEntries } from './month-files.ts';
import { scopeFeed } from './paths.ts';

/** The feed of the site or of a repository: an entry for each week that is over, and of the site each closed month. */

const WEEKS = 12;
/** Newcomers that are named. */
const NAMED = 30;
/** The busiest of a week that are named. */
const BUSIEST = 3;

/** @param board of all time */
export function scopeFeedOf(board: WholeBoard): Feed {
  const { title, url, data_until, generated_at, sample } = readIndex();
  const until = data_until ?? generated_at;
  const name = board.scope === 'global' ? title : `${board.scope} · ${title}`;
  const page = publishedUrl(href(firstPath(board.scope)));
  const newcomers = listNewcomers(board);
  const thisWeek = mondayOf(new Date(until));
  const weeks = Array.from({ length: WEEKS }, (_, place) => thisWeek - 7 * (place + 1));
  const counts = readWeeks(board.scope);
  const busiest = listBusiest(board, weeks);
  return {
    title: sample ? `${name} (sample data)` : name,
    page,
    self: publishedUrl(href(scopeFeed(board.scope))),
    author: title,
    made: until,
    entries: byTime([
      ...(board.scope === 'global' ? monthEntries() : []),
      ...weeks.flatMap((monday) => {
        const names = newcomers.get(monday) ?? [];
        const count = counts.get(dateOf(monday * DAY_MS)) ?? 0;
        return count + names.length > 0
          ? [
              describeWeek(
                board.scope,
                { monday, count, names, busy: busiest(monday) },
                { url, page },
              ),
            ]
          : [];
      }),
    ]),
  };
}

const byTime = (entries: readonly FeedEntry[]): FeedEntry[] =>
  entries.toSorted((a, b) => Date.parse(b.updated) - Date.parse(a.updated));

interface Week {
  /** Its Monday, days since 1970. */
  readonly monday: number;
  readonly count: number;
  /** Who contributed for the first time. */
  readonly names: readonly string[];
  /** Who did the most, in words. */
  readonly busy: string;
}

function describeWeek(
  scope: string,
  { monday, count, names, busy }: Week,
  { url, page }: { readonly url: string; readonly page: string },
): FeedEntry {
  const [from, to] = [dateOf(monday * DAY_MS), dateOf((monday + 6) * DAY_MS)];
  const facts = [
    ...(count > 0 ? [plural(count, 'contribution')] : []),
    ...(names.length > 0 ? [plural(names.length, 'newcomer')] : []),
  ].join(', ');
  const more = names.length > NAMED ? ` and ${names.length - NAMED} more` : '';
  return {
    id: tagUri(url, from, `${scope}/week`),
    title: `${formatDay(from)} – ${formatDay(to)}: ${facts}`,
    link: page,
    updated: new Date((monday + 7) * DAY_MS).toISOString(),
    text: [
      busy,
      names.length > 0
        ? `New in this week: ${names.slice(0, NAMED).join(', ')}${more}.`
        : `${facts}, nobody for the first time.`,
    ]
      .filter((sentence) => sentence !== '')
      .join(' '),
  };
}

/**
 * A sentence about those who contributed the most in a week; empty where nobody did. The last week of
 * a trend is the one that goes on.
 * @param weeks Mondays (days since 1970), the newest first, from the week before that one
 */
function listBusiest(
  { shards, unknownKinds }: WholeBoard,
  weeks: readonly number[],
): (monday: number) => string {
  const label = unknownKinds.length > 0 ? 'Busiest, of what is known' : 'Busiest';
  const people = shards.flatMap(({ columns }) =>
    columns.username.map((login, row) => ({ login, trend: columns.trend?.[row] ?? [] })),
  );
  return (monday) => {
    const ago = weeks.indexOf(monday) + 2;
    const busy = people
      .flatMap(({ login, trend }) => {
        const count = trend.at(-ago) ?? 0;
        return count > 0 ? [{ login, count }] : [];
      })
      .toSorted((a, b) => b.count - a.count || (a.login < b.login ? -1 : 1))
      .slice(0, BUSIEST);
    if (busy.length === 0) return '';
    return `${label}: ${busy.map(({ login, count }) => `${login} (${formatCount(count)})`).join(', ')}.`;
  };
}

/** Logins by the Monday (days since 1970) of the week in which they contributed for the first time. */
function listNewcomers({ shards }: WholeBoard): ReadonlyMap<number, string[]> {
  const people = shards.flatMap(({ columns }) =>
    columns.username.map((login, row) => ({
      login,
      day: columns.first_contribution_day?.[row] ?? 0,
    })),
  );
  const byWeek = Map.groupBy(people, ({ day }) => mondayOf(new Date(day * DAY_MS)));
  return new Map([...byWeek].map(([week, own]) => [week, own.map(({ login }) => login)]));
}

/** Contributions by week (its Monday, `YYYY-MM-DD`), of each repository and of all together. */
type Weeks = ReadonlyMap<string, number>;

let kept: ReadonlyMap<Scope, Weeks> | undefined;

/** Summed up from the published counts by day; empty where they were never written. */
function readWeeks(scope: Scope): Weeks {
  kept ??= sumUp();
  return kept.get(scope) ?? new Map();
}

function sumUp(): Map<Scope, Map<string, number>> {
  const file = join(process.env.SITE_DATA ?? DEFAULT_DATA, 'api/v1', DOWNLOADS.days);
  const scopes = new Map<Scope, Map<string, number>>([['global', new Map()]]);
  if (!existsSync(file)) return scopes;
  // Names of repositories, days and whole numbers: no field of this table is ever quoted.
  const lines = readFileSync(file, 'utf8').split('\r\n').slice(1);
  for (const line of lines) {
    const [repository = '', day = '', ...counts] = line.split(',');
    if (counts.length !== DAY_COLUMNS.length - 2) continue;
    const week = dateOf(mondayOf(new Date(day)) * DAY_MS);
    const sum = counts.reduce((total, count) => total + Number(count), 0);
    const own = scopes.get(repository) ?? new Map<string, number>();
    scopes.set(repository, own);
    for (const weeks of [own, scopes.get('global')]) weeks?.set(week, (weeks.get(week) ?? 0) + sum);
  }
  return scopes;
}
