import { parseHTML } from 'linkedom';
import { describe, expect, it } from 'vitest';
import type {
  Costs,
  Coverage,
  Errors,
  Index,
  Jobs,
  Run,
  Stats,
  Trends,
} from '../../pipeline/published/documents.ts';
import { judgeHealth } from '../../site/src/lib/health.ts';
import { dashboard } from '../../site/src/views/dashboard/dashboard.ts';
import type { DashboardDocuments } from '../../site/src/views/dashboard/documents.ts';
import { formatTook } from '../../site/src/views/dashboard/durations.ts';
import { runPage } from '../../site/src/views/dashboard/run-page.ts';
import { buildDocuments } from '../support/documents.ts';

const documents = buildDocuments({ people: 12, contributorPages: 3 });
const find = <T>(path: string) => documents.get(path) as T;
const stats = find<Stats>('dashboard/stats.json');
const trends = find<Trends>('dashboard/trends.json');
const costs = find<Costs>('dashboard/costs.json');
const all: DashboardDocuments = {
  ...{ stats, trends, costs },
  jobs: find<Jobs>('jobs.json'),
  errors: find<Errors>('dashboard/errors.json'),
  coverage: find<Coverage>('dashboard/coverage.json'),
  plan: find<Index>('index.json').plan,
  withPage: new Set([9, 8]),
  site: { base: '/', tracked: new Map() },
};
const draw = (changes: Partial<DashboardDocuments> = {}) =>
  parseHTML(`<main>${dashboard({ ...all, ...changes }, 3).text}</main>`).document;
const heads = (document: Document) =>
  [...document.querySelectorAll('h2')].map((one) => one.textContent ?? '');

describe('how it goes', () => {
  const at = (ms: number) => new Date(Date.parse(stats.generated_at) - ms).toISOString();
  const runs = (...states: ('COMPLETED' | 'FAILED')[]) =>
    states.map((status, place) => ({
      ...{ id: 9 - place, status, sources: ['github'], error_message: null },
      ...{ started_at: at(place * 86_400_000), finished_at: at(place * 86_400_000 - 60_000) },
    }));
  const judge = (changes: Partial<Stats> & { breakers?: Trends['breakers'] }) => {
    const { words, level } = judgeHealth({
      ...stats,
      runs: runs('COMPLETED'),
      data_until: at(0),
      ...changes,
    });
    return [level, words];
  };

  it.each([
    ['healthy', {}, ['good', 'Healthy']],
    ['failed', { runs: runs('FAILED', 'COMPLETED') }, ['failed', 'The last run failed']],
    ['failed again', { runs: runs('FAILED', 'FAILED') }, ['failed', 'The last 2 runs failed']],
    ['behind', { data_until: at(6.5 * 86_400_000) }, ['behind', 'Behind by 6 days']],
    ['not read', { data_until: null }, ['behind', 'Nothing has been read yet']],
    [
      'left alone',
      {
        breakers: [
          {
            source: 'github',
            state: 'OPEN' as const,
            failures: 5,
            opened_at: null,
            closed_at: null,
          },
        ],
      },
      ['behind', 'Waits for github'],
    ],
  ])('%s', (_, changes, expected) => {
    expect(judge(changes)).toEqual(expected);
  });

  it('counts good runs since the last that failed', () => {
    const good = judgeHealth({ ...stats, runs: runs('COMPLETED', 'COMPLETED', 'FAILED') });
    expect(good.goodInARow).toBe(2);
    expect(judgeHealth({ ...stats, runs: runs('FAILED', 'COMPLETED') }).goodInARow).toBe(0);
  });
});

describe('the dashboard', () => {
  it('says how it goes, in numbers of its documents', () => {
    const health = draw().querySelector('.health');
    expect(health?.querySelector('.state')?.textContent).toBe('Waits for bigquery');
    const facts = [...(health?.querySelectorAll('dd') ?? [])].map((one) => one.textContent);
    expect(facts.slice(0, 2)).toEqual(['2', '48,211']);
    const late = health?.querySelector('[data-late]');
    expect(late?.getAttribute('data-expected')).toBe(trends.next_run_at);
    expect(late?.getAttribute('data-late')).toBe('No run since 20 Nov 2025');
  });

  it('shows the parts of each run, which sum up to it', () => {
    const rows = [...draw().querySelectorAll('figure.g8 tbody tr')].map((row) =>
      [...row.children].map((cell) => cell.textContent),
    );
    // Run, plan, read, score, other, all. Of the fifth no stage is known.
    expect(rows[0]).toEqual(['9', '12 s', '5 min 1 s', '1 min 28 s', '29 s', '7 min 11 s']);
    expect(rows[2]?.[0]).toBe('7, failed');
    expect(rows[4]).toEqual(['5', '0 s', '0 s', '0 s', '7 min 11 s', '7 min 11 s']);
  });

  it('hatches the days of which hours are missing', () => {
    const chart = draw().querySelector('figure.g4');
    const bands = [...(chart?.querySelectorAll('.hatch') ?? [])];
    expect(bands.map((band) => [band.getAttribute('x'), band.getAttribute('width')])).toEqual([
      ['66.7%', '1.7%'],
    ]);
    expect(chart?.textContent).toContain('Hours of the hatched days are missing.');
    const whole = trends.days.map((day) => ({ ...day, missing_hours: 0 }));
    expect(draw({ trends: { ...trends, days: whole } }).querySelector('.hatch')).toBeNull();
  });

  it('names runs by their time, with a link where they have a page', () => {
    const rows = [...draw().querySelectorAll('.runs tbody tr')];
    expect(rows.map((row) => row.querySelector('a')?.getAttribute('href'))).toEqual([
      '/runs/9/',
      '/runs/8/',
      undefined,
      undefined,
      undefined,
    ]);
    expect(rows[1]?.textContent).toContain('1 job was tried again');
    expect(rows[2]?.textContent).toContain('GitHub answered <502>; the run stopped');
  });

  it('lists open failures before those that a later job made up for', () => {
    const document = draw();
    expect(heads(document)).toContain('1 failure is open');
    const items = [...document.querySelectorAll('.failures .mark')].map((one) => one.className);
    expect(items.slice(0, 2)).toEqual(['mark open', 'mark solved']);
  });

  it('shows money only where it was spent', () => {
    const none = { ...costs, days: [], repositories: [], backfill: null };
    const shown = (document: Document) =>
      heads(document).filter((head) => /\$|BigQuery|history/.test(head));
    expect(shown(draw())).toHaveLength(3);
    expect(shown(draw({ costs: none }))).toEqual([]);
  });

  it('does without what was never written', () => {
    const nothing = { trends: null, jobs: null, errors: null, costs: null, coverage: null };
    expect(heads(draw(nothing))).toEqual([
      'A run takes 7 min 11 s',
      'Size of the site',
      'Last runs',
      'Use of GitHub’s API',
    ]);
  });

  it('says before the first run that there is none', () => {
    const first = { ...stats, runs: [], data_until: null, github_usage: [] };
    const document = draw({ stats: first, trends: null, jobs: null, errors: null, costs: null });
    expect(document.querySelector('.state')?.textContent).toBe('Nothing has been read yet');
    expect(document.documentElement.textContent).toContain('There has been no run yet.');
  });
});

describe('the page of a run', () => {
  it('draws stages one after the other', () => {
    const run = find<Run>('runs/7.json');
    const { document } = parseHTML(`<main>${runPage('/', run).text}</main>`);
    const bars = [...document.querySelectorAll('.stages path')].map((bar) => bar.getAttribute('d'));
    expect(bars).toEqual(['M0 4h2', 'M2 4h298']);
    expect(document.querySelector('.stages .bad')).not.toBeNull();
  });
});

it.each([
  [0.4, '0 s'],
  [59.6, '1 min 0 s'],
  [192, '3 min 12 s'],
  [3720, '1 h 2 min'],
])('%d s are written as %s', (seconds, text) => {
  expect(formatTook(seconds)).toBe(text);
});
