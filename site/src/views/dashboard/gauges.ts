import { formatMonth } from '../../../../pipeline/domain/months.ts';
import type { Costs, Index, Trends } from '../../../../pipeline/published/documents.ts';
import { budgetLevel } from '../../lib/budget.ts';
import { formatCount, formatDollars, formatShare, plural } from '../../lib/format.ts';
import { type Html, html } from '../../lib/html.ts';
import { columnMarks } from '../chart.ts';
import { bareTime } from '../time.ts';

/** What is used of what may be used: GitHub's rate limit, the budgets, the size of the site. */

interface Bar {
  readonly label: string;
  /** Shares of the limit, 0 to 1. */
  readonly used: number;
  readonly reserved?: number;
  readonly warning: number;
  readonly level: 'fine' | 'near' | 'over';
}

/** A bar with a tick where a warning is due. */
function bar({ label, used, reserved = 0, warning, level }: Bar): Html {
  const width = (share: number) => Math.round(Math.min(1, share) * 1000) / 10;
  return html`<div class="meter ${level}" role="meter" aria-label="${label}" aria-valuemin="0" aria-valuemax="100" aria-valuenow="${Math.min(100, Math.round((used + reserved) * 100))}" aria-valuetext="${formatShare(used + reserved)}">
    <svg viewBox="0 0 100 1" preserveAspectRatio="none" aria-hidden="true">${reserved > 0 && html`<path class="reserved" d="M0 .5h${width(used + reserved)}"/>`}
    <path class="spent" d="M0 .5h${width(used)}"/><path class="tick" d="M${width(warning)} 0v1"/></svg></div>`;
}

interface Gauge {
  readonly title: string;
  readonly value: string;
  readonly of: Html | string;
  readonly plot: Html;
  readonly text: Html | string;
}

const gauge = ({ title, value, of, plot, text }: Gauge): Html =>
  html`<section class="fig g4 gauge"><h2>${title}</h2><p class="big">${value} <small>${of}</small></p>${plot}<p>${text}</p></section>`;

/** The latest day that something was asked of GitHub, and how it compares. */
export function githubGauge(days: Trends['days']): Html | null {
  const used = days.filter(({ github_requests }) => github_requests > 0);
  const last = used.at(-1);
  if (!last) return null;
  const most = Math.max(1, ...days.map(({ github_points }) => github_points));
  const sum = (part: 'github_points' | 'github_requests') =>
    formatCount(used.reduce((total, day) => total + day[part], 0));
  const parts = days.map(({ github_points: to }, at) => ({ at, from: 0, to }));
  return gauge({
    title: 'GitHub’s rate limit',
    value: formatCount(last.github_points),
    of: html`${last.github_points === 1 ? 'point' : 'points'} on ${bareTime(last.date)}`,
    plot: html`<svg class="spark-days" role="img" aria-label="Points on each of ${days.length} days, ${formatCount(most)} at most" viewBox="0 0 ${days.length} 100" preserveAspectRatio="none">${columnMarks('quiet', parts, most)}</svg>`,
    text: `${formatCount(most)} on the busiest day; ${sum('github_points')} points and ${sum('github_requests')} requests in ${days.length} days.`,
  });
}

/** Of the month; only where something was ever charged. */
export function costGauge(costs: Costs): Html | null {
  if (!usesMoney(costs)) return null;
  const { monthly, daily, warning_threshold: warning, projected_month_usd: forecast } = costs;
  const { limit_usd: limit, spent_usd: spent, reserved_usd: reserved } = monthly;
  const share = (usd: number) => (limit > 0 ? usd / limit : 0);
  const isOver = limit > 0 && forecast > limit;
  const stops = limit > 0 ? ` It stops by itself at ${formatDollars(limit)}.` : '';
  return gauge({
    title: `BigQuery, ${formatMonth(costs.generated_at.slice(0, 7))}`,
    value: formatDollars(spent),
    of: limit > 0 ? `of ${formatDollars(limit)}` : 'nothing may be spent',
    plot: bar({
      label: 'Spent of the month’s budget',
      ...{ used: share(spent), reserved: share(reserved), warning },
      level: budgetLevel(monthly, warning),
    }),
    text: `${reserved > 0 ? `${formatDollars(reserved)} reserved. ` : ''}Forecast ${formatDollars(forecast)}${isOver ? ', above the limit' : ''}. Today ${formatDollars(daily.spent_usd)} of ${formatDollars(daily.limit_usd)}.${stops}`,
  });
}

export const usesMoney = ({ days, repositories, backfill }: Costs): boolean =>
  days.length > 0 || repositories.length > 0 || backfill !== null;

const MEGABYTE = 1_000_000;
/** Where the check before a deployment warns. */
const SIZE_WARNING = 0.8;

/** What the documents and pages take, as it was planned. */
export function sizeGauge(plan: Index['plan'], pages: number): Html {
  const megabytes = (bytes: number) => `${formatCount(bytes / MEGABYTE)} MB`;
  const used = plan.estimated_bytes / plan.limit_bytes;
  const files = plan.files.reduce((sum, kind) => sum + kind.files, 0);
  return gauge({
    title: 'Size of the site',
    value: megabytes(plan.estimated_bytes),
    of: `of ${megabytes(plan.limit_bytes)}`,
    plot: bar({
      label: 'Bytes of what the site may take',
      ...{ used, warning: SIZE_WARNING },
      level: budgetLevel({ used }, SIZE_WARNING),
    }),
    text: `As planned: about ${plural(files, 'file')}; ${plural(pages, 'person has', 'people have')} a page of their own.`,
  });
}
