import { attribute, type Html, html } from '../lib/html.ts';
import { periodLabel } from '../lib/periods.ts';
import type { Period } from '../lib/site.ts';

/** The periods as links, from moving to slow. @param hrefOf the address with another period */
export const periodTabs = (
  hrefOf: (period: Period) => string,
  periods: readonly Period[],
  period: Period,
): Html => html`<nav class="tabs" aria-label="Period"><ul>
  ${periods
    .toReversed()
    .map(
      (other) =>
        html`<li><a href="${hrefOf(other)}"${attribute('aria-current', other === period && 'page')}>${periodLabel(other)}</a></li>`,
    )}</ul></nav>`;
