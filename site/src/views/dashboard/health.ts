import { formatCount, formatDay, formatShare, formatSpan } from '../../lib/format.ts';
import { judgeHealth } from '../../lib/health.ts';
import { type Html, html } from '../../lib/html.ts';
import { minuteTime } from '../time.ts';
import type { DashboardDocuments } from './documents.ts';
import { formatTook } from './durations.ts';

/** One line: how it goes, the last run, the next, and until when everything is known. */
export function healthLine(documents: DashboardDocuments): Html {
  const { stats, trends, coverage } = documents;
  const health = judgeHealth({ ...stats, ...(trends && { breakers: trends.breakers }) });
  const known = knownShare(coverage);
  const facts = [
    ['Good runs in a row', formatCount(health.goodInARow)],
    ['Contributions', formatCount(stats.contributions)],
    health.behindMs !== null && ['Data behind by', formatSpan(health.behindMs / 1000)],
    known !== null && ['Known', formatShare(known)],
  ].filter((fact) => fact !== false);
  return html`<section class="health" aria-label="State">
    <div><p class="state ${health.level}"${health.level !== 'failed' && whenLate(documents)}>${health.words}</p><p>${lastRun(stats)}${nextRun(trends)}
    ${stats.data_until && html` Everything is read until ${minuteTime(stats.data_until)}.`}</p></div>
    <dl>${facts.map(([label, value]) => html`<div><dt>${label}</dt><dd>${value}</dd></div>`)}</dl></section>`;
}

function lastRun({ runs: [last] }: DashboardDocuments['stats']): Html {
  if (!last) return html`No run has begun yet.`;
  if (!last.finished_at) return html`A run goes on since ${minuteTime(last.started_at)}.`;
  const took = (Date.parse(last.finished_at) - Date.parse(last.started_at)) / 1000;
  const how = last.status === 'FAILED' ? 'failed' : 'ended';
  return html`The last run ${how} on ${minuteTime(last.finished_at)}, after ${formatTook(took)}.`;
}

const nextRun = (trends: DashboardDocuments['trends']): Html | null =>
  trends?.next_run_at ? html` The next is expected about ${minuteTime(trends.next_run_at)}.` : null;

/** What a script says instead once the next run is a day late: the page does not know what day it is. */
const whenLate = ({ stats, trends }: DashboardDocuments): Html | false => {
  const last = stats.runs[0]?.finished_at;
  return (
    Boolean(last && trends?.next_run_at) &&
    html` data-expected="${trends?.next_run_at}" data-late="No run since ${formatDay(last ?? '')}"`
  );
};

/** The mean of all months of all repositories, 0 to 1; null where it was never measured. */
export function knownShare(coverage: DashboardDocuments['coverage']): number | null {
  const months = coverage?.repositories.flatMap((repository) => repository.months) ?? [];
  if (months.length === 0) return null;
  const mean = months.reduce((sum, month) => sum + month.coverage, 0) / months.length;
  // Rounded down, so that 100 is all.
  return Math.floor(mean * 10 + 1e-9) / 1000;
}
