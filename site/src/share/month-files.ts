import { formatMonth } from '../../../pipeline/domain/months.ts';
import type { Month } from '../../../pipeline/published/documents.ts';
import { readDocument, readIndex } from '../lib/documents.ts';
import { capitalise, formatCount, formatDay, plural } from '../lib/format.ts';
import { monthPath } from '../lib/paths.ts';
import { href, publishedUrl } from '../lib/urls.ts';
import { describeCounts, listMonths } from '../many/month-pages.ts';
import type { ManyFile } from '../many/page.ts';
import { type FeedEntry, tagUri } from './feed.ts';
import { monthPicture } from './paths.ts';
import { drawable, drawBoard, toPng } from './picture.ts';

/** What is shared of months: a picture of each, and entries of the site's feed. */

/** The pictures of all months. */
export const filesOfMonths = (): ManyFile[] =>
  listMonths().map(({ month }) => ({
    path: monthPicture(month),
    content: toPng(drawMonth(month)),
  }));

/** The SVG of the picture of a month: its first five, or how it stands. */
export function drawMonth(month: string): string {
  const { title, sample } = readIndex();
  const document = readDocument('month', { month });
  const { closed_at, data_until, generated_at, places } = document;
  const until = closed_at === null ? ` · until ${formatDay(data_until ?? generated_at)}` : '';
  return drawBoard({
    site: drawable(title, 'Contributor leaderboard'),
    title: formatMonth(month),
    note: `${capitalise(describeCounts(document))}${until}${sample ? ' · sample data' : ''}`,
    entries: places.slice(0, 5).map(({ rank, username, display_name, score }) => ({
      ...{ rank, score },
      name: drawable(display_name ?? username, username),
      points: null,
    })),
  });
}

/** The months that the feed of the site has. */
const MONTHS = 12;
/** People that an entry names of a list. */
const NAMED = 10;

/** An entry for each of the last closed months, the newest first. */
export const monthEntries = (): FeedEntry[] =>
  listMonths()
    .filter(({ closed_at }) => closed_at !== null)
    .slice(0, MONTHS)
    .map(({ month }) => describeMonth(readDocument('month', { month })));

function describeMonth(document: Month): FeedEntry {
  const { month, corrections, generated_at, closed_at } = document;
  const corrected = corrections.at(-1);
  return {
    id: tagUri(readIndex().url, `${month}-01`, 'month'),
    title: `${formatMonth(month)}: ${describeCounts(document)}`,
    link: publishedUrl(href(monthPath(month))),
    updated: corrected ? `${corrected.on}T00:00:00Z` : (closed_at ?? generated_at),
    text: [
      ...corrections.map(({ on, what }) => `Corrected on ${on}: ${what}`),
      ...listSentences(document),
    ].join(' '),
  };
}

function listSentences({ places, newcomers, first_merged, releases }: Month): string[] {
  const first = places.filter(({ rank }) => rank <= 3);
  const names = first.map(({ username, score }) => `${username} (${formatCount(score)} points)`);
  const nameAll = (what: string, list: Month['newcomers']) => {
    const all = (list?.first ?? []).map(({ username }) => username);
    const more = (list?.total ?? 0) - Math.min(NAMED, all.length);
    return all.length === 0
      ? []
      : [`${what}: ${all.slice(0, NAMED).join(', ')}${more > 0 ? ` and ${more} more` : ''}.`];
  };
  return [
    ...(names.length > 0 ? [`First by points: ${names.slice(0, NAMED).join(', ')}.`] : []),
    ...nameAll('Newcomers', newcomers),
    ...nameAll('First merged pull requests', first_merged),
    ...(releases.total > 0 ? [`${plural(releases.total, 'release')}.`] : []),
  ];
}
