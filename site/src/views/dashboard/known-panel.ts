import type { Coverage } from '../../../../pipeline/published/documents.ts';
import { formatCount, formatShare } from '../../lib/format.ts';
import { type Html, html } from '../../lib/html.ts';
import { countKnownMonths } from '../../lib/known-months.ts';
import { knownBar, STATES } from '../known-bar.ts';
import { knownShare } from './health.ts';

/** How much is known, in one bar; the page of coverage has it by kind and repository. */
export function knownPanel(base: string, coverage: Coverage | null): Html | null {
  const known = knownShare(coverage);
  if (!coverage || known === null) return null;
  const counts = countKnownMonths(coverage.repositories);
  return html`<section class="fig g5"><header><div><h2>${formatShare(known)} is known</h2>
    <p>Of ${formatCount(counts.all)} months of repositories.</p></div></header>${knownBar(counts)}
    <ul class="list counts">${STATES.map(
      ([state, name]) =>
        html`<li><span><i class="dot k-${state}"></i>${name}</span><span>${formatCount(counts[state])}</span></li>`,
    )}</ul><p class="src"><a href="${base}coverage/">By repository and kind</a></p></section>`;
}
