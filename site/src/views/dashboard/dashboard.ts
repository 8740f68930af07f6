import type { Costs } from '../../../../pipeline/published/documents.ts';
import { warnOfBudgets } from '../../lib/budget.ts';
import { type Html, html } from '../../lib/html.ts';
import { minuteTime } from '../time.ts';
import { costFigure, historyFigure } from './costs.ts';
import { dayCounts } from './day-counts.ts';
import { type DashboardDocuments, listRunsShown } from './documents.ts';
import { durations } from './durations.ts';
import { breakers, errorClasses, failureList, givenUp } from './failures.ts';
import { costGauge, githubGauge, sizeGauge, usesMoney } from './gauges.ts';
import { healthLine } from './health.ts';
import { jobTable } from './job-table.ts';
import { knownPanel } from './known-panel.ts';
import { runTable } from './run-table.ts';
import { usagePanel } from './usage.ts';

/** The state of the collection of data, most important first. @param pages people with a page */
export function dashboard(documents: DashboardDocuments, pages: number): Html {
  const { stats, trends, jobs, errors, costs, coverage, plan, site } = documents;
  const paid = costs && usesMoney(costs) ? costs : null;
  const runs = listRunsShown(stats, trends);
  const repositories = coverage?.repositories ?? [];
  return html`${healthLine(documents)}${costs && budgetWarning(costs)}<div class="grid">
    ${durations(runs)}${trends && dayCounts(trends.days)}
    ${trends && githubGauge(trends.days)}${paid && costGauge(paid)}${sizeGauge(plan, pages)}
    ${runTable(documents, runs)}${trends && html`<div class="g5 stack">${failureList(trends.failures)}${breakers(trends.breakers)}</div>`}
    ${paid && costFigure(paid)}${paid && historyFigure(paid, repositories)}
    ${errors && errorClasses(errors.classes)}${knownPanel(site.base, coverage)}
    ${errors && givenUp(errors.errors)}${jobs && jobTable(jobs.jobs)}${usagePanel(site, stats.github_usage)}</div>`;
}

function budgetWarning(costs: Costs): Html | null {
  const warnings = warnOfBudgets(costs);
  if (warnings.length === 0) return null;
  return html`<div class="warning budget-warning" role="note">${warnings.map((warning) => html`<p>${warning}</p>`)}
    <p><small>As of ${minuteTime(costs.generated_at)}. A source that costs money is skipped once a budget is used up.</small></p></div>`;
}
