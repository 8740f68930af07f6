import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { countJobsOfLastRun, countRefusedOfLastRun } from '../../../db/queries/jobs.ts';
import {
  type Costs,
  costsSchema,
  type Errors,
  errorsSchema,
  type Stats,
  statsSchema,
} from '../../published/documents.ts';
import { documentPath } from '../../published/paths.ts';
import type { Context } from '../../runtime/context.ts';
import { appendSummary, summaryPath } from '../../runtime/step-summary.ts';
import { toPrintableLine } from '../../util/printable.ts';
import { buildDetails, putAsideSentence, readDetails, warningOf } from './summary-details.ts';

/** The summary of a run on its page in GitHub Actions, made from the published documents. */

export interface JobSummary {
  readonly stats: Pick<Stats, 'repositories' | 'contributors' | 'contributions' | 'runs'>;
  /** Jobs of the run by status. */
  readonly jobs: Readonly<Record<string, number>>;
  /** Items of the run that could not be stored. */
  readonly refused: number;
  /** Documents that could not be published anew. */
  readonly unfit: number;
  /** Failures by class; absent if that document could not be published. */
  readonly classes?: Errors['classes'];
  readonly costs: Pick<Costs, 'daily' | 'monthly' | 'warning_threshold' | 'backfill'>;
}

/** Appends the summary to the file that GitHub Actions names; does nothing outside of Actions. */
export async function writeJobSummary(context: Context, unfit: number): Promise<void> {
  const { db, log, options, journal } = context;
  const path = summaryPath();
  if (path === null && journal === undefined) return;
  const fileOf = (name: 'stats' | 'costs' | 'errors') =>
    join(options.out, 'api', 'v1', documentPath(name));
  if (!existsSync(fileOf('stats')) || !existsSync(fileOf('costs'))) {
    log.warn({}, 'no summary: the documents that it is made from could not be published');
    return;
  }
  const read = (name: 'stats' | 'costs' | 'errors') =>
    JSON.parse(readFileSync(fileOf(name), 'utf8'));
  const summary = {
    stats: statsSchema.parse(read('stats')),
    costs: costsSchema.parse(read('costs')),
    ...(existsSync(fileOf('errors')) && { classes: errorsSchema.parse(read('errors')).classes }),
    jobs: await countJobsOfLastRun(db),
    refused: await countRefusedOfLastRun(db),
    unfit,
  };
  const aside = summary.refused > 0 ? [putAsideSentence(summary.refused)] : [];
  journal?.warnings.push(...warnings(summary.costs), ...aside);
  if (path === null) return;
  const details = await readDetails(context).then(buildDetails, (err: unknown) => {
    log.warn({ err }, 'the summary has no details');
    return '';
  });
  appendSummary(path, buildJobSummary(summary) + aside.map(warningOf).join('') + details);
  if (journal) journal.isSummarized = true;
}

/** The summary as Markdown. */
export function buildJobSummary(summary: JobSummary): string {
  const { stats, jobs, costs, refused, unfit, classes = [] } = summary;
  const [run] = stats.runs;
  return [
    run ? `## Run ${run.id}: ${words(run.status)}\n` : '## Leaderboard published\n',
    ...(run?.error_message ? [`${onOneLine(run.error_message)}\n`] : []),
    ...warnings(costs).map((line) => `> [!WARNING]\n> ${line}\n`),
    '| | |\n|---|---|',
    ...(run ? [row('Sources', run.sources.join(', '))] : []),
    row('Jobs', describeJobs(jobs)),
    ...(refused > 0 ? [row('Items that could not be stored', number(refused))] : []),
    ...(unfit > 0 ? [row('Documents that could not be published', number(unfit))] : []),
    ...(classes.length > 0 ? [row('Errors so far', classes.map(describeClass).join('; '))] : []),
    row('Repositories', number(stats.repositories)),
    row('Contributors', number(stats.contributors)),
    row('Contributions', number(stats.contributions)),
    row('BigQuery today', gauge(costs.daily)),
    row('BigQuery this month', gauge(costs.monthly)),
    ...(costs.backfill ? [row('History', describeBackfill(costs.backfill))] : []),
    '\n',
  ].join('\n');
}

/** One line for each budget that is used up to the warning threshold. */
function warnings({ daily, monthly, warning_threshold }: JobSummary['costs']): string[] {
  const gauges = [
    ['today', daily],
    ['this month', monthly],
  ] as const;
  return gauges
    .filter(([, { used }]) => used !== null && used > 0 && used >= warning_threshold)
    .map(([when, one]) => `The BigQuery budget of ${when} is nearly used: ${gauge(one)}.`);
}

const row = (name: string, value: string) => `| ${name} | ${onOneLine(value)} |`;
const number = (value: number) => value.toLocaleString('en-US');
const words = (status: string) => status.toLowerCase().replaceAll('_', ' ');
const usd = (amount: number) => `${amount.toFixed(2)} USD`;

function gauge({ spent_usd, reserved_usd, limit_usd, used }: Costs['daily']): string {
  const reserved = reserved_usd > 0 ? ` and ${usd(reserved_usd)} reserved` : '';
  const share = used === null ? '' : ` (${Math.floor(used * 100)} %)`;
  return `${usd(spent_usd)} spent${reserved} of ${usd(limit_usd)}${share}`;
}

function describeClass({ error_class, severity, count, last_at }: Errors['classes'][number]) {
  const last = last_at.slice(0, 16).replace('T', ' ');
  return `${number(count)} ${words(error_class)} (${words(severity)}, last ${last} UTC)`;
}

function describeJobs(jobs: JobSummary['jobs']): string {
  const parts = Object.entries(jobs).map(([status, count]) => `${number(count)} ${words(status)}`);
  return parts.join(', ') || 'none';
}

function describeBackfill({ done_days, remaining_days, whole_on }: NonNullable<Costs['backfill']>) {
  const end = whole_on === null ? 'never complete within this budget' : `complete by ${whole_on}`;
  return `${number(done_days)} days read, ${number(remaining_days)} to be read, ${end}`;
}

/** Text on one line that is neither HTML nor Markdown, and may stand in a cell of a table. */
function onOneLine(text: string): string {
  const line = toPrintableLine(text.replaceAll(/[ \n]+/g, ' '));
  return line.replaceAll(/[\\`*[\]|~]/g, '\\$&').replaceAll('<', '&lt;');
}
