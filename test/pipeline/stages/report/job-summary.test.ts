import { describe, expect, it } from 'vitest';
import {
  buildJobSummary,
  type JobSummary,
} from '../../../../pipeline/stages/report/job-summary.ts';

const summary: JobSummary = {
  stats: {
    repositories: 3,
    contributors: 1234,
    contributions: 56789,
    runs: [
      {
        id: 7,
        status: 'COMPLETED',
        sources: ['github', 'bigquery'],
        started_at: '2026-03-14T02:00:00.000Z',
        finished_at: '2026-03-14T02:10:00.000Z',
        error_message: null,
      },
    ],
  },
  jobs: { BUDGET_EXCEEDED: 1, COMPLETED: 4 },
  refused: 0,
  unfit: 0,
  costs: {
    daily: { limit_usd: 5, spent_usd: 1.5, reserved_usd: 0, used: 0.3 },
    monthly: { limit_usd: 50, spent_usd: 20, reserved_usd: 0, used: 0.4 },
    warning_threshold: 0.8,
    backfill: null,
  },
};

describe('the summary of a run', () => {
  it('shows run, jobs, contributors and costs', () => {
    expect(buildJobSummary(summary)).toBe(`## Run 7: completed

| | |
|---|---|
| Sources | github, bigquery |
| Jobs | 1 budget exceeded, 4 completed |
| Repositories | 3 |
| Contributors | 1,234 |
| Contributions | 56,789 |
| BigQuery today | 1.50 USD spent of 5.00 USD (30 %) |
| BigQuery this month | 20.00 USD spent of 50.00 USD (40 %) |

`);
  });

  it('counts the errors by kind, with the last time of each', () => {
    const last_at = '2026-03-14T19:02:24.000Z';
    const classes = [
      { error_class: 'timeout', action: 'RETRY', severity: 'LOW', count: 1234, last_at },
      { error_class: 'not_found', action: 'END_JOB', severity: 'LOW', count: 1, last_at },
    ] as const;
    expect(buildJobSummary({ ...summary, classes: [...classes] })).toContain(
      '| Errors so far | 1,234 timeout (low, last 2026-03-14 19:02 UTC); 1 not found (low, last',
    );
  });

  it('warns of a budget that is nearly used, and says when the history is complete', () => {
    const daily = { limit_usd: 5, spent_usd: 3, reserved_usd: 1.25, used: 0.85 };
    const backfill = {
      done_days: 10,
      spent_usd: 4,
      remaining_days: 1000,
      estimated_usd: 150,
      whole_on: '2026-06-01',
    };
    const text = buildJobSummary({ ...summary, costs: { ...summary.costs, daily, backfill } });
    expect(text).toContain(
      '> [!WARNING]\n> The BigQuery budget of today is nearly used: ' +
        '3.00 USD spent and 1.25 USD reserved of 5.00 USD (85 %).\n',
    );
    expect(text.match(/WARNING/g)).toHaveLength(1);
    expect(text).toContain('| 10 days read, 1,000 to be read, complete by 2026-06-01 |');
  });

  it('does not warn with a budget of 0, and keeps an error on its line', () => {
    const none = { limit_usd: 0, spent_usd: 0, reserved_usd: 0, used: null };
    const [run] = summary.stats.runs;
    const failed = { ...run, status: 'FAILED', error_message: 'a <b>\nand | c' } as const;
    const text = buildJobSummary({
      ...summary,
      stats: { ...summary.stats, runs: [failed as (typeof summary.stats.runs)[number]] },
      costs: { ...summary.costs, daily: none, monthly: none },
    });
    expect(text).toContain('## Run 7: failed\n\na &lt;b> and \\| c\n');
    expect(text).not.toContain('WARNING');
  });

  it('counts what could not be stored or published', () => {
    const text = buildJobSummary({ ...summary, refused: 1234, unfit: 2 });
    expect(text).toContain('| Items that could not be stored | 1,234 |\n');
    expect(text).toContain('| Documents that could not be published | 2 |\n');
  });

  it('says so if there was no run', () => {
    const text = buildJobSummary({ ...summary, stats: { ...summary.stats, runs: [] }, jobs: {} });
    expect(text).toMatch(/^## Leaderboard published\n/);
    expect(text).toContain('| Jobs | none |');
  });
});
