import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Preview, servePreview } from '../../site/preview.ts';
import { mustSkipBrowser, openBrowser } from '../support/browser.ts';
import { type BuiltSite, buildInvented } from './built-site.ts';

/** Everybody has an address, in real browsers: built, shown by the one page, former, of another case. */

describe.skipIf(mustSkipBrowser())('the address of a person', () => {
  /** All have a built page on the first site; on the second only two, and a first page of ten rows. */
  let sites: readonly [BuiltSite, BuiltSite];
  let previews: readonly [Preview, Preview];
  let browser: Browser;

  beforeAll(async () => {
    const options = { people: 40, sample: false, pageSize: 10, boardPages: 1 };
    sites = [
      await buildInvented({ ...options, contributorPages: 40 }),
      await buildInvented({ ...options, contributorPages: 2 }),
    ];
    previews = [
      await servePreview({ out: sites[0].out, port: 0 }),
      await servePreview({ out: sites[1].out, port: 0 }),
    ];
    browser = await openBrowser();
  });
  afterAll(async () => {
    await browser?.close();
    for (const preview of previews ?? []) await preview.close();
  });

  async function visit<T>(
    url: string,
    look: (page: Page) => Promise<T>,
    javaScriptEnabled = true,
  ): Promise<T> {
    const context = await browser.newContext({ javaScriptEnabled });
    try {
      const page = await context.newPage();
      await page.goto(url);
      return await look(page);
    } finally {
      await context.close();
    }
  }

  /** Each field of a person's page by its place: texts, links, pictures and what is hidden in details. */
  const readFields = (page: Page) =>
    page.evaluate(() => {
      const fields: [string, string][] = [];
      const collect = (element: Element, path: string) => {
        // What came before the last 100, badge and card: files of people with a built page alone.
        if (element.matches('.more-events, .not-listed, .share')) return;
        for (const { name, value } of element.attributes) fields.push([`${path}@${name}`, value]);
        for (const [index, child] of [...element.childNodes].entries()) {
          if (child instanceof Element) collect(child, `${path}/${child.tagName}${index}`);
          else if (child.textContent?.trim()) fields.push([`${path}/${index}`, child.textContent]);
        }
      };
      const parts = document.querySelectorAll('main > :not(script)');
      for (const [index, part] of [...parts].entries()) collect(part, `${index}`);
      const description = document.querySelector('meta[name=description]')?.getAttribute('content');
      return [['title', document.title], ['description', description], ...fields];
    });

  it.each(['zoe_mueller', 'hostile-name', 'long-name', 'nameless', 'tied-two'])(
    'shows the same of %s on the page of all as on a built one, field by field',
    async (login) => {
      const built = await visit(`${previews[0].url}contributors/${login}/`, readFields);
      const generic = await visit(`${previews[1].url}contributor/?login=${login}`, async (page) => {
        await page.getByRole('heading', { name: 'Lately' }).waitFor();
        return readFields(page);
      });
      expect(built.length).toBeGreaterThan(200);
      expect(generic).toEqual(built);
    },
  );

  it('offers the nearest names where nobody has it', async () => {
    const offered = await visit(`${previews[0].url}contributors/roza-field/`, async (page) => {
      const first = page.locator('[data-not-found] li').first();
      await first.waitFor();
      return [await first.textContent(), await first.locator('a').getAttribute('href')];
    });
    expect(offered).toEqual([
      expect.stringContaining('rosa-field'),
      '/leaderboard/contributors/rosa-field/',
    ]);
  });

  it('is answered with 200, and says where the documents are', async () => {
    const [, { url }] = previews;
    expect((await fetch(`${url}contributor/?login=zoe_mueller`)).status).toBe(200);
    const links = await visit(`${url}contributor/?login=ZOE_Mueller`, async (page) => {
      await page.getByRole('heading', { name: 'Lately' }).waitFor();
      return page
        .locator('.bottom li a')
        .evaluateAll((all) => all.map((link) => link.getAttribute('href') ?? ''));
    });
    expect(links.slice(0, 2)).toEqual([
      '/leaderboard/api/v1/contributors/zoe_mueller.json',
      '/leaderboard/api/v1/contributor-shards/0.json',
    ]);
    for (const link of links) expect((await fetch(new URL(link, url))).status).toBe(200);
  });

  it.each([
    ['contributor/?login=rosa-field', 'contributors/rosa-field/'],
    ['contributor/?login=ROSE-field', 'contributors/rosa-field/'],
    ['contributors/rose-field/', 'contributors/rosa-field/'],
    ['contributors/tied-zero/', 'contributor/?login=tied-two'],
    ['contributors/ROSA-field/', 'contributors/rosa-field/'],
    ['contributors/Rose-Field/', 'contributors/rosa-field/'],
    ['contributors/ZOE_mueller/', 'contributor/?login=zoe_mueller'],
    ['contributors/zoe_mueller/', 'contributor/?login=zoe_mueller'],
    ['repositories/MEADOW/Next.JS/', 'repositories/meadow/next.js/'],
  ])('leads from %s to %s', async (from, to) => {
    const { url } = previews[1];
    await visit(url + from, async (page) => {
      await page.waitForURL(url + to);
    });
  });

  it.each([
    ['contributor/?login=nobody-here', 'Nobody with the login nobody-here is known here.'],
    ['contributor/?login=<b>x</b>', 'Nobody with the login <b>x</b> is known here.'],
    ['contributor/', 'No login is given.'],
    ['contributors/nobody-here/', 'There is no such page'],
  ])('of nobody, %s, says so', async (path, text) => {
    await visit(previews[1].url + path, async (page) => {
      await page.getByText(text).waitFor();
    });
  });

  it('stands without a script on a list that the first page leads to, with rank and score', async () => {
    await visit(
      previews[1].url,
      async (page) => {
        await page.getByRole('link', { name: 'Next' }).click();
        const row = page.locator('.board-list tbody tr').last();
        expect(await row.locator('td').allTextContents()).toEqual([
          expect.stringMatching(/^\d+$/),
          expect.stringMatching(/^[\d,.]+$/),
        ]);
        await row.getByRole('link').click();
        await page.getByText('This page needs JavaScript.').waitFor();
      },
      false,
    );
  });
});
