import { gzipSync } from 'node:zlib';
import axe, { type AxeResults } from 'axe-core';
import { HtmlValidate } from 'html-validate';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { mustSkipBrowser } from '../support/browser.ts';
import { FORMS } from '../support/documents.ts';
import { readCount, readText } from './built-site.ts';
import { useServedSite } from './visit.ts';

/** Other work on the machine may make a page slow. */
const poll = <T>(ask: () => T) => expect.poll(ask, { timeout: 10_000 });

const PATHS = [
  '',
  'global/all/3/',
  'repositories/',
  'repositories/meadow/next.js/',
  'repositories/Tools-Co/shed/week/1/',
  'contributors/rosa-field/',
  'contributors/hostile-name/',
  'contributors/long-name/',
  'scoring/',
  'coverage/',
  'dashboard/',
  'runs/7/',
  'contributor/?login=ada-glen-72',
  'compare/?with=rosa-field,ada-glen-72,hostile-name,long-name',
  'compare/?with=meadow/garden,meadow/next.js,rosa-field',
  'compare/',
  'data/',
  'methodology/',
  'privacy/',
  'forms/?login=rosa-field',
  '404.html',
];

/** Pages of which another one of the same kind is among them. */
const OF_A_KIND = /^(?:global|repositories\/Tools-Co|contributors\/(?:hostile|long))/;

describe.skipIf(mustSkipBrowser())('the site in a browser', () => {
  // Not all is known of real people: some columns have dashes and lower bounds.
  const served = useServedSite({ sample: false });
  const { visit } = served;

  /** A page that a script makes from its address comes after it was loaded. */
  const goTo = (page: Page, path: string) =>
    page.goto(served.url + path, { waitUntil: path.includes('?') ? 'networkidle' : 'load' });

  const measure = async (url: string) => {
    const body = await (await fetch(url)).arrayBuffer();
    return [url, gzipSync(body).length] as const;
  };

  const names = (page: Page) =>
    page.locator('.board tbody tr').evaluateAll((all) => all.map((row) => row.id.slice(2)));
  const cells = async (page: Page, column: number) =>
    (await page.locator(`.board tbody tr td:nth-child(${column})`).allTextContents()).map((text) =>
      readCount(text),
    );

  /** What moved by itself since the page began to come: each part, by its beginning. */
  const listShifts = (page: Page) =>
    page.evaluate(
      () =>
        new Promise<string[]>((done) => {
          const moved: string[] = [];
          new PerformanceObserver((list) => {
            for (const entry of list.getEntries() as (PerformanceEntry & {
              sources: { node: Node | null }[];
            })[])
              for (const { node } of entry.sources)
                moved.push(node instanceof Element ? node.outerHTML.slice(0, 80) : `${node}`);
          }).observe({ type: 'layout-shift', buffered: true });
          setTimeout(() => done(moved), 60);
        }),
    );

  it.each(PATHS)('loads one script of at most 15 KB, and 50 KB in all: /%s', async (path) => {
    await visit('privacy/', async (page) => {
      const urls = new Set<string>();
      page.on('request', (request) => urls.add(request.url()));
      await page.goto(served.url + path, { waitUntil: 'networkidle' });
      const sizes = await Promise.all([...urls].map(measure));
      const scripts = sizes.filter(([url]) => url.endsWith('.js'));
      const sum = (some: typeof sizes) => some.reduce((total, [, size]) => total + size, 0);
      expect(scripts.filter(([url]) => !url.endsWith('/theme.js'))).toHaveLength(1);
      expect(sum(scripts)).toBeLessThanOrEqual(15_000);
      // What is compared was asked for by name: some 10 KB each.
      const asked = ([url]: (typeof sizes)[number]) =>
        path.startsWith('compare/?') && url.includes('/api/v1/');
      expect(sum(sizes.filter((one) => !asked(one)))).toBeLessThanOrEqual(50_000);
      expect(sum(sizes.filter(asked))).toBeLessThanOrEqual(40_000);
    });
  });

  it('complains of nothing, moves nothing and asks nobody else', async () => {
    await visit('', async (page) => {
      for (const path of PATHS) {
        await goTo(page, path);
        expect(await listShifts(page), path).toEqual([]);
      }
    });
  });

  it('fills the forms in with what a page is about, and with nothing else', async () => {
    const fields = async (path: string) => {
      const found: Record<string, string> = {};
      await visit('', async (page) => {
        await goTo(page, path);
        for (const link of await page.locator('.forms a').all()) {
          const url = new URL((await link.getAttribute('href')) ?? '');
          expect(`${url.origin}${url.pathname}`).toBe(FORMS);
          const { template = '', ...rest } = Object.fromEntries(url.searchParams);
          found[template] = JSON.stringify(rest);
        }
      });
      return found;
    };
    expect(await fields('forms/?login=rosa-field')).toEqual({
      'leave-me-out.yml': '{"login":"rosa-field"}',
      'wrong-number.yml': '{"login":"rosa-field"}',
      'same-person.yml': '{"shown":"rosa-field"}',
      'bot.yml': '{"login":"rosa-field"}',
      'add-repository.yml': '{}',
    });
    expect(await fields('forms/?repository=meadow/next.js')).toMatchObject({
      'leave-me-out.yml': '{}',
      'wrong-number.yml': '{"repository":"meadow/next.js"}',
    });
    expect(await fields('forms/?login=%22%3E%3Cb%3E&repository=a%26b')).toMatchObject({
      'wrong-number.yml': '{}',
      'bot.yml': '{}',
    });
  });

  /** What axe finds on a page, each with the beginning of an element. */
  const listBarriers = async (page: Page, rules?: readonly string[]): Promise<string[]> => {
    await page.evaluate(axe.source);
    const only = rules && { runOnly: { type: 'rule', values: rules } };
    const options = { resultTypes: ['violations'], ...only };
    const { violations } = await page.evaluate<AxeResults>(
      `axe.run(document, ${JSON.stringify(options)})`,
    );
    return violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html.slice(0, 160)}`);
  };

  it('has no barrier for anybody that axe finds, light or dark', async () => {
    await visit('', async (page) => {
      const found: string[] = [];
      for (const path of PATHS.filter((one) => !OF_A_KIND.test(one))) {
        await page.emulateMedia({ colorScheme: 'light' });
        await goTo(page, path);
        found.push(...(await listBarriers(page)).map((one) => `${path} ${one}`));
        // Prose has the same few colours everywhere.
        if (/^(?:data|methodology|privacy|404|runs|contributor\/|scoring)/.test(path)) continue;
        await page.emulateMedia({ colorScheme: 'dark', reducedMotion: 'reduce' });
        found.push(
          ...(await listBarriers(page, ['color-contrast'])).map((one) => `${path}, dark: ${one}`),
        );
      }
      expect(found).toEqual([]);
    });
  });

  it('is HTML by the standard', () => {
    const validator = new HtmlValidate({ extends: ['html-validate:standard'] });
    for (const path of PATHS) {
      const file = path.replace(/\?.*/, '').replace(/(^|\/)$/, '$1index.html');
      const { results } = validator.validateStringSync(readText(served.site, file));
      const found = results.flatMap(({ messages }) =>
        messages.map(({ line, column, message }) => `${file}:${line}:${column} ${message}`),
      );
      expect(found).toEqual([]);
    }
  });

  /** What reaches beyond the right edge of a page that can be moved sideways. */
  const listTooWide = () =>
    document.documentElement.scrollWidth <= innerWidth
      ? []
      : [...document.querySelectorAll('main *')]
          .filter((one) => one.getBoundingClientRect().right > innerWidth)
          .map((one) => one.outerHTML.slice(0, 120));

  it('hides no cell of a table of a page', async () => {
    await visit('', async (page) => {
      for (const path of PATHS) {
        await goTo(page, path);
        const hidden = await page.evaluate(() =>
          [...document.querySelectorAll('main :is(td, th)')]
            .filter((cell) => getComputedStyle(cell).visibility === 'hidden')
            .map((cell) => cell.outerHTML.slice(0, 80)),
        );
        expect(hidden, path).toEqual([]);
      }
    });
  });

  it('fits a phone of 360 pixels', async () => {
    await visit(
      '',
      async (page) => {
        for (const path of PATHS) {
          await goTo(page, path);
          expect(await page.evaluate(listTooWide), path).toEqual([]);
          const hidden = await page
            .locator('.scroll > table')
            .evaluateAll((all) => all.filter((one) => getComputedStyle(one).display === 'none'));
          expect(hidden, path).toHaveLength(0);
        }
      },
      { viewport: { width: 360, height: 740 } },
    );
  });

  it('finds a name from any page by keyboard alone', async () => {
    await visit('scoring/', async (page) => {
      await page.keyboard.press('/');
      await page.keyboard.type('zoe mu');
      const input = page.getByRole('combobox');
      await page.getByRole('option').first().waitFor();
      await poll(() => input.getAttribute('aria-expanded')).toBe('true');
      expect(await page.getByRole('option').count()).toBe(1);
      await page.keyboard.press('Escape');
      expect(await page.getByRole('listbox').isVisible()).toBe(false);
      await page.keyboard.type('tied');
      await page.getByRole('option').nth(1).waitFor();
      await page.keyboard.press('ArrowDown');
      const active = await input.getAttribute('aria-activedescendant');
      expect(await page.locator(`#${active}`).textContent()).toContain('Tied Two');
      await page.keyboard.press('Enter');
      await page.waitForURL('**/contributors/tied-two/');
    });
  });

  it('finds those without a page on their page of the board, and repositories', async () => {
    await visit('', async (page) => {
      const input = page.getByRole('combobox');
      await input.fill('<script>alert(1)');
      const option = page.getByRole('option').first();
      await option.waitFor();
      expect(await option.textContent()).toContain('<script>alert(1)</script>');
      expect(await option.locator('a').getAttribute('href')).toMatch(
        /^\/leaderboard\/#c-%3Cscript/,
      );
      await input.fill('next.js');
      await page.getByRole('option', { name: 'meadow/next.js' }).locator('a').click();
      await page.waitForURL('**/repositories/meadow/next.js/');
      await page.getByRole('combobox').fill('nobody is called this');
      await page.locator('.search .note', { hasText: 'Nothing found' }).waitFor();
      await page.getByRole('combobox').fill('-');
      await page.locator('.search .note', { hasText: /^8 of 1\d\d shown$/ }).waitFor();
      expect(await page.getByRole('option').count()).toBe(8);
      expect(await page.locator('[data-search-status]').textContent()).toMatch(/^8 of/);
    });
  });

  it('finds people and pages by Ctrl-K, with a typing error, by keys alone', async () => {
    await visit('', async (page) => {
      await page.keyboard.press('Control+k');
      await page.keyboard.type('roas-field');
      await page.getByRole('option', { name: 'rosa-field' }).waitFor();
      await page.keyboard.press('Escape');
      await page.keyboard.press('Control+k');
      await page.keyboard.type('covreage');
      const option = page.getByRole('option', { name: 'Coverage' });
      await option.waitFor();
      expect(await option.textContent()).toBe('Coveragepage');
      await page.keyboard.press('Enter');
      await page.waitForURL('**/coverage/');
    });
  });

  it('sorts the whole board and not only its page', async () => {
    await visit('global/all/2/', async (page) => {
      const before = await names(page);
      const head = page.locator('th[data-column=commits]');
      await head.getByRole('button').click();
      await poll(() => head.getAttribute('aria-sort')).toBe('descending');
      await poll(async () => (await names(page))[0]).toBe('rosa-field');
      const most = await cells(page, 10);
      expect(most).toHaveLength(50);
      expect(most).toEqual(most.toSorted((a, b) => b - a));
      await head.getByRole('button').click();
      await poll(() => head.getAttribute('aria-sort')).toBe('ascending');
      const least = await cells(page, 10);
      expect(least).toEqual(least.toSorted((a, b) => a - b));
      expect(least[0]).toBeLessThan(most[49] ?? 0);
      await page.locator('th[data-column=rank]').getByRole('button').click();
      await poll(() => names(page)).toEqual(before);
    });
  });

  it('makes rows as the server does', async () => {
    await visit('', async (page) => {
      const rows = () =>
        page.locator('.board tbody tr').evaluateAll((all) => all.map((row) => row.outerHTML));
      // The roles come when nothing else is to do, and again with new rows.
      await page.locator('.board tbody tr[role=row]').first().waitFor();
      const served = await rows();
      // By score is the order of ranks, but made from the document of the whole board.
      await page.locator('th[data-column=score]').getByRole('button').click();
      await page.getByText('1–50 of 130').waitFor();
      await poll(rows).toEqual(served);
    });
  });

  it('filters and pages what it found', async () => {
    await visit('', async (page) => {
      await page.getByPlaceholder('Filter 130 by name').fill('ada ');
      await expect
        .poll(async () => (await names(page)).every((name) => name.startsWith('ada-')))
        .toBe(true);
      await page.getByPlaceholder('Filter 130 by name').fill('-');
      await page.getByText(/1–50 of 1\d\d/).waitFor();
      await page.getByRole('button', { name: 'Next' }).click();
      await page.getByText(/51–100 of 1\d\d/).waitFor();
      expect(await page.locator('[data-pager]').isVisible()).toBe(false);
      await page.getByPlaceholder('Filter 130 by name').fill('');
      await poll(() => page.locator('[data-pager]').isVisible()).toBe(true);
    });
  });

  it('keeps in the address how a board is sorted, and comes back to it', async () => {
    await visit('global/all/2/', async (page) => {
      const head = page.locator('th[data-column=commits]');
      await head.getByRole('button').click();
      await poll(() => head.getAttribute('aria-sort')).toBe('descending');
      await page.getByPlaceholder('Filter 130 by name').fill('a');
      await poll(() => new URL(page.url()).search).toBe('?sort=commits&filter=a');
      await page.getByRole('button', { name: 'Next' }).click();
      await poll(() => new URL(page.url()).search).toBe('?sort=commits&filter=a&page=2');
      await page.getByText(/51–\d+ of/).waitFor();
      const shown = await names(page);
      await page.goto(`${served.url}scoring/`);
      await page.goBack();
      await page.getByText(/51–\d+ of/).waitFor();
      expect(await names(page)).toEqual(shown);
      expect(await page.getByPlaceholder('Filter 130 by name').inputValue()).toBe('a');
      expect(await head.getAttribute('aria-sort')).toBe('descending');
    });
    await visit('?page=99&filter=ada', async (page) => {
      await page.getByText(/^1–\d+ of \d+$/).waitFor();
      expect((await names(page)).length).toBeGreaterThan(0);
    });
  });

  it('sorts on a phone either way, and has no tab stop that is not shown', async () => {
    await visit(
      'repositories/Tools-Co/shed/',
      async (page) => {
        await page.getByLabel('Sort by').selectOption('commits');
        await poll(() => new URL(page.url()).search).toBe('?sort=commits');
        await page.getByText(/^1–\d+ of/).waitFor();
        const most = await cells(page, 10);
        expect(most).toEqual(most.toSorted((a, b) => b - a));
        await page.getByRole('button', { name: 'Reverse the order' }).click();
        await poll(() => new URL(page.url()).search).toBe('?sort=commits&order=asc');
        await poll(async () => ((await cells(page, 10))[0] ?? 0) < (most[0] ?? 0)).toBe(true);
        const least = await cells(page, 10);
        expect(least).toEqual(least.toSorted((a, b) => a - b));
        const stops = () => page.locator('thead button:not([tabindex="-1"])').count();
        expect(await stops()).toBe(0);
        await page.setViewportSize({ width: 1280, height: 800 });
        await poll(stops).toBe(10);
      },
      { viewport: { width: 390, height: 800 } },
    );
  });

  it('goes through periods and pages by links', async () => {
    await visit('', async (page) => {
      await page.getByRole('link', { name: 'Month', exact: true }).click();
      await page.waitForURL('**/global/month/1/');
      expect(await page.locator('.tabs [aria-current]').textContent()).toContain('Month');
      await page.getByRole('link', { name: 'All time' }).click();
      await page.getByRole('link', { name: 'Next' }).click();
      await page.waitForURL('**/global/all/2/');
      expect((await names(page)).length).toBe(50);
    });
  });

  it('shows initials instead of a picture that cannot be shown', async () => {
    await visit('scoring/', async (page) => {
      // The invented people have no pictures: the first two get one that is broken, the rest a good one.
      let row = 0;
      await page.route(served.url, async (route) => {
        const text = await (await route.fetch()).text();
        const body = text.replaceAll(/(?<=<a[^>]*><i class="av [^>]*)><\/i>/g, (end) => {
          row += 1;
          const src = row < 3 ? 'data:image/png;base64,AAAA' : 'favicon.svg';
          return end.replace('>', `><img src="${src}" loading="lazy" alt="">`);
        });
        await route.fulfill({ body, contentType: 'text/html; charset=utf-8' });
      });
      await page.goto(served.url);
      expect(row).toBeGreaterThan(40);
      const shown = () =>
        page.locator('.av img').evaluateAll((all) => all.map((one) => one.checkVisibility()));
      await poll(async () => (await shown()).slice(0, 3)).toEqual([false, false, true]);
      expect((await shown()).slice(3)).not.toContain(false);
    });
  });

  it('works the example of a score again as a reader changes its counts', async () => {
    await visit('scoring/', async (page) => {
      const sum = page.locator('[data-example-sum]');
      await poll(() => sum.textContent()).toBe('1,380');
      await page.getByLabel('Releases').fill('2');
      await poll(() => sum.textContent()).toBe('1,440');
      await page.getByLabel('Lines added').fill('10000000');
      await poll(() => page.locator('[data-points=lines]').textContent()).toBe('500');
      await page.getByLabel('Commits').fill('-3');
      await poll(() => page.locator('[data-points=COMMIT]').textContent()).toBe('0');
      await poll(() => sum.textContent()).toBe('1,340');
    });
  });

  it('remembers the theme that was chosen', async () => {
    const isDark = (page: Page) =>
      page.evaluate(() => getComputedStyle(document.documentElement).colorScheme === 'dark');
    const background = (page: Page) =>
      page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
    await visit(
      '',
      async (page) => {
        const light = await background(page);
        const toggle = page.getByRole('button', { name: 'Dark theme' });
        expect(await toggle.getAttribute('aria-pressed')).toBe('false');
        await toggle.click();
        expect(await isDark(page)).toBe(true);
        expect(await background(page)).not.toBe(light);
        await page.reload();
        expect(await isDark(page)).toBe(true);
        expect(await toggle.getAttribute('aria-pressed')).toBe('true');
      },
      { colorScheme: 'light' },
    );
    await visit(
      '',
      async (page) => {
        expect(await background(page)).toBe('rgb(15, 17, 20)');
      },
      { colorScheme: 'dark' },
    );
  });

  it('shows everything without a script, except what needs one', async () => {
    await visit(
      '',
      async (page) => {
        expect((await names(page)).length).toBe(50);
        expect(
          await page
            .locator('.search, .controls, .theme-toggle')
            .evaluateAll((all) => all.some((one) => one.checkVisibility())),
        ).toBe(false);
        expect(await page.locator('thead button').count()).toBe(0);
        await page.getByRole('link', { name: 'Next' }).click();
        await page.getByRole('link', { name: 'Week' }).click();
        await page.waitForURL('**/global/week/1/');
      },
      { javaScriptEnabled: false },
    );
  });

  it('shows where the keyboard is, and lets it skip to the content', async () => {
    await visit('', async (page) => {
      await page.keyboard.press('Tab');
      expect(await page.evaluate(() => document.activeElement?.textContent)).toBe(
        'Skip to content',
      );
      await page.keyboard.press('Enter');
      expect(await page.evaluate(() => document.activeElement?.id)).toBe('main');
      expect(
        await page.evaluate(() => getComputedStyle(document.activeElement as Element).outlineStyle),
      ).toBe('none');
      await page.keyboard.press('Tab');
      const outline = await page.evaluate(
        () => getComputedStyle(document.activeElement as Element).outlineStyle,
      );
      expect(outline).toBe('solid');
    });
  });
});
