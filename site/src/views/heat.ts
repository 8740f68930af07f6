import { formatCoverage, heatStep, type Month } from '../lib/coverage.ts';
import { attribute, type Html, html } from '../lib/html.ts';

/** How much is known, as cells of a table whose colour says it besides their number. */

/**
 * @param share percentage that is known
 * @param title the cell in words, for a hint
 */
export function heatCell(share: number, title: string | null, isDamaged = false): Html {
  return html`<td class="heat-${heatStep(share)}${isDamaged && ' damaged'}"${attribute('title', title)}>
    ${share > 0 ? formatCoverage(share) : html`–<span class="sr-only"> not known</span>`}
    ${isDamaged && html`<span class="sr-only"> damaged archive</span>`}</td>`;
}

/**
 * @param month undefined if it was never measured
 */
export const monthCell = (month: Month | undefined): Html =>
  heatCell(month?.coverage ?? 0, null, month?.damaged);

export const heatLegend = (): Html => html`<p class="legend">
  <span class="key"><i class="heat-1"></i>below 25 %</span>
  <span class="key"><i class="heat-2"></i>25–49 %</span>
  <span class="key"><i class="heat-3"></i>50–74 %</span>
  <span class="key"><i class="heat-4"></i>75–99 %</span>
  <span class="key"><i class="heat-5"></i>complete</span>
  <span class="key"><i class="heat-5 damaged"></i>damaged archive</span>
  <span class="key"><i class="heat-0"></i>not known</span></p>`;
