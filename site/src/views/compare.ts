import { compareHref } from '../lib/compare-address.ts';
import type { Compared } from '../lib/compared.ts';
import { type Html, html } from '../lib/html.ts';
import { periodSpan } from '../lib/periods.ts';
import type { Period, SiteFacts } from '../lib/site.ts';
import { compareKinds } from './compare-kinds.ts';
import { lineKey } from './compare-marks.ts';
import { compareTable } from './compare-table.ts';
import { compareWeeks } from './compare-weeks.ts';
import { periodTabs } from './period-tabs.ts';

/** The page that compares people and repositories: who is chosen, and how they differ. */

export const compareBody = (site: SiteFacts, compared: readonly Compared[], period: Period): Html =>
  html`${periodTabs((other) => compareHref(site.base, namesOf(compared), other), site.periods, period)}
  <div class="grid">${compareWeeks(compared)}${compareTable(compared)}${compareKinds(compared, periodSpan(site.scoring, period))}</div>
  <p class="src"><span><a href="${site.base}coverage/">What is not known</a></span>
  <span>JSON: ${compared.map(({ label, json }, place) => html`${place > 0 && ' · '}<a href="${json}"><bdi>${label}</bdi></a>`)}</span></p>`;

const namesOf = (compared: readonly Compared[]) => compared.map(({ name }) => name);

/** Who is chosen; each can be taken away, which is a link as any choice is. */
export function chosenList(base: string, compared: readonly Compared[], period: Period): Html {
  const names = namesOf(compared);
  return html`${compared.map(({ name, label, href }, place) => {
    const rest = compareHref(base, names.toSpliced(place, 1), period);
    return html`<li>${lineKey(place)}<a href="${href}"><bdi>${label}</bdi></a>
      <a class="away" href="${rest}" aria-label="Take away ${name}">×</a></li>`;
  })}`;
}
