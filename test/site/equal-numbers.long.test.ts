import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { DuckDBInstance } from '@duckdb/node-api';
import { parseHTML } from 'linkedom';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { CONTRIBUTION_KINDS, countColumn } from '../../pipeline/domain/contribution-kinds.ts';
import type {
  Board,
  Contributor,
  ContributorActivity,
  ContributorRepositories,
  Entry,
  Leaderboard,
  RepositoryActivity,
  RepositoryDocument,
} from '../../pipeline/published/documents.ts';
import { servePreview } from '../../site/preview.ts';
import { kindText } from '../../site/src/lib/kinds.ts';
import { type CompareFacts, readAnswers } from '../../site/src/scripts/compare-source.ts';
import { READY_QUERIES } from '../../site/src/sql/queries.ts';
import { listRows } from '../../site/src/views/compare-table.ts';
import { mustSkipBrowser, openBrowser } from '../support/browser.ts';
import { inventHours, REPOSITORIES } from '../support/invented-hours.ts';
import { PERIOD_DAYS } from '../support/oracle.ts';
import { runOnArchive, writeHourFiles } from '../support/pipeline.ts';
import { readCount, runBuild } from './built-site.ts';
import { visitPage } from './visit.ts';

/** A number that stands in several places of the built site is the same everywhere. */

const PERIODS = ['all', 'year', 'quarter', 'month', 'week'] as const;
const SCOPES = ['global', ...REPOSITORIES];
const COUNTS = CONTRIBUTION_KINDS.map((kind) => countColumn(kind));

type Count = (typeof COUNTS)[number];

/** Scores have at most three decimals. */
const exact = (score: number) => Math.round(score * 1000) / 1000;
const sumOf = (numbers: readonly number[]) => numbers.reduce((sum, number) => sum + number, 0);

describe('the numbers of a built site', () => {
  let folder: string;
  let data: string;
  let site: string;
  let close: () => Promise<void>;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'equal-numbers-'));
    mkdirSync(join(folder, 'hours'));
    const { events, from, now } = inventHours('full');
    writeHourFiles(join(folder, 'hours'), events);
    const run = await runOnArchive({
      archiveUrl: pathToFileURL(`${join(folder, 'hours')}/`).href,
      repositories: REPOSITORIES,
      now: now.toISOString(),
      files: { 'site.yaml': 'default_period: all\n' },
      options: { from },
    });
    ({ out: data, close } = run);
    site = join(folder, 'site');
    const { code, text } = await runBuild(['--data', data, '--out', site]);
    if (run.code !== 0 || code !== 0) throw new Error(text);
  });
  afterAll(async () => {
    vi.unstubAllEnvs();
    await close?.();
    rmSync(folder, { recursive: true, force: true });
  });

  const readFile = (path: string) => readFileSync(join(site, path), 'utf8');
  const read = <T>(path: string) => JSON.parse(readFile(`api/v1/${path}`)) as T;
  const open = (path: string) => parseHTML(readFile(path)).document;
  const entriesOf = (scope: string, period: string) =>
    read<Leaderboard>(`leaderboard/${scope}/${period}/1.json`).entries;
  const people = () => entriesOf('global', 'all');
  const boards = SCOPES.flatMap((scope) => PERIODS.map((period) => [scope, period] as const));

  /** What each place shows of an entry of a board. */
  const numbersOf = (entry: Pick<Entry, Count | 'rank' | 'total_score'>) => [
    entry.rank,
    entry.total_score,
    ...COUNTS.map((column) => entry[column]),
  ];

  it('are those of many people and of all kinds', () => {
    expect(people().length).toBeGreaterThan(15);
    for (const column of COUNTS) {
      const all = people().map((entry) => entry[column]);
      expect([column, sumOf(all)], column).not.toEqual([column, 0]);
    }
  });

  it.each(boards)('are the same by rows and by columns: %s, %s', (scope, period) => {
    const { columns } = read<Board>(`boards/${scope}/${period}/1.json`);
    const entries = entriesOf(scope, period);
    expect(columns.username).toEqual(entries.map(({ username }) => username));
    for (const [place, entry] of entries.entries()) {
      expect([
        columns.rank?.[place],
        columns.total_score?.[place],
        ...COUNTS.map((column) => columns.counts?.[column]?.[place] ?? 0),
      ]).toEqual(numbersOf(entry));
      expect(columns.delta_7d?.[place]).toBe(entry.delta_7d);
    }
  });

  it('are offered as CSV on each board: as a file, or by a query', () => {
    for (const period of PERIODS) {
      const page = period === 'all' ? 'index.html' : `global/${period}/1/index.html`;
      const link = [...open(page).querySelectorAll('.src a')].find(
        ({ textContent }) => textContent === 'CSV',
      );
      const file = `api/v1/downloads/global/${period}.csv`;
      const target = ['all', 'month'].includes(period) ? file : 'data/#csv';
      expect([period, link?.getAttribute('href')]).toEqual([
        period,
        expect.stringContaining(target),
      ]);
    }
    const help = open('data/index.html').querySelector('#csv a')?.getAttribute('href');
    expect(help).toMatch(/sql\/#board$/);
    expect(open('sql/index.html').querySelector('#board pre')?.textContent).toContain("'week'");
  });

  it.skipIf(mustSkipBrowser())('are the same in queries in the browser', async () => {
    const preview = await servePreview({ out: site, port: 0 });
    const browser = await openBrowser();
    const look = async (page: Page) => {
      const ask = async (query: string) => {
        await page.getByLabel('Query', { exact: true }).fill(query);
        await page.keyboard.press('Control+Enter');
        await page.locator('[data-part=status]:not(:text("…"))').waitFor({ timeout: 60_000 });
        await page.locator('[data-part=run]').waitFor({ timeout: 60_000 });
        return (await page.locator('[data-part=status]').textContent()) ?? '';
      };
      const readRows = () =>
        page
          .locator('[data-part=table] tbody tr')
          .evaluateAll((rows) =>
            rows.map((row) =>
              [...row.querySelectorAll('td')].map((cell) => cell.textContent ?? ''),
            ),
          );
      for (const scope of SCOPES.slice(0, 2)) {
        const names = ['username', 'rank', 'total_score', ...COUNTS].join();
        const said = await ask(`SELECT ${names} FROM boards
          WHERE scope = '${scope}' AND period = 'month' AND rank IS NOT NULL;`);
        const rows = new Map(
          (await readRows()).map(([name, ...cells]) => [name, cells.map(Number)]),
        );
        const entries = entriesOf(scope, 'month');
        expect(said).toContain(`${entries.length} rows`);
        for (const entry of entries) expect(rows.get(entry.username)).toEqual(numbersOf(entry));
      }
      for (const { query } of READY_QUERIES) expect(await ask(query)).toMatch(/^\d+ rows?, /);
      await ask(`SELECT '<img src=x>' AS "<b>", NULL, day, ARRAY[1, 2] FROM days LIMIT 1`);
      expect((await readRows())[0]).toEqual([
        '<img src=x>',
        'null',
        expect.stringMatching(/^\d{4}-\d\d-\d\d$/),
        '{1,2}',
      ]);
      expect(await ask('SELECT 1,\n rnk FROM boards')).toBe('Line 2: column "rnk" does not exist.');
      expect(await ask('DELETE FROM boards')).toContain('Only what reads can run');
      expect(await ask('SELECT 1; SELECT 2')).toContain('One query at a time');
      expect(await ask('SELECT generate_series(1, 5000)')).toContain('The first 1,000 rows');
    };
    try {
      await visitPage(browser, preview.url, 'sql/', look);
    } finally {
      await browser.close();
      await preview.close();
    }
  });

  it('are the same in the tables to download', async () => {
    const connection = await (await DuckDBInstance.create()).connect();
    const names = ['rank', 'total_score', ...COUNTS].map((name) => `"${name}"`).join();
    const select = async (from: string) =>
      (await connection.runAndReadAll(`SELECT username, ${names} FROM ${from}`))
        .getRowsJson()
        .map(([username, ...numbers]) => [username, ...numbers.map(Number)]);
    const downloads = join(site, 'api/v1/downloads');
    for (const [scope, period] of boards) {
      const expected = entriesOf(scope, period).map((one) => [one.username, ...numbersOf(one)]);
      const where = `WHERE scope = '${scope}' AND period = '${period}' ORDER BY rank, lower(username)`;
      const parquet = await select(`'${downloads}/boards.parquet' ${where}`);
      expect(new Map(parquet.map((row) => [row[0], row]))).toEqual(
        new Map(expected.map((row) => [row[0], row])),
      );
      if (period !== 'all' && period !== 'month') continue;
      const csv = scope === 'global' ? `global/${period}` : `repositories/${scope}/${period}`;
      if (expected.length > 0)
        expect(await select(`'${downloads}/${csv}.csv'`), csv).toEqual(expected);
    }
  });

  it('are the same in the rows of pages', () => {
    for (const [scope, period] of boards) {
      const pages = scope === 'global' ? 'global' : `repositories/${scope}`;
      const first = scope === 'global' ? 'index.html' : `${pages}/index.html`;
      const entries = entriesOf(scope, period);
      const rows = [
        ...open(period === 'all' ? first : `${pages}/${period}/1/index.html`).querySelectorAll(
          'tr[id^="c-"]',
        ),
      ];
      expect(rows.map(({ id }) => id.slice(2))).toEqual(entries.map(({ username }) => username));
      for (const [place, row] of rows.entries()) {
        const entry = entries[place] as Entry;
        const cells = [...row.children];
        const at = (column: number) => readCount(cells[column]?.textContent ?? '');
        expect(Number(/\d+/.exec(cells[0]?.textContent ?? '')?.[0])).toBe(entry.rank);
        expect(cells[3]?.getAttribute('title')?.replaceAll(',', '') ?? String(at(3))).toBe(
          String(entry.total_score),
        );
        expect(at(3)).toBe(Math.round(entry.total_score));
        expect([7, 8, 9, 10, 11, 12].map(at)).toEqual([
          entry.pr_merged_count,
          entry.pr_reviewed_count,
          entry.commit_count,
          entry.issues_opened_count + entry.issues_closed_count,
          entry.comments_count + entry.pr_review_comment_count,
          entry.releases_count,
        ]);
      }
    }
  });

  it('are the same on the page, badge, card and picture of a person', async () => {
    vi.stubEnv('SITE_DATA', data);
    // They keep what another test read.
    vi.resetModules();
    const { pictureOf, readSources } = await import('../../site/src/share/person-files.ts');
    for (const entry of people()) {
      const { username, rank, total_score } = entry;
      const { periods } = read<Contributor>(`contributors/${username}.json`);
      for (const period of PERIODS) {
        const onBoard = entriesOf('global', period).find((one) => one.username === username);
        expect(periods[period] && numbersOf(periods[period])).toEqual(
          onBoard && numbersOf(onBoard),
        );
      }
      const score = Math.round(total_score).toLocaleString('en');
      const page = open(`contributors/${username}/index.html`);
      expect(page.querySelector('a.cell[href="#p-all"]')?.textContent).toMatch(
        new RegExp(`#${rank} .*${score} points`, 's'),
      );
      expect(readFile(`badge/${username}.svg`)).toContain(`#${rank} of ${people().length}`);
      expect(JSON.parse(readFile(`badge/${username}.json`)).message).toContain(`${score}+ points`);
      expect(readFile(`card/${username}.svg`)).toContain(`rank ${rank} of`);
      expect(pictureOf(readSources(username))).toContain(`#${rank}`);
      expect(pictureOf(readSources(username))).toContain(score);
    }
  });

  it('are the same on the page that compares', async () => {
    const page = open('compare/index.html').querySelector('[data-compare]');
    const facts: CompareFacts = JSON.parse(page?.getAttribute('data-compare') ?? '');
    const readUrl = async <T>(url: string): Promise<T> =>
      JSON.parse(readFile(decodeURIComponent(url.slice(facts.site.base.length))));
    /** The number of a row of one person or repository, as the page shows it. */
    const ask = async (name: string, period: (typeof PERIODS)[number] = 'all') => {
      const [answer] = await readAnswers(facts, [name], period, readUrl);
      if (!answer || !('compared' in answer)) throw new Error(`${name}: ${answer?.words}`);
      const rows = listRows([answer.compared]);
      return (group: string, label: string) => {
        const row = rows.find((one) => one.group === group && one.label === label);
        return readCount(row?.cells[0]?.text.replace('#', '') ?? 'none');
      };
    };
    const KIND_LABELS = CONTRIBUTION_KINDS.map((kind) => kindText(kind).label);
    for (const entry of people()) {
      const shown = await ask(entry.username);
      expect([
        shown('Rank', 'All time'),
        shown('Points', 'All time'),
        ...KIND_LABELS.map((label) => shown('All time', label)),
      ]).toEqual(numbersOf({ ...entry, total_score: Math.round(entry.total_score) }));
      const all = sumOf(COUNTS.map((name) => entry[name]));
      expect(shown('All time', 'Contributions')).toBe(all);
      expect(shown('The last 53 weeks', 'Contributions')).toBe(all);
    }
    for (const scope of REPOSITORIES) {
      const shown = await ask(scope);
      const { totals, repository } = read<RepositoryDocument>(`repositories/${scope}.json`);
      expect(KIND_LABELS.map((label) => shown('All time', label))).toEqual(
        CONTRIBUTION_KINDS.map((kind) => totals[kind] ?? 0),
      );
      expect(shown('All time', 'Contributors')).toBe(repository.contributors);
      expect(shown('The last 53 weeks', 'Contributions')).toBe(repository.contributions);
      for (const period of PERIODS) {
        const inPeriod = await ask(scope, period);
        const entries = entriesOf(scope, period);
        const head = period === 'all' ? 'All time' : `The last ${PERIOD_DAYS[period]} days`;
        expect(inPeriod(head, 'People with points')).toBe(entries.length);
        expect(inPeriod(head, 'Contributions')).toBe(
          sumOf(entries.flatMap((entry) => COUNTS.map((name) => entry[name]))),
        );
      }
    }
  });

  it('sum up: parts to scores, repositories to people, contributions to counts', () => {
    for (const entry of people()) {
      const { username, points, total_score } = entry;
      expect(exact(sumOf(Object.values(points))), username).toBe(total_score);
      const { repositories } = read<ContributorRepositories>(
        `contributors/${username}/repositories.json`,
      );
      expect(exact(sumOf(repositories.map((one) => one.total_score)))).toBe(total_score);
      for (const one of repositories) {
        const onBoard = entriesOf(one.repository, 'all').find((own) => own.username === username);
        expect(numbersOf(one)).toEqual(onBoard && numbersOf(onBoard));
      }
      const { weeks, recent } = read<ContributorActivity>(`contributors/${username}/activity.json`);
      expect(sumOf(weeks.map(({ total }) => total))).toBe(sumOf(COUNTS.map((name) => entry[name])));
      // Nobody has more than the last hundred here: these are all.
      for (const kind of CONTRIBUTION_KINDS) {
        const own = recent.filter((one) => one.kind === kind);
        expect([username, kind, own.length]).toEqual([username, kind, entry[countColumn(kind)]]);
        expect(sumOf(own.map((one) => one.points))).toBe(points[kind]);
      }
      // All of them are of one day.
      expect(readFile(`contributors/${username}/feed.xml`)).toContain(
        `<title>${recent.length} contribution${recent.length === 1 ? '' : 's'}, ${sumOf(
          recent.map((one) => one.points),
        )} points without lines on 6 Apr 2022</title>`,
      );
      const ledger = open(`contributors/${username}/index.html`).querySelector('#p-all table');
      const parts = [...(ledger?.querySelectorAll('tbody td:nth-last-child(2)') ?? [])];
      const shown = parts.map((one) => readCount(one.textContent ?? ''));
      expect(exact(sumOf(shown)), username).toBe(total_score);
    }
  });

  it('sum up: people to repositories, by kind, week and day', async () => {
    const connection = await (await DuckDBInstance.create()).connect();
    for (const scope of REPOSITORIES) {
      const entries = entriesOf(scope, 'all');
      const { totals, repository } = read<RepositoryDocument>(`repositories/${scope}.json`);
      const { weeks } = read<RepositoryActivity>(`repositories/${scope}/activity.json`);
      const file = join(site, 'api/v1/downloads/days.csv');
      const days = await connection.runAndReadAll(
        `SELECT ${COUNTS.map((name) => `sum(${name})`).join()} FROM '${file}' WHERE repository = '${scope}'`,
      );
      const byDay = (days.getRowsJson()[0] ?? []).map(Number);
      for (const [place, kind] of CONTRIBUTION_KINDS.entries()) {
        const ofPeople = sumOf(entries.map((entry) => entry[countColumn(kind)]));
        expect([scope, kind, totals[kind] ?? 0]).toEqual([scope, kind, ofPeople]);
        expect(sumOf(weeks.counts[kind] ?? [])).toBe(ofPeople);
        expect(byDay[place]).toBe(ofPeople);
      }
      expect(repository.contributors).toBe(entries.length);
      expect(repository.contributions).toBe(sumOf(Object.values(totals)));
      const page = open(`repositories/${scope}/index.html`).querySelector('dl.figs');
      if (entries.length > 0)
        expect(page?.textContent).toMatch(
          new RegExp(
            `Contributors\\s*${entries.length} .*Contributions\\s*${repository.contributions} `,
            's',
          ),
        );
    }
  });
});
