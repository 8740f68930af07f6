import type { BoardEntry } from '../lib/board-columns.ts';
import { describeCount, formatCount, formatScore } from '../lib/format.ts';
import { attribute, type Html, html } from '../lib/html.ts';
import { personHref, type SiteFacts } from '../lib/site.ts';
import { sumOf, TABLE_COLUMNS } from '../lib/table-columns.ts';
import { avatar } from './person-marks.ts';
import { scoreBar } from './score-bar.ts';
import { trend } from './trend.ts';

/** What holds for all rows of a board. */
export interface RowContext {
  readonly site: Pick<SiteFacts, 'base' | 'sample' | 'avatars'>;
  /** The day that ranks are compared with; null: there is none. */
  readonly previousOn: string | null;
  /** The score of the first of the whole board. */
  readonly most: number;
  /** Ids of columns that are not known for all of the period. */
  readonly unknown: readonly string[];
}

/** A row of a board that is ranked by one kind alone. */
export interface KindRank {
  /** The place of the kind in GROUPS. */
  readonly group: number;
  readonly points: number;
  readonly most: number;
  readonly rank: number;
  readonly tied: boolean;
}

/** A rank as it is shown: with a sign where others have the same. */
export const rankText = ({ rank, tied }: { rank: number; tied: boolean }): string =>
  `${tied ? '=' : ''}${formatCount(rank)}`;

/** Kept small: a long board has 100,000 of these. Cells are in the order of BOARD_COLUMNS. */
export function boardRow(context: RowContext, entry: BoardEntry, byKind?: KindRank): Html {
  const counts = TABLE_COLUMNS.map((column) => {
    const isUnknown = context.unknown.includes(column.id);
    const { text, className } = describeCount(sumOf(column, entry), isUnknown);
    return html`<td${attribute('class', className)}>${text}`;
  });
  const score = byKind?.points ?? entry.total_score;
  const bar = scoreBar(entry.points, byKind?.most ?? context.most, { only: byKind?.group });
  return html`<tr id="c-${entry.username}"><td>${rankText(byKind ?? entry)}
    ${moveCell(context, entry)}${who(context.site, entry)}
    <td${attribute('title', !Number.isInteger(score) && formatScore(score))}>${formatCount(score)}
    <td><svg>${bar}</svg><td${attribute('class', entry.delta_7d === 0 && 'z')}>${deltaText(entry.delta_7d)}
    <td>${trend(entry.trend)}${counts}`;
}

export const deltaText = (points: number): string =>
  points === 0 ? '0' : `+${formatCount(points)}`;

/** The movement of a rank; the style sheet writes the arrow, and its word. */
function moveCell({ previousOn }: RowContext, { rank, previous_rank }: BoardEntry): Html {
  if (previousOn === null || previous_rank === rank) return html`<td></td>`;
  if (previous_rank === null) return html`<td class="nw">new</td>`;
  const by = previous_rank - rank;
  return html`<td class="${by > 0 ? 'u' : 'w'}">${formatCount(Math.abs(by))}</td>`;
}

/** The person, as a link to their page if there is one. */
function who(site: RowContext['site'], entry: BoardEntry): Html {
  const { username, display_name, page } = entry;
  const href = page !== 'none' && personHref(site, username, page === 'built');
  return html`<th><a${attribute('href', href)}>${avatar(site, entry)}<bdi>${display_name ?? username}
    ${display_name !== null && html`<small>${username}</small>`}</bdi></a>`;
}

/** A row of the plain lists that follow the first pages: rank, name and score. */
export function listRow(site: SiteFacts, entry: BoardEntry): Html {
  const { username, display_name, page, total_score } = entry;
  const href = page !== 'none' && personHref(site, username, page === 'built');
  return html`<tr id="c-${username}"><td>${rankText(entry)}</td>
    <th><a${attribute('href', href)}>${display_name === null ? username : html`<bdi>${display_name}</bdi>`}</a>
    ${display_name !== null && html`<small>${username}</small>`}
    <td${attribute('title', !Number.isInteger(total_score) && formatScore(total_score))}>${formatCount(total_score)}`;
}
