import type { Errors, Trends } from '../../../../pipeline/published/documents.ts';
import { formatCount, plural } from '../../lib/format.ts';
import { type Html, html } from '../../lib/html.ts';
import { minuteTime, time } from '../time.ts';
import { words } from './status.ts';

/** Failures that are shown at first. */
const FIRST = 8;

type Failure = Trends['failures'][number];

/** Attempts that failed: those that nothing made up for come first, and none is hidden by a later success. */
export function failureList(failures: Trends['failures']): Html {
  const open = failures.filter(({ solved_at }) => solved_at === null);
  const solved = failures.filter(({ solved_at }) => solved_at !== null);
  const all = [...open, ...solved];
  const rest = all.slice(FIRST);
  const title =
    open.length === 0
      ? 'No failure is open'
      : `${plural(open.length, 'failure is', 'failures are')} open`;
  return html`<section class="fig"><header><div><h2>${title}</h2><p>${
    all.length === 0
      ? 'No attempt at a job has failed.'
      : 'Attempts at jobs that failed. A later success hides none of them.'
  }</p></div></header>
    <ul class="failures">${all.slice(0, FIRST).map(item)}</ul>
    ${rest.length > 0 && html`<details class="more"><summary>${formatCount(rest.length)} more</summary><ul class="failures">${rest.map(item)}</ul></details>`}</section>`;
}

function item({ at, source, error_class, job_id, attempt, solved_at }: Failure): Html {
  const isOpen = solved_at === null;
  return html`<li><i class="mark ${isOpen ? 'open' : 'solved'}"></i><span>${words(error_class)}, ${source}
    <small>job ${job_id}, attempt ${attempt}, ${minuteTime(at)}</small></span><span>${isOpen ? 'open' : html`solved ${time(solved_at)}`}</span></li>`;
}

const ACTIONS = {
  RETRY: 'Tried again',
  SKIP_ITEM: 'The item is put aside',
  END_JOB: 'The job ends',
} as const;

/** How often each kind of failure occurred, and what follows. */
export function errorClasses(classes: Errors['classes']): Html | null {
  if (classes.length === 0) return null;
  return html`<section class="fig g7"><header><h2>Errors by kind</h2></header><table class="sum"><thead><tr><th scope="col">Kind</th><th scope="col">Severity</th>
    <th scope="col" class="wide">What follows</th><th scope="col" class="number">Times</th><th scope="col" class="number">Last</th></tr></thead><tbody>${classes.map(
      (one) =>
        html`<tr><th scope="row">${words(one.error_class)}</th><td>${words(one.severity)}</td><td class="wide">${ACTIONS[one.action]}</td>
        <td class="number">${formatCount(one.count)}</td><td class="number">${time(one.last_at)}</td></tr>`,
    )}</tbody></table></section>`;
}

/** Jobs and items that failed for good, with what was said. */
export const givenUp = (errors: Errors['errors']): Html | null =>
  errors.length === 0
    ? null
    : html`<section class="fig g12"><header><div><h2>Failed for good</h2><p>Jobs and items that are not tried again by themselves.</p></div></header><ol class="recent">${errors.map(
        (error) => html`<li><i class="dot bad"></i><span class="what">${error.message}
          <small>${[error.source, error.error_class, ...(error.job_id === null ? [] : [`job ${error.job_id}`])].join(', ')}</small></span>${minuteTime(error.at)}</li>`,
      )}</ol></section>`;

const STATES = { CLOSED: 'asked as usual', OPEN: 'left alone', HALF_OPEN: 'tried once' } as const;

/** Which sources are asked, and which are left alone as they fail. */
export function breakers(all: Trends['breakers']): Html | null {
  if (all.length === 0) return null;
  const open = all.filter(({ state }) => state !== 'CLOSED').length;
  return html`<section class="fig"><header><div><h2>${open === 0 ? 'Every source is asked' : `${plural(open, 'source is', 'sources are')} left alone`}</h2>
    <p>A circuit breaker opens when a source fails again and again, and closes when it answers.</p></div></header><ul class="failures">${all.map(
      ({ source, state, failures, opened_at, closed_at }) =>
        html`<li><i class="mark ${state === 'CLOSED' ? 'solved' : 'open'}"></i><span>${source}<small>${
          opened_at === null
            ? 'its breaker has not opened'
            : html`open last ${minuteTime(opened_at)}${closed_at !== null && closed_at > opened_at && html`, closed ${minuteTime(closed_at)}`}`
        }${failures > 0 && `; ${plural(failures, 'failure')} in a row`}</small></span><span>${STATES[state]}</span></li>`,
    )}</ul></section>`;
}
