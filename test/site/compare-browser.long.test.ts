import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import type { Contributor, RepositoryDocument } from '../../pipeline/published/documents.ts';
import { mustSkipBrowser } from '../support/browser.ts';
import { readCount } from './built-site.ts';
import { useServedSite } from './visit.ts';

/** The page that compares, in a browser: its documents, its search, and addresses of any kind. */

describe.skipIf(mustSkipBrowser())('the page that compares', () => {
  const served = useServedSite({ people: 12, contributorPages: 3 });
  const { visit } = served;
  const read = <T>(path: string) =>
    JSON.parse(readFileSync(join(served.site.out, 'api/v1', path), 'utf8')) as T;

  const chosen = (page: Page) =>
    page.locator('.chosen > li > a:not(.away)').evaluateAll((all) => all.map((a) => a.textContent));
  const row = async (page: Page, group: string, label: string) => {
    const part = page.locator('.side tbody', { has: page.locator('.part', { hasText: group }) });
    const one = part.locator('tr', {
      has: page.getByRole('rowheader', { name: label, exact: true }),
    });
    return (await one.locator('td').allTextContents()).map((text) =>
      readCount(text.replace('#', '')),
    );
  };

  it('shows people with a page and without one, by whatever case and former name', async () => {
    const [rosa, xu] = ['rosa-field', 'xu'].map(
      (login) => read<Contributor>(`contributors/${login}.json`).periods.all,
    );
    await visit('compare/?with=ROSE-field,XU,Rosa-Field', async (page) => {
      await page.locator('.side').waitFor();
      expect(await chosen(page)).toHaveLength(2);
      expect(await row(page, 'Rank', 'All time')).toEqual([rosa?.rank, xu?.rank]);
      expect(await row(page, 'Points', 'All time')).toEqual(
        [rosa, xu].map((one) => Math.round(one?.total_score ?? 0)),
      );
      expect(await row(page, 'All time', 'Commits')).toEqual([
        rosa?.commit_count,
        xu?.commit_count,
      ]);
      expect(await page.locator('.chart .line').count()).toBe(2);
      expect(await page.title()).toContain('Rosa Field, ');
      await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
      await page.getByRole('button', { name: 'Copy link' }).click();
      await page.getByRole('button', { name: 'Copied' }).waitFor();
      expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(
        `${served.url}compare/?with=rosa-field,xu`,
      );
      const style = (name: string) =>
        page
          .locator(`.chart .line.${name}`)
          .evaluate((line) => getComputedStyle(line).strokeDasharray);
      expect(await style('p1')).toBe('none');
      expect(await style('p2')).not.toBe('none');
    });
  });

  it('shows repositories, and a person beside one', async () => {
    const { totals, repository } = read<RepositoryDocument>('repositories/meadow/garden.json');
    await visit('compare/?with=meadow/garden,meadow/NEXT.js', async (page) => {
      await page.locator('.side').waitFor();
      expect(await chosen(page)).toEqual(['meadow/garden', 'meadow/next.js']);
      expect((await row(page, 'All time', 'Contributors'))[0]).toBe(repository.contributors);
      expect((await row(page, 'All time', 'Reviews'))[0]).toBe(totals.PR_REVIEWED);
    });
    await visit('compare/?with=meadow/garden,rosa-field', async (page) => {
      await page.locator('.side').waitFor();
      expect((await row(page, 'All time', 'Commits'))[0]).toBe(totals.COMMIT);
      expect(await row(page, 'Rank', 'All time')).toEqual([]);
    });
  });

  it('adds a name by keys alone, and takes one away by a link', async () => {
    await visit('compare/?with=meadow/garden', async (page) => {
      await page.getByText('Add a second one to compare with.').waitFor();
      const picker = page.getByRole('combobox', { name: 'Add a contributor or repository' });
      await picker.fill('rosa-f');
      await page.getByRole('option', { name: 'rosa-field' }).waitFor();
      await page.keyboard.press('Enter');
      await page.waitForURL('**/compare/?with=meadow/garden,rosa-field');
      await page.locator('.side').waitFor();
      expect(await chosen(page)).toEqual(['meadow/garden', 'Rosa Field']);
      await page.getByRole('link', { name: 'Take away meadow/garden' }).click();
      await page.waitForURL('**/compare/?with=rosa-field');
      await page.goBack();
      await page.locator('.side').waitFor();
      expect(await chosen(page)).toHaveLength(2);
    });
  });

  it('is reached from the pages of people and repositories, and from its own examples', async () => {
    await visit('contributors/rosa-field/', async (page) => {
      const link = page.locator('main').getByRole('link', { name: 'Compare' });
      await link.click();
      await page.waitForURL('**/compare/?with=rosa-field');
      await page.goto(`${served.url}repositories/meadow/garden/`);
      await link.click();
      await page.waitForURL('**/compare/?with=meadow/garden');
      await page.getByRole('navigation').getByRole('link', { name: 'Compare' }).click();
      await page.locator('.examples a').first().click();
      await page.locator('.side').waitFor();
      expect(await chosen(page)).toHaveLength(3);
    });
  });

  it.each([
    ['nobody-here', 'Nobody with points here has the login “nobody-here”.', 0],
    ['nobody-here,rosa-field', 'Nobody with points here has the login “nobody-here”.', 1],
    ['no/such', 'No repository with the name “no/such” is tracked here.', 0],
    ['../../x', 'No repository with the name “../../x” is tracked here.', 0],
    ['constructor,__proto__,toString', 'Nobody with points here has the login “__proto__”.', 0],
    ['<img src=x onerror=alert(1)>', 'has the login “<img src=x onerror=alert(1)>”.', 0],
    [`${'x'.repeat(5000)}`, `has the login “${'x'.repeat(60)}…”.`, 0],
    ['rosa-field,xu,zoe_mueller,meadow/garden,more', 'Only the first 4 are compared.', 4],
    ['<script>alert(1)</script>', 'No repository with the name “<script>alert(1)</script>”', 0],
    ['%E0%A4%A', 'Nobody with points here has the login', 0],
  ])('answers %s in words', async (names, words, count) => {
    const address = names.startsWith('%') ? names : encodeURIComponent(names);
    await visit(`compare/?with=${address}`, async (page) => {
      await page.locator('.words', { hasText: words }).waitFor();
      expect(await page.locator('.chosen > li').count()).toBe(count);
      expect(await page.locator('main img').count()).toBe(0);
      const picker = page.getByRole('combobox', { name: 'Add a contributor or repository' });
      expect(await picker.isVisible()).toBe(count < 4);
    });
  });

  it('says in words what it needs a script for', async () => {
    await visit(
      'compare/?with=rosa-field',
      async (page) => {
        expect(await page.getByText('Comparing needs JavaScript.').isVisible()).toBe(true);
        expect(
          await page
            .getByRole('combobox')
            .evaluateAll((all) => all.filter((one) => one.checkVisibility()).length),
        ).toBe(0);
        await page.locator('main').getByRole('link', { name: 'leaderboard' }).click();
        await page.locator('.board').waitFor();
      },
      { javaScriptEnabled: false },
    );
  });
});
