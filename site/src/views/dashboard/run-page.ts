import { formatSeconds } from '../../../../pipeline/domain/time.ts';
import type { Run } from '../../../../pipeline/published/documents.ts';
import { capitalise, formatCount, plural } from '../../lib/format.ts';
import { type Html, html } from '../../lib/html.ts';
import { minuteTime } from '../time.ts';
import { formatTook } from './durations.ts';
import { status } from './status.ts';

/** One run: how it ended, its stages, its repositories, what was put aside, and its log. */

/** Repositories shown; those that went wrong come first. */
const MOST = 200;

export const runPage = (base: string, run: Run): Html =>
  html`${head(base, run)}<div class="grid">${stages(run)}${counts(run)}${putAside(run)}${log(run)}${repositories(base, run)}</div>`;

function head(base: string, run: Run): Html {
  const { started_at, finished_at, put_aside: aside, error_message } = run;
  const took = finished_at
    ? `, took ${formatTook((Date.parse(finished_at) - Date.parse(started_at)) / 1000)}`
    : '';
  return html`<header class="page-head"><p class="crumb"><a href="${base}dashboard/">Dashboard</a></p><h1>Run ${run.id}</h1>
    <p class="lead">${status(run.status)}. From ${run.sources.join(', ')}, started ${minuteTime(started_at)}${took}.</p>
    ${error_message && html`<p class="warning">${error_message}</p>`}
    ${aside.length > 0 && html`<p class="warning">${plural(aside.length, 'item or job', 'items or jobs')} failed for good and ${aside.length === 1 ? 'was' : 'were'} put aside.</p>`}</header>`;
}

const BAR = 300;

/** Each stage with a bar from when it began to when it ended, of the time of all of them. */
function stages({ stages: all }: Run): Html {
  const sum = Math.max(
    0.001,
    all.reduce((total, { seconds }) => total + seconds, 0),
  );
  let before = 0;
  const rows = all.map((stage) => {
    const { seconds, error_class, message } = stage;
    const start = (before * BAR) / sum;
    before += seconds;
    const width = Math.max(1, (seconds * BAR) / sum);
    const left = Math.min(start, BAR - width);
    return html`<tr><th scope="row">${stage.stage}</th><td>${status(stage.status)}${message && html`<small>${[error_class, message].filter(Boolean).join(': ')}</small>`}</td>
      <td class="wide span"><svg viewBox="0 0 ${BAR} 8" preserveAspectRatio="none" aria-hidden="true"><path class="${stage.status === 'FAILED' ? 'bad' : ''}" d="M${round(left)} 4h${round(width)}"/></svg></td>
      <td class="number">${formatSeconds(seconds)}</td></tr>`;
  });
  return html`<section class="fig g8"><h2>Stages</h2>${
    all.length === 0
      ? html`<p>None has ended.</p>`
      : html`<table class="sum stages"><thead><tr><th scope="col">Stage</th><th scope="col">State</th><th scope="col" class="wide">When</th><th scope="col" class="number">Took</th></tr></thead><tbody>${rows}</tbody></table>`
  }</section>`;
}

const round = (value: number) => Math.round(value * 10) / 10;

/** In the order of the work; the database keeps none. */
const ORDER = ['jobs_queued', 'jobs_completed', 'jobs_failed', 'items_refused', 'stages_failed'];

function counts({ counts: all }: Run): Html | null {
  const place = (name: string) => (ORDER.includes(name) ? ORDER.indexOf(name) : ORDER.length);
  const rows = Object.entries(all).toSorted(
    ([a], [b]) => place(a) - place(b) || a.localeCompare(b),
  );
  if (rows.length === 0) return null;
  return html`<section class="fig g4"><h2>Counts</h2><table class="sum"><tbody>${rows.map(
    ([name, value]) =>
      html`<tr><th scope="row">${capitalise(name.replaceAll('_', ' '))}</th><td class="number">${formatCount(value)}</td></tr>`,
  )}</tbody></table></section>`;
}

function repositories(base: string, { repositories: all }: Run): Html | null {
  if (all.length === 0) return null;
  const known = (value: number | null) => (value === null ? '–' : formatCount(value));
  const isShared = all.some(({ events }) => events === null);
  const rows = all.slice(0, MOST).map(
    (one) =>
      html`<tr><th scope="row">${one.full_name}</th><td>${status(one.status)}${one.message && html`<small>${one.message}</small>`}</td>
      <td class="number">${known(one.events)}</td><td class="number wide">${known(one.kept)}</td></tr>`,
  );
  return html`<section class="fig g12"><h2>Repositories</h2><table class="sum"><thead><tr><th scope="col">Repository</th><th scope="col">State</th>
    <th scope="col" class="number">Events</th><th scope="col" class="number wide">Contributions kept</th></tr></thead><tbody>${rows}</tbody></table>
    ${isShared && html`<p class="src"><span>– : a job read several repositories at once; its numbers are on the <a href="${base}dashboard/">dashboard</a>.</span></p>`}
    ${all.length > MOST && html`<p>and ${formatCount(all.length - MOST)} more</p>`}</section>`;
}

function putAside({ put_aside: items }: Run): Html | null {
  if (items.length === 0) return null;
  return html`<section class="fig g12"><h2>Put aside</h2><ol class="recent">${items.map(
    (item) => html`<li><i class="dot bad"></i><span class="what">${item.message}
      <small>${[item.repository, item.part, item.source, item.error_class, item.job_id && `job ${item.job_id}`].filter(Boolean).join(', ')}</small></span></li>`,
  )}</ol></section>`;
}

const LEVELS = { info: '', warn: 'Warning', error: 'Error' } as const;

/** The last lines; a run may have more. */
function log({ log: lines, log_lines: all }: Run): Html {
  return html`<section class="fig g12"><h2>Log</h2>${lines.length === 0 && html`<p>It has no log: it was too long ago, or ran elsewhere.</p>`}
    ${lines.length < all && html`<p>The last ${formatCount(lines.length)} of ${formatCount(all)} lines.</p>`}<ol class="run-log">${lines.map(
      ({ at, level, stage, job_id, message, fields }) =>
        html`<li class="${level}"><time datetime="${at}">${at.slice(11, 19)}</time><span>${LEVELS[level] && html`<b>${LEVELS[level]}</b> `}
        ${stage}${job_id !== null && ` job ${job_id}`} <span class="what">${message}</span>${fields && html` <small>${fields}</small>`}</span></li>`,
    )}</ol></section>`;
}
