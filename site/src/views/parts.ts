import { type CoverageKind, nameKinds } from '../../../pipeline/domain/coverage-kinds.ts';
import type { Entry } from '../../../pipeline/published/documents.ts';
import { describeCount } from '../lib/entry.ts';
import { formatCount, formatScore, formatShare } from '../lib/format.ts';
import { type Html, html } from '../lib/html.ts';
import { type Counts, groupOf, KINDS, type Part } from '../lib/kinds.ts';
import type { SiteFacts } from '../lib/site.ts';

/** A score, and the counts that it is made of. */
export type Tally = Counts &
  Pick<Entry, 'points' | 'total_score' | 'lines_added' | 'lines_deleted'> & {
    /** Kinds that are not known for all of the period. */
    readonly unknown_kinds: readonly CoverageKind[];
  };

type Scoring = SiteFacts['scoring'];

const shareOf = (tally: Tally, part: Part) =>
  tally.total_score > 0 ? tally.points[part] / tally.total_score : 0;

/** A score in its parts, as a bar and as a table whose points sum to it. */
export const parts = (
  scoring: Scoring,
  tally: Tally,
  caption: string,
): Html => html`${stack(tally, caption)}
  <table class="sum parts"><caption class="sr-only">${caption}</caption>
  <thead><tr><th scope="col">Contribution</th><th scope="col">Count</th><th scope="col">Weight</th><th scope="col">Points</th><th scope="col">Share</th></tr></thead>
  <tbody>${KINDS.map((kind) => kindRow(scoring, tally, kind))}${lineRow(scoring, tally)}</tbody>
  <tfoot><tr><th>Score${lackNote(tally)}<td><td><td>${formatScore(tally.total_score)}<td>${formatShare(1)}</tr></tfoot></table>`;

function stack(tally: Tally, caption: string): Html {
  const all = [
    ...KINDS.map(({ kind, label }) => ({ part: kind as Part, label })),
    { part: 'line_bonus' as Part, label: 'Line bonus' },
  ].filter(({ part }) => tally.points[part] > 0);
  const words = all.map(({ part, label }) => `${label} ${formatShare(shareOf(tally, part))}`);
  let start = 0;
  const drawn = all.map(({ part }) => {
    const from = start;
    start += shareOf(tally, part) * 100;
    return html`<path class="c-${groupOf(part)}" d="M${short(from)} 0h${short(start - from)}v1H${short(from)}z"/>`;
  });
  return html`<svg class="stack" viewBox="0 0 100 1" preserveAspectRatio="none" role="img" aria-label="${caption}: ${words.join(', ')}">${drawn}</svg>`;
}

const short = (value: number): string => String(Math.round(value * 100) / 100);

const isUnknown = (tally: Tally, kind: CoverageKind) => tally.unknown_kinds.includes(kind);

/** Nothing of the kind is known; what is not known in full has a count that is the least it can be. */
const isDash = (tally: Tally, kind: CoverageKind, count: number) =>
  isUnknown(tally, kind) && count === 0;

const unknownNote = (tally: Tally, kind: CoverageKind, count: number) =>
  isUnknown(tally, kind) &&
  html` <small>${isDash(tally, kind, count) ? 'not known' : 'not known in full'}</small>`;

function kindRow(scoring: Scoring, tally: Tally, row: (typeof KINDS)[number]): Html | false {
  const { kind, label, count } = row;
  if (tally[count] === 0 && tally.points[kind] === 0 && !isUnknown(tally, kind)) return false;
  const weight = formatScore(scoring.base_points[kind]);
  return html`<tr><th><i class="dot c-${groupOf(kind)}"></i>${label}${unknownNote(tally, kind, tally[count])}
    <td>${describeCount(tally[count], isUnknown(tally, kind)).text}
    <td>× ${weight}${pointCells(tally, kind, isDash(tally, kind, tally[count]))}`;
}

const pointCells = (tally: Tally, part: Part, dash: boolean): Html =>
  dash
    ? html`<td>–<td>–`
    : html`<td>${formatScore(tally.points[part])}<td>${formatShare(shareOf(tally, part))}`;

function lineRow({ lines }: Scoring, tally: Tally): Html | false {
  const count = tally.lines_added + tally.lines_deleted;
  if (count + tally.points.line_bonus === 0 && !isUnknown(tally, 'LINES')) return false;
  const sum = `${formatCount(tally.lines_added)} added × ${formatScore(lines.added)} + ${formatCount(tally.lines_deleted)} deleted × ${formatScore(lines.deleted)}, at most ${formatScore(lines.cap)} for each repository`;
  return html`<tr><th><i class="dot c-lines"></i>Line bonus${count > 0 && html` <small>${sum}</small>`}${unknownNote(tally, 'LINES', count)}
    <td><td>${pointCells(tally, 'line_bonus', isDash(tally, 'LINES', count))}`;
}

function lackNote({ unknown_kinds: unknown }: Tally): Html | false {
  const kinds = unknown.length > 3 ? 'these kinds' : nameKinds(unknown);
  return unknown.length > 0 && html` <small>It lacks what is not known of ${kinds}.</small>`;
}
