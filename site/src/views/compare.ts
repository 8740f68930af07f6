import { compareHref } from '../lib/compare-address.ts';
import type { Compared } from '../lib/compared.ts';
import { type Html, html } from '../lib/html.ts';
import { compareKinds } from './compare-kinds.ts';
import { lineKey } from './compare-marks.ts';
import { compareTable } from './compare-table.ts';
import { compareWeeks } from './compare-weeks.ts';

/** The page that compares people and repositories: who is chosen, and how they differ. */

export const compareBody = (base: string, compared: readonly Compared[]): Html =>
  html`<div class="grid">${compareWeeks(compared)}${compareTable(compared)}${compareKinds(compared)}</div>
  <p class="src"><span><a href="${base}coverage/">What is not known</a></span>
  <span>JSON: ${compared.map(({ label, json }, place) => html`${place > 0 && ' · '}<a href="${json}"><bdi>${label}</bdi></a>`)}</span></p>`;

/** Who is chosen; each can be taken away, which is a link as any choice is. */
export function chosenList(base: string, compared: readonly Compared[]): Html {
  const names = compared.map(({ name }) => name);
  return html`${compared.map(({ name, label, href }, place) => {
    const rest = compareHref(base, names.toSpliced(place, 1));
    return html`<li>${lineKey(place)}<a href="${href}"><bdi>${label}</bdi></a>
      <a class="away" href="${rest}" aria-label="Take away ${name}">×</a></li>`;
  })}`;
}
