import type { BoardEntry } from '../lib/board-columns.ts';
import { describeCount } from '../lib/entry.ts';
import { formatCount, formatDay, formatScore, splitScore } from '../lib/format.ts';
import { attribute, type Html, html } from '../lib/html.ts';
import { personHref, type SiteFacts } from '../lib/site.ts';
import { sumOf, TABLE_COLUMNS } from '../lib/table-columns.ts';
import { avatar, movement } from './person-marks.ts';
import { shareBar } from './share-bar.ts';

/** What holds for all rows of a board. */
export interface RowContext {
  readonly site: Pick<SiteFacts, 'base' | 'sample' | 'avatars'>;
  /** Whether there is an earlier snapshot to compare ranks with. */
  readonly hasHistory: boolean;
  /** Ids of columns that are not known for all of the period. */
  readonly unknown: readonly string[];
}

/** The name, with a link to the person's page, and the login if that is another text. */
const name = (
  site: Pick<SiteFacts, 'base'>,
  { username, display_name, page }: BoardEntry,
): Html => {
  const href = page !== 'none' && personHref(site, username, page === 'built');
  return html`<a${attribute('href', href)}>${display_name ?? username}</a>
    ${display_name !== null && html`<small class="login">${username}</small>`}`;
};

/** Kept small: a long board has 100,000 of these. Cells are in the order of BOARD_COLUMNS. */
export function boardRow(context: RowContext, entry: BoardEntry): Html {
  const { rank, total_score, points, lastDay } = entry;
  const [whole, fraction] = splitScore(total_score);
  const counts = TABLE_COLUMNS.map((column) => {
    const isUnknown = context.unknown.includes(column.id);
    const { text, className } = describeCount(sumOf(column, entry), isUnknown);
    return html`<td${attribute('class', className)}>${text}`;
  });
  return html`<tr id="c-${entry.username}"><td>
    <b class="place${rank < 4 && ` place-${rank}`}">${formatCount(rank)}</b>
    ${context.hasHistory && movement(rank, entry.previous_rank)}</td>
    <th scope="row">${avatar(context.site, entry)}<span class="names">${name(context.site, entry)}</span>
    <td><span class="score">${whole}${fraction && html`<i>${fraction}</i>`}</span>${shareBar(points)}
    ${counts}<td>${formatDay(lastDay)}</tr>`;
}

/** A row of the plain lists that follow the first pages: rank, name and score. */
export const listRow = (site: SiteFacts, entry: BoardEntry): Html =>
  html`<tr id="c-${entry.username}"><td>${formatCount(entry.rank)}</td>
    <th scope="row">${name(site, entry)}<td>${formatScore(entry.total_score)}</tr>`;
