import type { Jobs } from '../../../../pipeline/published/documents.ts';
import { formatCount, formatRange, plural } from '../../lib/format.ts';
import { attribute, type Html, html } from '../../lib/html.ts';
import { status } from './status.ts';

type Job = Jobs['jobs'][number];

/** Jobs that are shown at first. */
const FIRST = 10;

/** The last units of reading, newest first. */
export function jobTable(jobs: readonly Job[]): Html {
  const rest = jobs.slice(FIRST);
  return html`<section class="fig g12"><header><div><h2>Jobs</h2><p>${
    jobs.length === 0 ? 'No job has been planned yet.' : ABOUT
  }</p></div></header>${jobs.length > 0 && table(jobs.slice(0, FIRST))}
    ${rest.length > 0 && html`<details class="more"><summary>${plural(rest.length, 'job')} before these</summary>${table(rest)}</details>`}</section>`;
}

const ABOUT =
  'An event may give several contributions, such as a push with its commits, or none. A job keeps ' +
  'the contributions that may count, and may read them again or from a second source. A contribution ' +
  'counts once, and only if its author is known, is not a bot and has not opted out; so the jobs of ' +
  'a source keep more contributions than are counted.';

const table = (jobs: readonly Job[]): Html =>
  html`<div class="scroll" tabindex="0" role="region" aria-label="Jobs"><table class="sum"><thead><tr><th scope="col">Job</th><th scope="col">State</th>
    <th scope="col" class="wide">Window</th><th scope="col" class="number wide">Attempts</th><th scope="col" class="number">Events</th>
    <th scope="col" class="number wide">Contributions kept</th></tr></thead><tbody>${jobs.map(row)}</tbody></table></div>`;

function row(job: Job): Html {
  const { id, source, job_type, repositories, error_message } = job;
  const [first = 'none', ...others] = repositories;
  const names = others.length > 0 ? `${first} and ${others.length} more` : first;
  const skipped = Object.entries(job.skipped)
    .map(([reason, count]) => `${reason.replaceAll('_', ' ')} ${formatCount(count)}`)
    .join(', ');
  const people = `${plural(job.users_processed, 'user')}, ${plural(job.bots_filtered, 'bot')}, ${formatCount(job.renamed)} renamed`;
  return html`<tr><th scope="row">Job ${id}: ${source}, ${job_type}<small>${names}</small></th>
    <td>${status(job.status)}${error_message && html`<small>${error_message}</small>`}</td>
    <td class="wide">${windowOf(job)}</td><td class="number wide">${formatCount(job.attempts)}</td>
    <td class="number"${attribute('title', skipped && `Skipped: ${skipped}`)}>${formatCount(job.events_processed)}</td>
    <td class="number wide" title="${people}">${formatCount(job.contributions_kept)}</td></tr>`;
}

const YEAR_MS = 366 * 86_400_000;

/** Within a year the days suffice. */
function windowOf({ window_from: from, window_to: to }: Job): string {
  if (Date.parse(to) - Date.parse(from) < YEAR_MS)
    return `${formatRange(from, to)} ${to.slice(0, 4)}`;
  return `${from.slice(0, 10)} – ${to.slice(0, 10)}`;
}
