import type { CoverageKind } from '../../../pipeline/domain/coverage-kinds.ts';
import { describeCoverage, formatCoverage, type Month } from '../lib/coverage.ts';
import { capitalise } from '../lib/format.ts';
import { Html, html } from '../lib/html.ts';
import { GROUPS } from '../lib/kinds.ts';
import type { SiteFacts } from '../lib/site.ts';

/** What is known of a repository by kind and month: what is known is quiet, what is missing is loud. */

/** Months that fit a screen. */
const MOST = 24;

type Group = (typeof GROUPS)[number];

/** @param months oldest first; there is at least one */
export function knownGrid({ base }: Pick<SiteFacts, 'base'>, months: readonly Month[]): Html {
  const shown = months.slice(-MOST);
  // Kinds of which the same is known are one row.
  const rows = Map.groupBy(GROUPS, (group) =>
    shown.map((month) => cell(month, group).text).join(''),
  );
  return html`<section class="known"><h2>What is known, by kind and month</h2>
    <p>${describeCoverage(months)} The <a href="${base}coverage/">coverage page</a> lists what is missing.</p>
    <div class="scroll" tabindex="0" role="region" aria-label="What is known, by kind and month"><table class="cov">
    <caption class="sr-only">What is known by kind and month, in per cent</caption>
    <thead><tr><td>${shown.map(yearHead)}</tr><tr><th scope="col"><span class="sr-only">Kind</span>${shown.map(monthHead)}</tr></thead>
    <tbody>${[...rows].map(([cells, groups]) => html`<tr><th>${nameGroups(groups)}${new Html(cells)}`)}</tbody></table></div>
    <p class="keys cov-keys"><span><i class="key-k"></i>whole</span><span><i class="key-s">88</i>part, in per cent</span>
    <span><i class="key-x"></i>not known</span><span><i class="key-d">71</i>archive damaged</span></p></section>`;
}

/** The year above its first month. */
const yearHead = ({ month }: Month, place: number): Html =>
  html`<td>${(place === 0 || month.endsWith('-01')) && html`<small>${month.slice(0, 4)}</small>`}`;

const NAMES =
  'January February March April May June July August September October November December'.split(
    ' ',
  );

function monthHead({ month }: Month): Html {
  const name = NAMES[Number(month.slice(5)) - 1] ?? '';
  const full = `${name} ${month.slice(0, 4)}`;
  return html`<th aria-label="${full}">${name.slice(0, 1)}`;
}

const nameGroups = (groups: readonly Group[]): string =>
  groups.length === GROUPS.length
    ? 'All kinds'
    : capitalise(groups.map(({ label }) => label.toLowerCase()).join(', '));

/** The least that is known of any kind of the group. */
function shareOf(month: Month, { id, parts }: Group): number {
  const kinds = (id === 'lines' ? ['LINES'] : parts) as readonly CoverageKind[];
  return Math.min(...kinds.map((kind) => month.kinds[kind] ?? month.coverage));
}

function cell(month: Month, group: Group): Html {
  const share = shareOf(month, group);
  if (share >= 100 && !month.damaged) return html`<td>`;
  if (share === 0) return html`<td class="x">–`;
  return html`<td class="${month.damaged ? 'd' : 's'}">${formatCoverage(share)}`;
}
