import { formatCount, formatRange, plural } from '../../lib/format.ts';
import { medianOf } from '../../lib/health.ts';
import { type Html, html } from '../../lib/html.ts';
import { drawChart, listTicks, stackColumns } from '../chart.ts';
import { figure, key } from '../figure.ts';
import type { RunShown } from './documents.ts';

/** How long runs took, in parts that are groups of their stages. */

const PARTS = [
  { code: 'r1', label: 'Plan', stages: ['preflight', 'discovery'] },
  { code: 'r2', label: 'Read', stages: ['scrape', 'missing-numbers'] },
  { code: 'r3', label: 'Score', stages: ['calculate', 'recalculate'] },
  { code: 'r4', label: 'Look people up', stages: ['enrich'] },
] as const;
/** Between the stages, and of runs whose log is not kept. */
const REST = { code: 'r0', label: 'Other' };

/** `3 min 12 s`, `41 s`. */
export function formatTook(seconds: number): string {
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`;
}

interface Ended extends RunShown {
  readonly seconds: number;
}

/** @param newest runs, newest first */
export function durations(newest: readonly RunShown[]): Html | null {
  const runs = newest.filter((shown): shown is Ended => shown.seconds !== null).toReversed();
  const typical = medianOf(
    runs.filter(({ run }) => run.status === 'COMPLETED').map(({ seconds }) => seconds),
  );
  if (runs.length < 2 || typical === null) return null;
  const groups = splitRuns(runs);
  return figure({
    title: `A run takes ${formatTook(typical)}`,
    text: describe(runs),
    legend: html`${groups.map(({ code, label }) => key(code, label))}`,
    plot: draw(runs, groups),
    table: table(runs, groups),
    width: 8,
  });
}

interface Group {
  readonly code: string;
  readonly label: string;
  /** Seconds of each run. */
  readonly counts: readonly number[];
}

/** The parts of each run, which sum up to all of it; parts that no run has are left out. */
function splitRuns(runs: readonly Ended[]): Group[] {
  const secondsOf = ({ trend }: Ended, stages: readonly string[]) =>
    trend?.stages.reduce((sum, one) => sum + (stages.includes(one.stage) ? one.seconds : 0), 0) ??
    0;
  const parts = PARTS.map(({ code, label, stages }) => ({
    code,
    label,
    counts: runs.map((run) => secondsOf(run, stages)),
  }));
  const rest = runs.map(({ seconds }, at) => {
    const told = parts.reduce((sum, { counts }) => sum + (counts[at] ?? 0), 0);
    return seconds - told < 1 ? 0 : seconds - told;
  });
  return [...parts, { ...REST, counts: rest }].filter(({ counts }) =>
    counts.some((seconds) => seconds > 0),
  );
}

function describe(runs: readonly Ended[]): string {
  const failed = runs.filter(({ run }) => run.status === 'FAILED').length;
  const again = runs.filter(({ trend }) => (trend?.jobs_tried_again ?? 0) > 0).length;
  const [first, last] = [runs[0], runs.at(-1)].map((shown) => shown?.run.started_at ?? '');
  const said = [
    failed > 0 && `${formatCount(failed)} failed`,
    again > 0 && `in ${formatCount(again)} a job was tried again`,
  ].filter(Boolean);
  const what = `The middle of ${plural(runs.length, 'run')}, ${formatRange(first ?? '', last ?? '')}`;
  return `${what}${said.length > 0 ? `; ${said.join(', ')}` : ''}.`;
}

function draw(runs: readonly Ended[], groups: readonly Group[]): Html {
  const most = Math.max(1, ...runs.map(({ seconds }) => seconds));
  const unit = most >= 120 ? 60 : 1;
  const failed = runs.flatMap(({ run }, at) => (run.status === 'FAILED' ? [at] : []));
  const every = Math.ceil(runs.length / 6);
  return drawChart({
    label: `How long each of ${runs.length} runs took, by part; ${failed.length} failed`,
    columns: runs.length,
    marks: stackColumns(groups, most, runs.length),
    values: listTicks(most / unit, 1).map((value) => ({
      at: (value * unit) / most,
      text: `${formatCount(value)} ${unit === 60 ? 'min' : 's'}`,
    })),
    times: runs.flatMap(({ run }, at) =>
      at % every === 0 ? [{ at: at + 0.5, text: formatRange(run.started_at, run.started_at) }] : [],
    ),
    notes: failed.map((at) => ({
      at: at + 0.5,
      // Above its neighbours, too, which the words may reach.
      height: Math.max(...[at - 1, at, at + 1].map((one) => runs[one]?.seconds ?? 0)) / most,
      text: failed.length === 1 ? '✕ failed' : '✕',
    })),
  });
}

/** A row for each run, the latest first. */
function table(runs: readonly Ended[], groups: readonly Group[]): Html {
  const rows = runs.map(
    ({ run, seconds }, at) =>
      html`<tr><th>${run.id}${run.status === 'FAILED' && ', failed'}${groups.map(({ counts }) => html`<td>${formatTook(counts[at] ?? 0)}`)}<td>${formatTook(seconds)}`,
  );
  return html`<table class="led values"><thead><tr><th scope="col">Run${groups.map(({ label }) => html`<th scope="col">${label}`)}<th scope="col">All</tr></thead>
    <tbody>${rows.toReversed()}</tbody></table>`;
}
