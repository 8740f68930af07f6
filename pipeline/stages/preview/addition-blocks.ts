import { number } from './board-blocks.ts';
import type { Block, Text } from './render-blocks.ts';
import type { Additions, HistoryPrice, NewRepository } from './report.ts';

/** What a preview shows of new repositories. */

export function additionsBlock(additions: Additions | null): Block[] {
  if (!additions) return [];
  const { repositories, not_shown, unasked, github, bigquery } = additions;
  const lines: Text[] = [
    ...notShown(not_shown),
    ...(unasked > 0 ? [`GitHub was not asked about ${number(unasked)} more`] : []),
    ...(github ? [describeReading(github)] : []),
    ...(repositories.length > 0 ? [describePrice(bigquery)] : []),
  ];
  if (lines.length === 0) return [];
  return [
    {
      title: 'New repositories on GitHub',
      lines,
      ...(repositories.length > 0 && { table: tableOf(repositories.slice(0, LISTED)) }),
    },
  ];
}

/** Most repositories of a table, and names of a line. */
const LISTED = 50;

function notShown(names: readonly string[]): Text[] {
  if (names.length === 0) return [];
  const shown = names
    .slice(0, LISTED)
    .flatMap((name, place) => [...(place > 0 ? [', '] : []), { name }]);
  const more = names.length > LISTED ? ` and ${number(names.length - LISTED)} more` : '';
  return [['GitHub does not show these (misspelt, deleted, or private): ', ...shown, more]];
}

/** `40 s`, `12 min`, `3.5 h` */
function duration(seconds: number): string {
  if (seconds < 90) return `${number(seconds)} s`;
  const minutes = seconds / 60;
  return minutes < 90 ? `${number(Math.round(minutes))} min` : `${(minutes / 60).toFixed(1)} h`;
}

function describeReading({
  points,
  seconds,
  nights,
  complete_on,
}: NonNullable<Additions['github']>) {
  return (
    `Reading them the first time takes at most ${number(points)} points of GitHub's rate limit and ` +
    `some ${duration(seconds)}, without their comments, which GitHub does not count: ` +
    `${nights === 1 ? '1 night' : `${number(nights)} nights`}, complete by ${complete_on}`
  );
}

const usd = (amount: number) => `${amount.toFixed(2)} USD`;

function describePrice(price: HistoryPrice | null): string {
  if (!price) return `BigQuery is not used: ${usd(0)}`;
  const { days, bytes, left_today_usd, left_this_month_usd, complete_on } = price;
  if (days === 0) return `BigQuery has nothing that is worth its price: ${usd(0)}`;
  return (
    `BigQuery reads ${number(days)} days for all of them together: some ${(bytes / 1e12).toFixed(2)} TB, ` +
    `${usd(price.usd)} (estimated; a dry run has the exact price); ${usd(left_today_usd)} of today and ` +
    `${usd(left_this_month_usd)} of this month are left: ` +
    (complete_on ? `complete by ${complete_on}` : 'the budget never reaches it')
  );
}

const tableOf = (repositories: readonly NewRepository[]) => ({
  head: [
    ...['repository', 'stars', 'pull requests', 'issues', 'commits', 'releases'],
    ...['points', 'time', 'note'],
  ],
  rows: repositories.map((one): Text[] => [
    [{ name: one.repository }],
    ...[one.stars, one.pull_requests, one.issues, one.commits, one.releases].map(number),
    number(one.reading.points),
    duration(one.reading.seconds),
    noteOf(one),
  ]),
});

function noteOf({ now, is_private }: NewRepository): Text {
  const isPrivate = is_private ? ['private: its numbers would be public'] : [];
  if (now === null) return isPrivate;
  return ['is called ', { name: now }, ' now', ...isPrivate.map((text) => `; ${text}`)];
}
