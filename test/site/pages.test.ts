import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseHTML } from 'linkedom';
import { beforeAll, describe, expect, it } from 'vitest';
import type {
  Board,
  Contributor,
  Coverage,
  Entry,
  Index,
  Leaderboard,
  RepositoryActivity,
} from '../../pipeline/published/documents.ts';
import { listDamaged } from '../../site/src/lib/known-months.ts';
import type { BoardFacts } from '../../site/src/views/board.ts';
import { HOSTILE_LOGIN, HOSTILE_NAME } from '../support/community.ts';
import { type BuiltSite, buildInvented, listFiles, readCount, readText } from './built-site.ts';

const BASE = '/leaderboard/';
/** The pages that lead to the home page and to those of repositories. */
const OTHER_ADDRESS = /^(?:global|repositories\/[^/]+\/[^/]+)\/all\/1\//;
/** The figures of a page without the badge and the card to share. */
const chartsOf = (page: Document) =>
  [...page.querySelectorAll('figure')].filter((figure) => figure.closest('.share') === null);
const FORMER = /^contributors\/(?:rose-field|tied-zero)\//;

describe('the built site', () => {
  let site: BuiltSite;
  let pages: string[];

  beforeAll(async () => {
    site = await buildInvented();
    pages = listFiles(site.out).filter((path) => path.endsWith('.html'));
  });

  const opened = new Map<string, Document>();
  const open = (path: string): Document => {
    const document = opened.get(path) ?? parseHTML(readText(site, path)).document;
    opened.set(path, document);
    return document;
  };
  const ids = new Map<string, ReadonlySet<string>>();
  const listIds = (path: string): ReadonlySet<string> => {
    const known =
      ids.get(path) ?? new Set([...open(path).querySelectorAll('[id]')].map(({ id }) => id));
    ids.set(path, known);
    return known;
  };
  const board = (path: string) =>
    JSON.parse(readText(site, `api/v1/leaderboard/${path}.json`)) as Leaderboard;

  it('has a page for each board, repository and contributor', () => {
    expect(pages).toEqual(
      expect.arrayContaining([
        'index.html',
        '404.html',
        'global/all/2/index.html',
        'global/week/1/index.html',
        'repositories/meadow/next.js/index.html',
        'repositories/meadow/next.js/year/1/index.html',
        'contributors/rosa-field/index.html',
      ]),
    );
    // And of two former logins.
    expect(pages.filter((page) => page.startsWith('contributors/'))).toHaveLength(62);
  });

  it('leads nowhere that is not there, and never out of its base', () => {
    const broken = new Set<string>();
    for (const page of pages) {
      const at = new URL(page.replace(/index\.html$/, ''), `http://site${BASE}`);
      for (const element of open(page).querySelectorAll('[href], [src]')) {
        const link = element.getAttribute('href') ?? element.getAttribute('src') ?? '';
        const to = new URL(link, at);
        if (to.host !== 'site') {
          if (element.getAttribute('rel') !== 'canonical')
            broken.add(`${page}: ${link} is outside`);
          continue;
        }
        const inside = to.pathname.startsWith(BASE);
        const path = decodeURIComponent(to.pathname.slice(BASE.length));
        const file = path === '' || path.endsWith('/') ? `${path}index.html` : path;
        if (!inside || !existsSync(join(site.out, file))) broken.add(`${page}: ${link}`);
        else if (to.hash && !listIds(file).has(decodeURIComponent(to.hash.slice(1))))
          broken.add(`${page}: nothing is called ${link}`);
      }
    }
    expect([...broken]).toEqual([]);
  });

  it('gives each page a title, a description, a heading and its published address', () => {
    const titles = new Map<string, string>();
    for (const page of pages) {
      const document = open(page);
      const title = document.querySelector('title')?.textContent ?? '';
      expect(titles.get(title), `${page} has the title of another page`).toBeUndefined();
      titles.set(title, page);
      expect(
        document.querySelector('meta[name=description]')?.getAttribute('content'),
      ).toBeTruthy();
      expect(document.querySelectorAll('h1').length, page).toBe(1);
      if (['404.html', 'contributor/index.html'].includes(page) || FORMER.test(page)) continue;
      if (OTHER_ADDRESS.test(page)) continue;
      const path = page
        .replace(/index\.html$/, '')
        .split('/')
        .map(encodeURIComponent)
        .join('/');
      expect(document.querySelector('link[rel=canonical]')?.getAttribute('href')).toBe(
        `https://meadow.example/leaderboard/${path}`,
      );
    }
  });

  it('leads from a former login to the page of the present one', () => {
    const lead = (former: string) => {
      const document = open(`contributors/${former}/index.html`);
      const refresh = document.querySelector('meta[http-equiv=refresh]')?.getAttribute('content');
      const link = document.querySelector('main a')?.getAttribute('href');
      expect(refresh).toBe(`0; url=${link}`);
      const canonical = document.querySelector('link[rel=canonical]')?.getAttribute('href');
      expect(canonical).toBe(`https://meadow.example${link}`);
      return link;
    };
    expect(lead('rose-field')).toBe(`${BASE}contributors/rosa-field/`);
    expect(lead('tied-zero')).toBe(`${BASE}contributors/tied-two/`);
  });

  it('shows hostile text as text', () => {
    const home = open('index.html');
    const shown = [...home.querySelectorAll('.board tbody th')].map(
      (name) => name.textContent ?? '',
    );
    expect(shown.some((text) => text.includes(HOSTILE_LOGIN))).toBe(true);
    expect(shown.some((text) => text.includes(HOSTILE_NAME))).toBe(true);
    for (const page of pages) {
      const document = open(page);
      expect(document.querySelector('img[onerror]'), page).toBeNull();
      for (const script of document.querySelectorAll('script')) {
        expect(script.textContent, page).toBe('');
        expect(script.getAttribute('src'), page).toMatch(/^\/leaderboard\//);
      }
      expect(document.querySelector('a[href^="javascript:" i]'), page).toBeNull();
    }
  });

  it('lets a page run and style itself only by files of this site', () => {
    for (const page of pages) {
      const text = readText(site, page);
      const policy = open(page).querySelector('meta[http-equiv=Content-Security-Policy]');
      const content = policy?.getAttribute('content') ?? '';
      // On the page for queries alone, WebAssembly may be compiled: no script may be made of a text.
      const [wasm = '', ...others] = content.match(/'[^' ]*unsafe[^' ]*'/g) ?? [];
      expect([wasm, others], page).toEqual([
        page === 'sql/index.html' ? "'wasm-unsafe-eval'" : '',
        [],
      ]);
      expect(text.match(/<style|\sstyle="|\son[a-z]+="/)?.[0], page).toBeUndefined();
    }
  });

  it('names nobody’s profile where the data is generated, and says that it is', () => {
    for (const page of pages) {
      const document = open(page);
      expect(document.querySelector('.banner')?.textContent, page).toMatch(/nobody here is real/);
      expect(document.querySelector('a[href^="https://github.com"]'), page).toBeNull();
    }
  });

  it('shows the whole board without a script, page by page', () => {
    const { entries } = board('global/all/2');
    const rows = [...open('global/all/2/index.html').querySelectorAll('.board tbody > tr')].filter(
      (row) => row.id !== '',
    );
    expect(rows.map((row) => row.id)).toEqual(entries.map((entry) => `c-${entry.username}`));
    const first = rows[0]?.textContent ?? '';
    expect(first).toContain(Math.round(entries[0]?.total_score ?? 0).toLocaleString('en'));
    const scores = rows.map((row) => row.querySelector('td:nth-child(4)'));
    expect(scores.map((cell) => cell?.getAttribute('title') ?? cell?.textContent)).toEqual(
      entries.map(({ total_score }) =>
        total_score.toLocaleString('en', { maximumFractionDigits: 3 }),
      ),
    );
  });

  it('links names to the pages that exist: their own, or that of all others', () => {
    const index = JSON.parse(readText(site, 'api/v1/index.json')) as Index;
    const known = new Set(index.contributors);
    const { entries } = board('global/all/2');
    const links = [...open('global/all/2/index.html').querySelectorAll('tr[id] th a')];
    expect(links.map((link) => link.getAttribute('href'))).toEqual(
      entries.map(({ username }) =>
        known.has(username)
          ? `${BASE}contributors/${username}/`
          : `${BASE}contributor/?login=${username}`,
      ),
    );
    const hostile = open('index.html').querySelector(`[id="c-${HOSTILE_LOGIN}"] th a`);
    expect(hostile?.hasAttribute('href')).toBe(false);
    expect(entries.some((entry) => known.has(entry.username))).toBe(true);
    expect(entries.every((entry) => known.has(entry.username))).toBe(false);
  });

  it('shares ranks of ties and marks movements', () => {
    const row = (name: string) => open('index.html').querySelector(`#c-${name}`);
    expect(row('tied-one')?.querySelector('td')?.textContent).toBe('=2');
    expect(row('tied-two')?.querySelector('td')?.textContent).toBe('=2');
    expect(row('zoe_mueller')?.querySelector('td')?.textContent).not.toContain('=');
    // The style sheet writes the arrow, and "up" for screen readers.
    expect(row('rosa-field')?.querySelector('td.u')?.textContent).toBe('1');
    expect(row('nameless')?.querySelector('th bdi')?.textContent).toBe('nameless');
  });

  it('shows the first three and the facts of the week above the first page of a board', () => {
    const [first, second] = [open('index.html'), open('global/all/2/index.html')];
    const { entries } = board('global/all/1');
    const places = [...first.querySelectorAll('.podium li')];
    expect(places.map((one) => one.querySelector('bdi')?.textContent)).toEqual(
      entries.slice(0, 3).map(({ username, display_name }) => display_name ?? username),
    );
    const facts = [...first.querySelectorAll('.facts-week li')].map((one) => one.textContent);
    expect(facts).toEqual([
      '1,204contributions by 31 people, +10%',
      '2newcomers, 1 first merged pull request',
      `3${HOSTILE_LOGIN} to #9, the biggest rise within the first hundred`,
      '+1,201rosa-field leads the week',
      '2new in the first ten: tied-one, tied-two',
    ]);
    expect(first.querySelector('.facts-week script')).toBeNull();
    expect(second.querySelector('.podium, .facts-week')).toBeNull();
    expect(open('global/week/1/index.html').querySelectorAll('.facts-week li')).toHaveLength(3);
  });

  it('says that a board is empty and where there is one', () => {
    const empty = open('repositories/Tools-Co/shed/week/1/index.html');
    expect(empty.querySelector('.empty')?.textContent).toMatch(/No contribution.*last 7 days/s);
    expect(empty.querySelector('.empty a')?.getAttribute('href')).toContain('/shed/');
  });

  it('shows the score of a contributor in parts that sum to it', () => {
    const path = 'api/v1/contributors/rosa-field.json';
    const { periods } = JSON.parse(readText(site, path)) as Contributor;
    const table = open('contributors/rosa-field/index.html').querySelector('#p-all table');
    const points = [...(table?.querySelectorAll('tbody tr') ?? [])].map((row) =>
      Number(row.querySelector('td:nth-last-child(2)')?.textContent?.replaceAll(',', '')),
    );
    const sum = points.reduce((all, part) => all + part, 0);
    expect(sum).toBeCloseTo(periods.all?.total_score ?? -1, 3);
    expect(table?.querySelector('tfoot')?.textContent).toContain('47,402.55');
  });

  it('lists the latest contributions, and says how many there are', () => {
    const path = 'api/v1/contributors/rosa-field.json';
    const { periods } = JSON.parse(readText(site, path)) as Contributor;
    const counts = Object.entries(periods.all ?? {}).filter(([name]) => name.endsWith('_count'));
    const total = counts.reduce((sum, [, count]) => sum + Number(count), 0);
    const document = open('contributors/rosa-field/index.html');
    const link = document.querySelector('a[data-events]');
    expect(link?.textContent).toBe(`All ${total.toLocaleString('en')} contributions`);
    expect(link?.getAttribute('href')).toBe(`${BASE}api/v1/contributors/rosa-field/activity.json`);
    const parts = Number(link?.getAttribute('data-events'));
    expect(parts).toBe(Math.ceil((total - 100) / 2_000));
    for (let part = 1; part <= parts; part++)
      expect(existsSync(join(site.out, `api/v1/contributors/rosa-field/events/${part}.json`))).toBe(
        true,
      );
    expect(document.querySelectorAll('.days li').length).toBeGreaterThan(5);
    expect(document.querySelectorAll('.days li').length).toBeLessThan(16);
    const foot = [...document.querySelectorAll('.bottom li a')].map((one) => one.textContent);
    expect(foot).toEqual(
      expect.arrayContaining(['Activity as JSON', 'Repositories as JSON', 'All documents']),
    );
  });

  it('draws each chart with its finding as a name, and has its numbers in a table', () => {
    for (const path of ['contributors/rosa-field', 'repositories/meadow/garden']) {
      const figures = chartsOf(open(`${path}/index.html`));
      expect(figures.length).toBeGreaterThan(1);
      for (const figure of figures) {
        const title = figure.querySelector('h2')?.textContent ?? '';
        expect(title).toMatch(/\d|reviews whom/);
        const picture = figure.querySelector('[role=img]');
        if (picture) expect(picture.getAttribute('aria-label')).toContain(title);
        expect(figure.querySelector('table')).not.toBeNull();
      }
    }
  });

  it('shows what happens in a repository, on its first page alone', () => {
    const path = 'api/v1/repositories/meadow/garden/activity.json';
    const { weeks } = JSON.parse(readText(site, path)) as RepositoryActivity;
    const total = Object.values(weeks.counts)
      .flat()
      .reduce((sum, count) => sum + count, 0);
    const document = open('repositories/meadow/garden/index.html');
    const figures = chartsOf(document);
    expect(figures.map((one) => one.querySelector('h2')?.textContent)).toEqual([
      `${total.toLocaleString('en')} contributions in 53 weeks`,
      // Of the month in which all begins, nobody is a newcomer.
      '5 newcomers in 3 months',
      'Half of the work: 2 people',
      'Who reviews whom',
    ]);
    const [rows] = figures.map((one) => [...one.querySelectorAll('tbody tr')]);
    const all = rows?.map((row) => readCount(row.lastElementChild?.textContent ?? '')) ?? [];
    expect(all).toHaveLength(53);
    expect(all.reduce((sum, count) => sum + count, 0)).toBe(total);
    for (const row of rows ?? []) {
      const [, ...cells] = [...row.children].map((cell) => readCount(cell.textContent ?? ''));
      const last = cells.pop();
      expect(cells.reduce((sum, count) => sum + count, 0)).toBe(last);
    }
    const figs = [...document.querySelectorAll('.figs div')].map((one) => one.textContent);
    expect(figs[2]).toContain('2 people');
    expect(figs[3]).toContain('6 h 20 min median of 12 pull requests, 90 days');
    expect(figs[4]).toContain('–');
    expect(open('repositories/meadow/garden/year/1/index.html').querySelector('figure')).toBeNull();
  });

  it('warns on the dashboard of a budget that is nearly spent', () => {
    const warning = open('dashboard/index.html').querySelector('.budget-warning');
    expect(warning?.textContent).toContain(
      'This month’s budget is near its limit: $41.30 spent and $0.40 reserved, of $50.00.',
    );
    expect(warning?.textContent).not.toContain('Today');
  });

  it('shows each run with its stages, what was put aside, and its log', () => {
    const links = [...open('dashboard/index.html').querySelectorAll('a[href*="/runs/"]')];
    expect(links.map((link) => link.getAttribute('href'))).toEqual(
      [9, 8, 7].map((id) => `${BASE}runs/${id}/`),
    );
    const [latest, old, failed] = [9, 8, 7].map((id) => open(`runs/${id}/index.html`));
    expect(latest?.querySelector('.warning')?.textContent).toContain(
      '1 item or job failed for good',
    );
    expect(latest?.querySelector('.recent')?.textContent).toContain('<b>too long</b>');
    expect(latest?.querySelector('.run-log .warn')?.textContent).toContain(
      '<script>alert(5)</script>',
    );
    expect(latest?.body.textContent).toContain('The last 2 of 2,002 lines.');
    expect(old?.body.textContent).toContain('It has no log');
    expect(failed?.querySelector('td .failed + small')?.textContent).toBe(
      'connection: GitHub answered <502>',
    );
  });

  it('says nothing of a damaged archive where the data is generated', () => {
    for (const page of pages) expect(open(page).querySelector('.board-notice'), page).toBeNull();
  });

  it('shows what GitHub was asked about each repository, and hostile names as text', () => {
    const tables = [...open('dashboard/index.html').querySelectorAll('[data-usage] table')];
    const rows = tables.map((table) => [...table.querySelectorAll('tbody tr')]);
    expect(rows.map((own) => own.length)).toEqual([10, 1]);
    const cells = [...(rows[0]?.[0]?.querySelectorAll('th, td') ?? [])];
    expect(cells.map((cell) => cell.textContent?.trim())).toEqual([
      '<b>meadow</b>/garden',
      '12,402',
      '19,020',
      '19 Nov 2025',
    ]);
    const links = [...(tables[0]?.querySelectorAll('a') ?? [])];
    expect(links.map((link) => link.textContent)).toEqual(['meadow/next.js', 'Tools-Co/shed']);
  });

  it('shows the coverage of a repository by month and in words', () => {
    const document = open('repositories/meadow/garden/index.html');
    const known = document.querySelector('.known');
    expect(known?.querySelector('p')?.textContent).toMatch(
      /24 months, December 2023 to November 2025: \d+ complete, .*Some of October 2025 is/s,
    );
    const rows = [...(known?.querySelectorAll('tbody tr') ?? [])];
    expect(rows.map((row) => row.querySelector('th')?.textContent)).toEqual([
      'Pull requests, reviews, issues, comments, releases',
      'Commits, lines',
    ]);
    for (const row of rows) {
      const cells = [...row.querySelectorAll('td')];
      expect(cells).toHaveLength(24);
      // October 2025, of which the archive is damaged.
      const isKnown = !/Commits|Lines/.test(row.textContent ?? '');
      expect(cells[22]?.className).toBe(isKnown ? 'd' : 'x');
      expect(cells[22]?.textContent).toMatch(isKnown ? /^\d+$/ : /^–$/);
    }
    expect(known?.querySelector('a')?.getAttribute('href')).toBe('/leaderboard/coverage/');
    // Months that miss hours are marked as well.
    const { repositories } = JSON.parse(
      readText(site, 'api/v1/dashboard/coverage.json'),
    ) as Coverage;
    const other = repositories.find(({ repository }) => repository === 'meadow/next.js');
    const marked = [...open('repositories/meadow/next.js/index.html').querySelectorAll('tr')].map(
      (row) => row.querySelectorAll('td.d').length,
    );
    expect(Math.max(...marked)).toBe(listDamaged(other?.months ?? []).size);
  });

  it('names a badge of any number, whose document has it', () => {
    const text = open('api/index.html').querySelector('#any-number pre')?.textContent ?? '';
    const asked = new URL(text).searchParams;
    const [, path = ''] = (asked.get('url') ?? '').split('/leaderboard/');
    const fields = (asked.get('query') ?? '').split('.').slice(1);
    const document: unknown = JSON.parse(readFileSync(join(site.out, path), 'utf8'));
    const value = fields.reduce<unknown>(
      (part, field) => (part as Record<string, unknown>)[field],
      document,
    );
    expect(value).toEqual(expect.any(Number));
  });

  it('explains scoring with the weights in use', () => {
    const text = open('scoring/index.html').body.textContent ?? '';
    expect(open('scoring/index.html').querySelector('[data-example-sum]')?.textContent).toBe(
      '1,380',
    );
    for (const word of [
      'w-1f2e3d4c',
      '500',
      '365 days',
      'config/people.yaml',
      'config/weights.yaml',
    ])
      expect(text).toContain(word);
  });

  it('copies the documents as they are', () => {
    for (const path of listFiles(join(site.data, 'api')))
      expect(readFileSync(join(site.out, 'api', path), 'utf8')).toBe(
        readFileSync(join(site.data, 'api', path), 'utf8'),
      );
  });

  it('tells the script of a board which documents have all of it', () => {
    const facts = open('global/all/2/index.html').querySelector('[data-board]') as HTMLElement;
    const { documents } = JSON.parse(facts.dataset.board ?? '') as BoardFacts;
    expect(documents).toEqual([`${BASE}api/v1/boards/global/all/1.json`]);
    const { columns } = JSON.parse(readText(site, 'api/v1/boards/global/all/1.json')) as Board;
    const entries = [1, 2, 3].flatMap((page) => board(`global/all/${page}`).entries);
    expect(columns.username).toEqual(entries.map((entry) => entry.username));
    const rows = [1, 2, 3].flatMap((page) => [
      ...open(page === 1 ? 'index.html' : `global/all/${page}/index.html`).querySelectorAll(
        '.board tbody tr',
      ),
    ]);
    expect(rows.map((row) => row.id.slice(2))).toEqual(columns.username);
  });

  it('keeps a row small: a board of 100,000 must fit', () => {
    const row =
      /<tr id="c-zoe_mueller".*?(?=<tr|<\/tbody)/s.exec(readText(site, 'index.html'))?.[0] ?? '';
    expect(row.length).toBeGreaterThan(300);
    expect(row.length).toBeLessThan(650);
  });
});

describe('a site of which not all is known', () => {
  let site: BuiltSite;

  beforeAll(async () => {
    site = await buildInvented({ people: 15, contributorPages: 15, sample: false, pageSize: 10 });
  });

  const open = (path: string) => parseHTML(readText(site, `${path}index.html`)).document;
  const textOf = (element: Element | null | undefined) =>
    element?.textContent?.replace(/\s+/g, ' ').trim();
  const notice = (path: string) => textOf(open(path).querySelector('.board-notice'));
  const pageOf = (path: string, page: number) =>
    JSON.parse(readText(site, `api/v1/leaderboard/${path}/${page}.json`)) as Leaderboard;
  const texts = (document: Document, selector: string) =>
    [...document.querySelectorAll(selector)].map(textOf);

  const LACKS = 'commits and lines are not known for October 2025. Scores lack what is not known';

  it('says so on each page of its boards, and that their ranks are uneven', () => {
    for (const path of ['', 'global/all/2/', 'global/month/1/']) {
      expect(notice(path)).toContain(`For meadow/garden, ${LACKS}`);
      expect(notice(path)).toContain('Ranks across repositories are uneven');
      expect(notice(path)).toContain('Some of October 2025 is known only from a damaged part');
    }
    for (const path of ['repositories/meadow/garden/', 'repositories/meadow/garden/month/1/']) {
      expect(notice(path)).toMatch(new RegExp(`^${LACKS}`, 'i'));
      expect(notice(path)).not.toContain('uneven');
    }
  });

  it('says nothing for a shorter period, or for a repository of which all is known', () => {
    for (const path of ['global/week/1/', 'repositories/meadow/garden/week/1/'])
      expect(notice(path)).toBeUndefined();
    const other = open('repositories/meadow/next.js/');
    expect(other.querySelector('.board-notice, .partly, .n, .ge')).toBeNull();
  });

  it.each([['commits', 10, ({ commit_count }: Entry) => commit_count]] as const)(
    'shows no 0 in the column of %s, and that other numbers may be higher',
    (id, place, count) => {
      const path = 'repositories/meadow/garden/month/1/';
      const { entries } = pageOf('meadow/garden/month', 1);
      const cells = texts(open(path), `.board tbody tr > :nth-child(${place})`);
      expect(cells).toEqual(
        entries.map((entry) =>
          count(entry) === 0 ? '–' : `${count(entry).toLocaleString('en')}+`,
        ),
      );
      expect(cells).toContain('–');
      expect(textOf(open(path).querySelector(`th[data-column=${id}]`))).toContain(
        'not known in full',
      );
      const comments = texts(open(path), '.board tbody tr > :nth-child(12)');
      expect(comments).toEqual(
        entries.map((entry) =>
          (entry.comments_count + entry.pr_review_comment_count).toLocaleString('en'),
        ),
      );
    },
  );

  it('tells the script of a long board which columns', () => {
    const factsOf = (path: string): BoardFacts =>
      JSON.parse(open(path).querySelector('[data-board]')?.getAttribute('data-board') ?? '');
    expect(factsOf('').unknown).toEqual(['commits']);
    expect(factsOf('global/week/1/').unknown).toEqual([]);
  });

  it('shows on a profile what the score and its ranks lack', () => {
    const document = open('contributors/rosa-field/');
    const ranks = texts(document, '.figs .sub');
    expect(ranks[0]).not.toContain('at least');
    expect(ranks.slice(1)).toEqual(Array(4).fill(expect.stringMatching(/at least [\d,]+ points/)));
    const commits = [...document.querySelectorAll('#p-all tbody tr')]
      .map(textOf)
      .filter((text) => text?.startsWith('Commits'));
    expect(commits[0]).toMatch(/^Commits[\d,]+\+/);
    expect(textOf(document.querySelector('#p-all .src'))).toMatch(
      /^Not known in full: commits and lines\..*may be higher\.$/,
    );
    expect(document.querySelector('.strip')?.closest('figure')?.textContent).toContain(
      'Not known in full: commits from 1 Oct 2025 to 1 Nov 2025.',
    );
  });

  it('shows a dash on the profile of somebody of whom no commit is known', () => {
    const period = JSON.parse(readText(site, 'api/v1/contributors/rosa-field.json'));
    expect(period.periods.all.unknown_kinds).toEqual(['COMMIT', 'LINES']);
    const idle = JSON.parse(readText(site, 'api/v1/index.json')).contributors.find(
      (name: string) => {
        const { periods } = JSON.parse(readText(site, `api/v1/contributors/${name}.json`));
        return periods.month?.commit_count === 0;
      },
    );
    const rows = [...open(`contributors/${idle}/`).querySelectorAll('.why tbody tr')].map(textOf);
    expect(rows).toContainEqual(expect.stringMatching(/^Commits–× 10––$/));
  });

  it('shows coverage by kind, after one sentence, and groups what lacks the same', () => {
    const document = open('coverage/');
    expect(textOf(document.querySelector('.summary'))).toBe(
      'For 1 of 3 repositories, <b>commits</b> are not known.',
    );
    const rows = [...(document.querySelector('.cov')?.querySelectorAll('tbody tr') ?? [])];
    expect(rows.map((row) => textOf(row.querySelector('th')))).toEqual([
      'Pull requests, reviews, issues, comments, releases',
      'Commits, lines',
    ]);
    const october = (row: Element | undefined) =>
      row?.querySelector('td[title^="2025-10"]')?.getAttribute('title');
    expect(october(rows[1])).toBe('2025-10: 66.6%; not all is known of 1 of 3 repositories');
    expect(october(rows[0])).toBeUndefined();
    expect(document.body.textContent).toContain('commits and lines not known');
  });

  it('says what of a repository does not count, and of no other one', () => {
    const heading = [...open('coverage/').querySelectorAll('h2')].find(
      (one) => textOf(one) === 'Left out',
    );
    const items = [...(heading?.parentElement?.querySelectorAll('li') ?? [])].map(textOf);
    expect(items).toEqual([
      expect.stringMatching(
        /^\S+\/\S+: Another repository had this name \(id 77, last seen on 2 Feb 2024\): what was done there does not count\. 1 commit of the branch is dated before the time that is read, and does not count\.$/,
      ),
    ]);
  });
});

describe('a board of two to a page', () => {
  let site: BuiltSite;

  beforeAll(async () => {
    site = await buildInvented({ people: 5, contributorPages: 5, pageSize: 2 });
  });

  it('is linked to at the place of each contributor, which a tie puts below the rank', () => {
    const link = (username: string) =>
      parseHTML(readText(site, `contributors/${username}/index.html`))
        .document.querySelector('#p-all .lead-s a')
        ?.getAttribute('href');
    expect(link('tied-one')).toBe('/leaderboard/#c-tied-one');
    expect(link('tied-two')).toBe('/leaderboard/global/all/2/#c-tied-two');
  });
});

describe('a board whose first page alone shows all columns', () => {
  let site: BuiltSite;

  beforeAll(async () => {
    site = await buildInvented({ people: 130, contributorPages: 5, pageSize: 10, boardPages: 1 });
  });

  const open = (path: string) => parseHTML(readText(site, `${path}index.html`)).document;

  const isTied = (ranks: Board['columns']['rank'] = [], place: number) =>
    [place - 1, place + 1].some((other) => ranks[other] === ranks[place]);

  it('is followed by a list of everybody else, with rank and score', () => {
    const { columns } = JSON.parse(readText(site, 'api/v1/boards/global/all/1.json')) as Board;
    const next = open('').querySelector('a[rel=next]')?.getAttribute('href');
    expect(next).toBe(`${BASE}global/all/2/`);
    const rows = [...open('global/all/2/').querySelectorAll('.board-list tbody tr')];
    const shown = rows.map((row) => ({
      id: row.id,
      cells: [...row.children].map((cell) => cell.querySelector('a') ?? cell),
    }));
    expect(
      shown.map(({ id, cells }) => [id, cells[0]?.textContent, cells[2]?.textContent]),
    ).toEqual(
      columns.username
        .map((name, place) => [
          `c-${name}`,
          `${isTied(columns.rank, place) ? '=' : ''}${columns.rank?.[place]}`,
          Math.round(columns.total_score?.[place] ?? 0).toLocaleString('en'),
        ])
        .slice(10),
    );
    expect(rows).toHaveLength(120);
    expect(existsSync(join(site.out, 'global/all/3'))).toBe(false);
  });

  it('is linked to by those who stand on the list', () => {
    const { contributors } = JSON.parse(readText(site, 'api/v1/index.json')) as Index;
    const links = open(`contributors/${contributors[4]}/`).querySelectorAll('#p-all .lead-s a');
    expect(links[0]?.getAttribute('href')).toBe(`${BASE}#c-${contributors[4]}`);
  });
});

describe('a site of real people at another place', () => {
  let site: BuiltSite;

  beforeAll(async () => {
    site = await buildInvented(
      { people: 15, contributorPages: 4, sample: false, dashboard: false, pageSize: 50 },
      ['--base', '/elsewhere'],
    );
  });

  it('stands under the base that was asked for', () => {
    const document = parseHTML(readText(site, 'index.html')).document;
    for (const link of document.querySelectorAll('a[href^="/"], link[href^="/"], script[src]'))
      expect(link.getAttribute('href') ?? link.getAttribute('src')).toMatch(/^\/elsewhere\//);
    expect(document.querySelector('.banner')).toBeNull();
  });

  it('links to profiles and to what each contribution was', () => {
    const page = readText(site, 'contributors/rosa-field/index.html');
    expect(page).toContain('href="https://github.com/rosa-field"');
    expect(page).toMatch(
      /href="https:\/\/github\.com\/meadow\/garden\/(?:issues|pull|commit)\/\d+"/,
    );
  });

  it('shows no coverage of a repository where none was measured', () => {
    expect(readText(site, 'repositories/meadow/garden/index.html')).not.toContain('Coverage</h2>');
    expect(readText(site, 'index.html')).toContain('Commits and lines are not known in full.');
  });

  it('says so where there is no dashboard and no coverage', () => {
    expect(readText(site, 'dashboard/index.html')).toContain('There is no record yet');
    expect(readText(site, 'coverage/index.html')).toContain('not been measured yet');
  });
});
