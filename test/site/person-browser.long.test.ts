import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import type { Contributor } from '../../pipeline/published/documents.ts';
import { mustSkipBrowser } from '../support/browser.ts';
import { readCount } from './built-site.ts';
import { useServedSite } from './visit.ts';

/** What scripts add to the pages of people and repositories. */

describe.skipIf(mustSkipBrowser())('the page of a person in a browser', () => {
  const served = useServedSite({ people: 12, contributorPages: 3, sample: false });
  const { visit } = served;

  const profile = (login: string) => {
    const text = readFileSync(join(served.site.out, `api/v1/contributors/${login}.json`), 'utf8');
    return (JSON.parse(text) as Contributor).periods.all;
  };
  const sum = (values: readonly number[]) => values.reduce((all, one) => all + one, 0);
  const pointsOf = async (page: Page) =>
    sum(
      (await page.locator('.days h3 small').allTextContents()).map((text) =>
        readCount(text.split(' ')[0] ?? ''),
      ),
    );

  it('shows all contributions when it is asked to, which sum to the score without lines', async () => {
    const all = profile('rosa-field');
    await visit('contributors/rosa-field/', async (page) => {
      const first = await page.locator('.days li').first().innerHTML();
      await page.getByRole('link', { name: /^All [\d,]+ contributions$/ }).click();
      await page.locator('.more-events').waitFor({ state: 'detached' });
      expect(await pointsOf(page)).toBe((all?.total_score ?? 0) - (all?.points.line_bonus ?? 0));
      expect(await page.locator('.days li').first().innerHTML()).toBe(first);
      expect(await page.locator('.days img').count()).toBe(0);
    });
  });

  it('shows the last hundred of somebody without a built page', async () => {
    await visit('contributor/?login=XU', async (page) => {
      const before = await page.locator('.days li').count();
      await page.getByRole('link', { name: 'The last 100 contributions' }).click();
      await page.locator('.more-events').waitFor({ state: 'detached' });
      expect(await page.locator('.days li').count()).toBeGreaterThan(before);
      expect(await page.getByText(/before these are counted, and not listed/).count()).toBe(1);
    });
  });

  it.each([
    ['contributors/rosa-field/', '#p-all .why tbody tr'],
    ['contributor/?login=xu', '#p-all .why tbody tr'],
    ['scoring/', '.weights tbody tr'],
  ])('gives each part of a score on %s the colour of its kind', async (path, all) => {
    await visit(path, async (page) => {
      const rows = page.locator(all);
      await rows.first().waitFor();
      const colours = await rows.evaluateAll((all) =>
        all.flatMap((row) => {
          const bar = row.querySelector('path');
          const mark = getComputedStyle(row.querySelector('th') as Element, '::before');
          return bar ? [[mark.backgroundColor, getComputedStyle(bar).stroke]] : [];
        }),
      );
      expect(new Set(colours.map(([mark]) => mark)).size).toBeGreaterThan(2);
      for (const [mark, bar] of colours) expect(bar).toBe(mark);
    });
  });

  it('keeps each number of a score in one line on the smallest phone', async () => {
    await visit(
      'contributors/rosa-field/',
      async (page) => {
        const ledger = page.locator('#p-all .why');
        await ledger.evaluate((table) => {
          const write = (selector: string, text: string) => {
            const cell = table.querySelector(selector);
            if (cell) cell.textContent = text;
          };
          // Of somebody with years of work.
          write('tfoot td:nth-last-child(2)', '47,158.655');
          write('tbody td:nth-child(2)', '1,234+');
        });
        const cut = await ledger.locator('td:nth-last-child(2)').evaluateAll((cells) =>
          cells.flatMap((cell) => {
            const text = document.createRange();
            text.selectNodeContents(cell);
            return text.getClientRects().length > 1 ? [cell.textContent] : [];
          }),
        );
        expect(cut).toEqual([]);
        const right = await ledger.evaluate((table) => table.getBoundingClientRect().right);
        expect(right).toBeLessThanOrEqual(320);
      },
      { viewport: { width: 320, height: 740 } },
    );
  });

  it('shows why the score of a period is what it is, by a link', async () => {
    await visit('contributors/rosa-field/', async (page) => {
      expect(await page.locator('#p-all').isVisible()).toBe(true);
      expect(await page.locator('#p-month').isVisible()).toBe(false);
      await page.locator('.figs a', { hasText: 'Month' }).click();
      expect(await page.locator('#p-month').isVisible()).toBe(true);
      expect(await page.locator('#p-all').isVisible()).toBe(false);
    });
  });

  it.each(['contributors/rosa-field/', 'contributor/?login=xu', 'repositories/meadow/garden/'])(
    'reads the table of a chart out by arrow keys, on %s',
    async (path) => {
      await visit(path, async (page) => {
        const figure = page.locator('figure', { has: page.locator('svg.chart') }).first();
        await figure.waitFor();
        const rows = await figure.locator('tbody tr').allTextContents();
        await figure.locator('svg.chart').focus();
        await page.keyboard.press('ArrowLeft');
        await page.keyboard.press('ArrowLeft');
        const box = figure.locator('.hover');
        expect(await box.locator('b').textContent()).toBe(
          await figure.locator('tbody tr').nth(1).locator('th').textContent(),
        );
        const values = await box.locator('span').allTextContents();
        expect(rows[1]?.replaceAll(/\s/g, '')).toContain(values.join('').replaceAll(/\s/g, ''));
        await page.keyboard.press('Escape');
        expect(await box.isVisible()).toBe(false);
      });
    },
  );
});
