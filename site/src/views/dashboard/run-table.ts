import { formatCount, plural } from '../../lib/format.ts';
import { type Html, html } from '../../lib/html.ts';
import { minuteTime } from '../time.ts';
import type { DashboardDocuments, RunShown } from './documents.ts';
import { formatTook } from './durations.ts';
import { status } from './status.ts';

/** Runs that are shown at first. */
const FIRST = 6;

/** The last runs, each with a page of its own. @param runs newest first */
export function runTable(
  { site, withPage }: Pick<DashboardDocuments, 'site' | 'withPage'>,
  runs: readonly RunShown[],
): Html {
  const row = (shown: RunShown) => runRow(shown, withPage.has(shown.run.id) ? site.base : null);
  const table = (some: readonly RunShown[]) =>
    html`<div class="scroll" tabindex="0" role="region" aria-label="Runs"><table class="sum runs"><thead><tr><th scope="col">Run</th><th scope="col">State</th>
      <th scope="col" class="number">Took</th><th scope="col" class="number wide">Events</th><th scope="col" class="number wide">Kept</th></tr></thead><tbody>${some.map(row)}</tbody></table></div>`;
  const rest = runs.slice(FIRST);
  return html`<section class="fig g7"><header><h2>Last runs</h2></header>
    ${runs.length === 0 ? html`<p>There has been no run yet.</p>` : table(runs.slice(0, FIRST))}
    ${rest.length > 0 && html`<details class="more"><summary>${plural(rest.length, 'run')} before these</summary>${table(rest)}</details>`}</section>`;
}

function runRow({ run, trend, seconds }: RunShown, base: string | null): Html {
  const when = minuteTime(run.started_at);
  const name = base === null ? when : html`<a href="${base}runs/${run.id}/">${when}</a>`;
  const again = trend?.jobs_tried_again ?? 0;
  const note =
    run.error_message ??
    (again > 0 ? `${plural(again, 'job was', 'jobs were')} tried again` : null);
  const count = (value: number | undefined) => (value === undefined ? '–' : formatCount(value));
  return html`<tr><th scope="row">${name}<small>Run ${run.id}, from ${run.sources.join(', ')}</small></th>
    <td>${status(run.status)}${note && html`<small>${note}</small>`}</td><td class="number">${seconds === null ? '' : formatTook(seconds)}</td>
    <td class="number wide">${count(trend?.events)}</td><td class="number wide">${count(trend?.contributions_kept)}</td></tr>`;
}
