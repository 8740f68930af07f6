import type { Coverage } from '../../../../pipeline/published/documents.ts';
import { listEffects } from '../../lib/coverage-effects.ts';
import { plural } from '../../lib/format.ts';
import { type Html, html } from '../../lib/html.ts';

/** Gaps that are listed. */
const MOST = 12;

/** What the gaps do to the boards. */
export function effects(coverage: Coverage): Html {
  const all = listEffects(coverage);
  return html`<section class="fig g7"><header><div><h2>What this does to the boards</h2><p>${
    all.length === 0
      ? 'Nothing: every number is known in full.'
      : 'Where a gap touches a number that is shown: there stands “–” or “+”.'
  }</p></div></header><ul class="failures">${all
    .slice(0, MOST)
    .map(
      ({ weight, text, reach }) =>
        html`<li><i class="mark ${weight}"></i><span>${text}</span><span>${reach}</span></li>`,
    )}</ul>${all.length > MOST && html`<p>and ${plural(all.length - MOST, 'more gap')}</p>`}</section>`;
}
