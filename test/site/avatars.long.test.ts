import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import type { Board } from '../../pipeline/published/documents.ts';
import { linksOf } from '../../site/check/links.ts';
import { mustSkipBrowser } from '../support/browser.ts';
import { isPictured } from '../support/picture-documents.ts';
import { listFiles, readText } from './built-site.ts';
import { useServedSite } from './visit.ts';

/** Pictures of people are files of the site: the documents name those of GitHub, and no page does. */
describe.skipIf(mustSkipBrowser())('pictures of people', () => {
  const served = useServedSite({ sample: false, pictures: true, contributorPages: 20 });
  const poll = <T>(ask: () => T) => expect.poll(ask, { timeout: 10_000 });
  const files = (pattern: RegExp) =>
    listFiles(served.site.out).filter((path) => pattern.test(path));
  const board = () => JSON.parse(readText(served.site, 'api/v1/boards/global/all/1.json')) as Board;

  /** What is shown of the people of a board: whether by a picture. */
  const shown = (page: Page) =>
    page.locator('.board tbody tr').evaluateAll((rows) =>
      rows.map((row) => {
        const picture = row.querySelector<HTMLImageElement>('.av img');
        return [row.id.slice(2), picture && new URL(picture.src).pathname];
      }),
    );
  const expected = (logins: readonly unknown[]) => {
    const { username, github_id = [] } = board().columns;
    const base = new URL(served.url).pathname;
    return logins.map((login) => {
      const id = github_id[username.indexOf(String(login))];
      return [login, isPictured(id) ? `${base}avatars/${id}.gif` : null];
    });
  };
  /** The pixels of the first picture: 0 until it has come, and if it can't be shown. */
  const widthOf = (page: Page, start = '.board') =>
    page
      .locator(`${start} .av img`)
      .first()
      .evaluate((one: HTMLImageElement) => one.naturalWidth);

  it('are copied beside the pages, as they are', () => {
    const pictures = files(/^avatars\//);
    expect(pictures.length).toBeGreaterThan(50);
    for (const path of pictures)
      expect(readFileSync(join(served.site.out, path))).toEqual(
        readFileSync(join(served.site.data, 'api/v1', path)),
      );
  });

  it('are of no other host on any page, in no style or script, nor allowed to be', () => {
    const pages = files(/\.html$/);
    expect(pages.length).toBeGreaterThan(60);
    for (const path of pages) {
      const text = readText(served.site, path);
      expect(text, path).not.toMatch(
        /githubusercontent|<(?:img|source|image)\b[^>]*=["']?(?:https?:)?\/\//i,
      );
      const [, allowed] = /img-src ([^;"]*)/.exec(text) ?? [];
      expect(allowed, path).toBe("'self' data:");
    }
    for (const path of files(/\.(?:css|js)$/))
      expect(readText(served.site, path), path).not.toMatch(
        /githubusercontent|url\(["']?(?:https?:)?\/\//,
      );
    // Addresses of GitHub are there, in documents.
    expect(board().avatar_url).toContain('githubusercontent');
  });

  it('are linked as files that are there', () => {
    const there = new Set(files(/^avatars\//));
    const linked = files(/\.html$/).flatMap((path) =>
      linksOf(readText(served.site, path)).filter((link) => /\/avatars\//.test(link)),
    );
    expect(linked.length).toBeGreaterThan(100);
    const base = new URL(served.url).pathname;
    for (const link of new Set(linked)) expect(there).toContain(link.slice(base.length));
  });

  it('are shown on boards, and initials of the others', async () => {
    await served.visit('', async (page) => {
      await poll(() => widthOf(page)).toBe(1);
      const rows = await shown(page);
      expect(rows).toEqual(expected(rows.map(([login]) => login)));
      expect(rows.filter(([, picture]) => picture === null).length).toBeGreaterThan(5);
    });
  });

  it('are shown in rows that the browser draws', async () => {
    await served.visit('?sort=commits', async (page) => {
      await poll(() => page.locator('th[data-column=commits]').getAttribute('aria-sort')).toBe(
        'descending',
      );
      await poll(() => widthOf(page)).toBe(1);
      const rows = await shown(page);
      expect(rows).toEqual(expected(rows.map(([login]) => login)));
      expect(rows.filter(([, picture]) => picture !== null).length).toBeGreaterThan(10);
    });
  });

  it.each([
    ['a page of their own', 0],
    ['the page of all others', 40],
  ])('are shown on %s', async (_, from) => {
    const { username, github_id = [], page: pages = [] } = board().columns;
    const at = username.findIndex((_, place) => place >= from && isPictured(github_id[place]));
    const login = username[at];
    expect(pages[at] ?? 0).toBe(from === 0 ? 1 : 0);
    const path = from === 0 ? `contributors/${login}/` : `contributor/?login=${login}`;
    await served.visit(path, async (page) => {
      await poll(() => widthOf(page, '.page-head')).toBe(1);
      const picture = page.locator('.page-head .av img');
      expect(await picture.getAttribute('src')).toContain(`avatars/${github_id[at]}.gif`);
    });
  });
});
