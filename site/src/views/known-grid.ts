import { describeCoverage, formatCoverage, type Month } from '../lib/coverage.ts';
import { capitalise } from '../lib/format.ts';
import { attribute, Html, html } from '../lib/html.ts';
import { GROUPS } from '../lib/kinds.ts';
import { type KindGroup, shareOfGroup } from '../lib/known-kinds.ts';
import { listDamaged } from '../lib/known-months.ts';
import type { SiteFacts } from '../lib/site.ts';

/** What is known of a repository by kind and month: what is known is quiet, what is missing is loud. */

/** Months that fit a screen. */
export const MOST_MONTHS = 24;

/** @param months oldest first; there is at least one */
export function knownGrid({ base }: Pick<SiteFacts, 'base'>, months: readonly Month[]): Html {
  const shown = months.slice(-MOST_MONTHS);
  const damaged = listDamaged(months);
  // Kinds of which the same is known are one row.
  const rows = Map.groupBy(GROUPS, (group) =>
    shown.map((month) => cell(month, group, damaged).text).join(''),
  );
  return html`<section class="known"><h2>What is known, by kind and month</h2>
    <p>${describeCoverage(months)} The <a href="${base}coverage/">coverage page</a> lists what is missing.</p>
    <div class="scroll" tabindex="0" role="region" aria-label="What is known, by kind and month"><table class="cov">
    <caption class="sr-only">What is known by kind and month, in per cent</caption>
    ${monthHeads(
      'Kind',
      shown.map(({ month }) => month),
    )}<tbody>${[...rows].map(([cells, groups]) => html`<tr><th>${nameGroups(groups)}${new Html(cells)}`)}</tbody></table></div>
    ${gridKeys}</section>`;
}

/** What the cells of a grid mean. */
export const gridKeys: Html = html`<p class="keys cov-keys"><span><i class="key-k"></i>whole</span><span><i class="key-s">88</i>part, in per cent</span>
  <span><i class="key-x"></i>not known</span><span><i class="key-d">71</i>archive damaged</span></p>`;

/** Heads of columns of months (`YYYY-MM`, oldest first), with the years above them. @param label of the first column */
export const monthHeads = (label: string, months: readonly string[]): Html =>
  html`<thead><tr><td>${months.map(yearHead)}</tr><tr><th scope="col"><span class="sr-only">${label}</span>${months.map(monthHead)}</tr></thead>`;

/** The year above its first month. */
const yearHead = (month: string, place: number): Html =>
  html`<td>${(place === 0 || month.endsWith('-01')) && html`<small>${month.slice(0, 4)}</small>`}`;

const NAMES =
  'January February March April May June July August September October November December'.split(
    ' ',
  );

function monthHead(month: string): Html {
  const name = NAMES[Number(month.slice(5)) - 1] ?? '';
  const full = `${name} ${month.slice(0, 4)}`;
  return html`<th aria-label="${full}">${name.slice(0, 1)}`;
}

const nameGroups = (groups: readonly KindGroup[]): string =>
  groups.length === GROUPS.length
    ? 'All kinds'
    : capitalise(groups.map(({ label }) => label.toLowerCase()).join(', '));

const cell = (month: Month, group: KindGroup, damaged: ReadonlySet<Month>): Html =>
  gridCell(shareOfGroup(month, group), damaged.has(month));

/**
 * A cell of a grid; what is whole is quiet.
 * @param share in per cent
 * @param title the cell in words, for a hint
 */
export function gridCell(share: number, isDamaged: boolean, title: string | null = null): Html {
  if (share >= 100 && !isDamaged) return html`<td>`;
  const partly = isDamaged ? 'd' : 's';
  return html`<td class="${share === 0 ? 'x' : partly}"${attribute('title', title)}>${share === 0 ? '–' : formatCoverage(share)}`;
}
