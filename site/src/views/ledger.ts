import { type CoverageKind, nameKinds } from '../../../pipeline/domain/coverage-kinds.ts';
import type { Entry } from '../../../pipeline/published/documents.ts';
import { describeCount, formatCount, formatScore, formatShare } from '../lib/format.ts';
import { type Html, html } from '../lib/html.ts';
import { type Counts, codeOf, KINDS, type Part } from '../lib/kinds.ts';
import type { SiteFacts } from '../lib/site.ts';

/** A score, and the counts that it is made of. */
export type Tally = Counts &
  Pick<Entry, 'points' | 'total_score' | 'lines_added' | 'lines_deleted'> & {
    /** Kinds that are not known for all of the period. */
    readonly unknown_kinds: readonly CoverageKind[];
  };

type Scoring = SiteFacts['scoring'];

/** A score in its parts: count × weight of each kind. The points sum to the exact score. */
export const ledger = (
  scoring: Scoring,
  tally: Tally,
  caption: string,
): Html => html`<table class="led why"><caption class="sr-only">${caption}</caption>
  <thead><tr><th scope="col">Kind<th scope="col">Count<th scope="col">× weight<th scope="col"><span class="sr-only">Size</span><th scope="col">Points<th scope="col">Share</tr></thead>
  <tbody>${KINDS.map((kind) => kindRow(scoring, tally, kind))}${lineRow(scoring, tally)}</tbody>
  <tfoot><tr><th scope="row">Score<td><td><td><td>${formatScore(tally.total_score)}<td>${formatShare(1)}</tr></tfoot></table>
  ${lackNote(tally)}`;

const shareOf = (tally: Tally, part: Part) =>
  tally.total_score > 0 ? tally.points[part] / tally.total_score : 0;

const isUnknown = (tally: Tally, kind: CoverageKind) => tally.unknown_kinds.includes(kind);

/** Nothing of the kind is known; what is not known in full has a count that is the least it can be. */
const isDash = (tally: Tally, kind: CoverageKind, count: number) =>
  isUnknown(tally, kind) && count === 0;

/** Pixels of the longest bar, which are those of the points of the largest part. */
const BAR = 140;

function kindRow(scoring: Scoring, tally: Tally, row: (typeof KINDS)[number]): Html | false {
  const { kind, label, count } = row;
  if (tally[count] === 0 && tally.points[kind] === 0 && !isUnknown(tally, kind)) return false;
  return html`<tr class="${codeOf(kind)}"><th>${label}
    <td>${describeCount(tally[count], isUnknown(tally, kind)).text}
    <td>× ${formatScore(scoring.base_points[kind])}${pointCells(tally, kind, isDash(tally, kind, tally[count]))}`;
}

function pointCells(tally: Tally, part: Part, dash: boolean): Html {
  const points = tally.points[part];
  const most = Math.max(...Object.values(tally.points));
  const length = Math.max(1, Math.round((BAR * points) / most));
  const bar = points > 0 && html`<svg class="br"><path d="M0 4h${length}"/></svg>`;
  return html`<td>${bar}${dash ? html`<td>–<td>–` : html`<td>${formatScore(points)}<td>${formatShare(shareOf(tally, part))}`}`;
}

function lineRow({ lines }: Scoring, tally: Tally): Html | false {
  const count = tally.lines_added + tally.lines_deleted;
  if (count + tally.points.line_bonus === 0 && !isUnknown(tally, 'LINES')) return false;
  const sum = `${formatCount(tally.lines_added)} added × ${formatScore(lines.added)} + ${formatCount(tally.lines_deleted)} deleted × ${formatScore(lines.deleted)}, at most ${formatScore(lines.cap)} a repository`;
  return html`<tr class="${codeOf('line_bonus')}"><th>Lines
    <td colspan="2">${count > 0 && html`<small>${sum}</small>`}${pointCells(tally, 'line_bonus', isDash(tally, 'LINES', count))}`;
}

/** What the score lacks. */
function lackNote({ unknown_kinds: unknown }: Tally): Html | false {
  if (unknown.length === 0) return false;
  const kinds = unknown.length > 3 ? `${unknown.length} kinds` : nameKinds(unknown);
  return html`<p class="src">Not known in full: ${kinds}. “12+” is 12 or more, “–” is not 0, and the score may be higher.</p>`;
}
