import { type Html, html } from '../lib/html.ts';
import { GROUPS } from '../lib/kinds.ts';

/** The colours of the groups of kinds. Lines bring points, but cannot be counted as contributions. */
export const legend = (
  text: string,
  lines = true,
): Html => html`<p class="legend"><span>${text}</span>
  ${GROUPS.filter(({ id }) => lines || id !== 'lines').map(
    ({ id, label }) => html`<span class="key"><i class="c-${id}"></i>${label}</span>`,
  )}</p>`;
