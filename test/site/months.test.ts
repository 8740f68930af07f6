import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseHTML } from 'linkedom';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { HOSTILE_LOGIN, HOSTILE_NAME } from '../support/community.ts';
import { buildDocuments, writeDocuments } from '../support/documents.ts';

let folder: string;
let pages: Map<string, Document>;
let drawMonth: typeof import('../../site/src/share/month-files.ts').drawMonth;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'months-site-'));
  writeDocuments(folder, buildDocuments({ people: 9, contributorPages: 2, sample: false }));
  vi.stubEnv('SITE_DATA', folder);
  vi.stubEnv('SITE_BASE', '/leaderboard/');
  // They keep what another test read.
  vi.resetModules();
  const { listMonthPages } = await import('../../site/src/many/month-pages.ts');
  ({ drawMonth } = await import('../../site/src/share/month-files.ts'));
  pages = new Map(
    listMonthPages().map(({ path, render }) => [
      path,
      parseHTML(`<!doctype html><html><body>${render().body.text}</body></html>`).document,
    ]),
  );
});
afterAll(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

const page = (path: string): Document => pages.get(path) as Document;
const textOf = (element: Element | null | undefined): string =>
  (element?.textContent ?? '').replaceAll(/\s+/g, ' ').trim();
const section = (path: string, title: RegExp) =>
  [...page(path).querySelectorAll('section, figure')].find((one) =>
    title.test(textOf(one.querySelector('h2'))),
  );
const linesOf = (path: string, title: RegExp) =>
  [...(section(path, title)?.querySelectorAll('.roll li') ?? [])].map(textOf);

describe('the pages of months', () => {
  it('are a list and a page for each month', () => {
    expect([...pages.keys()]).toEqual(['months/', '2025/11/', '2025/10/', '2025/09/']);
    const rows = [...page('months/').querySelectorAll('tbody tr')];
    const months = rows.filter((row) => row.querySelector('a[href*="/20"]'));
    expect(months.map(textOf)).toEqual([
      'November Open–40033–92.5%',
      'OctoberRosa Field1,201 points420316292.5%',
      'SeptemberRosa Field1,201 points40033–92.5%',
    ]);
  });

  it('say who was first, of all, by kind and by repository, and share places', () => {
    expect(linesOf('2025/10/', /^First places/)).toEqual([
      'Rosa FieldAll points1,201',
      `${HOSTILE_NAME}Pull requests merged17`,
      `Rosa Field, ${HOSTILE_NAME}, no-longer-here and 2 moreReleases3`,
    ]);
    expect(textOf(section('2025/10/', /^First places/)?.querySelector('.note'))).toContain(
      'not known in full: commits',
    );
    expect(linesOf('2025/10/', /^First in each/)).toEqual([
      'Rosa Fieldmeadow/garden900',
      `${HOSTILE_NAME}meadow/next.js300`,
    ]);
  });

  it('call nobody first while the month goes on', () => {
    expect(textOf(page('2025/11/').body)).not.toMatch(/First places|First in each|permanent/);
    expect(textOf(page('2025/11/').body)).toContain('The board so far');
    expect(textOf(page('2025/11/').querySelector('.month-head'))).toContain(
      'before it closes on 4 Dec 2025',
    );
  });

  it('show a correction with its date', () => {
    expect(textOf(page('2025/10/').querySelector('.warning'))).toBe(
      `Corrected on 6 Nov 2025. A bot was counted: ${HOSTILE_NAME}`,
    );
    expect(page('2025/09/').querySelector('.warning')).toBeNull();
  });

  it('say what is not known, and count what the document does not list', () => {
    expect(textOf(section('2025/09/', /newcomers/))).toContain('Not known');
    expect(linesOf('2025/10/', /newcomers/)).toHaveLength(1);
    const figures = [...page('2025/10/').querySelectorAll('.figs > div')].map(textOf);
    expect(figures).toEqual([
      'Contributions420 +5% on September',
      'People31 33 in September',
      'Newcomers62 never seen before',
      'Releases2 in 1 repository',
      'Known92.5% commits missing',
    ]);
  });

  it('take texts from outside as text, and link only people and repositories that have a page', () => {
    for (const [, document] of pages) {
      expect(document.querySelector('script, img[onerror]')).toBeNull();
      for (const link of document.querySelectorAll('a[href]'))
        expect(link.getAttribute('href')).toMatch(/^(?:\/leaderboard\/|https:\/\/github\.com\/)/);
    }
    const names = [...page('2025/10/').querySelectorAll('.roll a')];
    const linkOf = (text: string) =>
      names.find((one) => textOf(one) === text)?.getAttribute('href') ?? null;
    expect(linkOf('Rosa Field')).toBe('/leaderboard/contributors/rosa-field/');
    expect(linkOf('no-longer-here')).toBeNull();
    expect(linkOf('meadow/garden')).toBe('/leaderboard/repositories/meadow/garden/');
  });

  it('lead to the months before and after', () => {
    const links = [...page('2025/10/').querySelectorAll('.tabs a')];
    expect(links.map((link) => [textOf(link), link.getAttribute('href')])).toEqual([
      ['‹ September', '/leaderboard/2025/09/'],
      ['October', '/leaderboard/2025/10/'],
      ['November ›', '/leaderboard/2025/11/'],
    ]);
  });

  it('draw ranks from three months on', () => {
    expect(page('2025/10/').querySelectorAll('.month-bump .bp')).toHaveLength(3);
    expect(page('2025/09/').querySelector('.month-bump')).toBeNull();
  });

  it('have a picture with names that its fonts can draw', () => {
    const svg = drawMonth('2025-10');
    expect(svg).toContain('>October 2025<');
    expect(svg).toContain('>Rosa Field<');
    expect(svg).not.toContain(HOSTILE_LOGIN);
    expect(svg).not.toContain('<img');
    expect(drawMonth('2025-11')).toContain('until 20 Nov 2025');
  });
});
