import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import type { Board } from '../../pipeline/published/documents.ts';
import { mustSkipBrowser } from '../support/browser.ts';
import { BASE_POINTS } from '../support/oracle.ts';
import { readText } from './built-site.ts';
import { useServedSite } from './visit.ts';

/** Other work on the machine may make a page slow. */
const poll = <T>(ask: () => T) => expect.poll(ask, { timeout: 10_000 });

describe.skipIf(mustSkipBrowser())('a board in a browser', () => {
  const served = useServedSite({ sample: true, pageSize: 50, defaultPeriod: 'month' });

  const visit = (path: string, look: (page: Page) => Promise<void>, javaScriptEnabled = true) =>
    served.visit(path, look, { javaScriptEnabled });

  const board = (period: string) =>
    JSON.parse(readText(served.site, `api/v1/boards/global/${period}/1.json`)) as Board;
  const rows = (page: Page) =>
    page.locator('.board tbody tr').evaluateAll((all) =>
      all.map((row) => ({
        login: row.id.slice(2),
        rank: row.children[0]?.textContent ?? '',
        score: row.children[3]?.getAttribute('title') ?? row.children[3]?.textContent ?? '',
        kinds: [...row.querySelectorAll('td:nth-child(5) path')].flatMap((path, place) =>
          path.hasAttribute('d') ? 'abcdefg'.charAt(place) : [],
        ),
      })),
    );

  /** Logins with points for reviews, the most first, as the document says it. */
  function rankReviews(period: string) {
    const { columns, total } = board(period);
    const counts = columns.counts.pr_reviewed_count ?? [];
    return columns.username
      .slice(0, total)
      .map((login, place) => ({ login, points: (counts[place] ?? 0) * BASE_POINTS.PR_REVIEWED }))
      .filter(({ points }) => points > 0)
      .sort((a, b) => b.points - a.points);
  }

  it('is ranked by one kind, in the address and from period to period', async () => {
    await visit('', async (page) => {
      await page.locator('.chip', { hasText: 'Reviews' }).click();
      await poll(() => new URL(page.url()).search).toBe('?kind=review');
      const month = rankReviews('month');
      await page.getByText(new RegExp(`^1–\\d+ of ${month.length}$`)).waitFor();
      const shown = await rows(page);
      expect(shown.map(({ login }) => login)).toEqual(month.slice(0, 50).map(({ login }) => login));
      expect(shown.map(({ score }) => Number(score.replaceAll(',', '')))).toEqual(
        month.slice(0, 50).map(({ points }) => points),
      );
      expect(new Set(shown.flatMap(({ kinds }) => kinds))).toEqual(new Set(['b']));
      const ranks = shown.map(({ rank }) => Number(rank.replace('=', '')));
      expect(ranks).toEqual(
        shown.map(({ score }) => 1 + shown.findIndex((one) => one.score === score)),
      );
      await page.getByRole('link', { name: 'Quarter' }).click();
      await page.waitForURL('**/global/quarter/1/?kind=review');
      const quarter = rankReviews('quarter');
      await poll(async () => (await rows(page)).map(({ login }) => login)).toEqual(
        quarter.slice(0, 50).map(({ login }) => login),
      );
      await page.locator('.chip', { hasText: 'All kinds' }).click();
      await poll(() => new URL(page.url()).search).toBe('');
      await poll(async () => (await rows(page))[0]?.login).toBe(
        board('quarter').columns.username[0],
      );
    });
  });

  it('keeps what is typed and sorted by from period to period, and begins at the first page', async () => {
    await visit('global/all/1/?sort=commits&filter=a&page=2', async (page) => {
      await page.getByRole('link', { name: 'Year' }).click();
      await page.waitForURL('**/global/year/1/?sort=commits&filter=a');
      await poll(() => page.locator('[data-filter]').inputValue()).toBe('a');
      await poll(() => page.locator('th[data-column=commits]').getAttribute('aria-sort')).toBe(
        'descending',
      );
    });
  });

  it('lets other kinds step back without a script', async () => {
    const opacity = (page: Page, kind: string) =>
      page
        .locator(`.board tbody td:nth-child(5) path:nth-child(${1 + 'abcdefg'.indexOf(kind)})[d]`)
        .first()
        .evaluate((path) => getComputedStyle(path).opacity);
    await visit(
      '',
      async (page) => {
        expect(await opacity(page, 'c')).toBe('1');
        await page.locator('.chip', { hasText: 'Reviews' }).click();
        await poll(() => opacity(page, 'c')).toBe('0.2');
        expect(await opacity(page, 'b')).toBe('1');
      },
      false,
    );
  });

  it('shows the reader’s own place, remembers it, and forgets it', async () => {
    const { columns } = board('all');
    // On the second page, behind others.
    const [own, before] = [60, 59].map((place) => ({
      login: columns.username[place] ?? '',
      rank: columns.rank?.[place] ?? 0,
      score: columns.total_score?.[place] ?? 0,
    }));
    if (!own || !before) throw new Error('the board has 130 people');
    expect(before.score).toBeGreaterThan(own.score);
    await visit('global/all/1/', async (page) => {
      const line = page.locator('[data-you]');
      expect(await line.isVisible()).toBe(false);
      await page.getByRole('button', { name: 'Me', exact: true }).click();
      await page.getByLabel('Your login').fill('nobody-here');
      await page.keyboard.press('Enter');
      await page.getByText('nobody-here has no points on this board.').waitFor();
      await page.getByLabel('Your login').fill(`@${own.login.toUpperCase()}`);
      await page.keyboard.press('Enter');
      await page.getByText(`behind #${before.rank}`).waitFor();
      const text = (await line.textContent()) ?? '';
      expect(text).toContain(`You: #${own.rank}`);
      expect(text).toContain(`${Math.round(own.score).toLocaleString('en')} points`);
      await page.reload();
      await page.getByText(`behind #${before.rank}`).waitFor();
      expect((await rows(page)).some(({ login }) => login === own.login)).toBe(false);
      await page.getByRole('link', { name: 'Show my row' }).click();
      await page.locator(`.me[id="c-${own.login}"]`).waitFor();
      await page.getByText('51–100 of 130').waitFor();
      await page.getByRole('button', { name: 'Forget my login' }).click();
      expect(await line.isVisible()).toBe(false);
      expect(await page.evaluate(() => localStorage.getItem('login'))).toBeNull();
    });
  });

  it('opens with the period of the configuration, and keeps its other address', async () => {
    await visit('', async (page) => {
      const current = () => page.locator('.tabs [aria-current]').textContent();
      expect(await current()).toBe('Month');
      expect((await rows(page)).map(({ login }) => login)).toEqual(
        board('month').columns.username.slice(0, 50),
      );
      await page.goto(`${served.url}global/month/1/`);
      await page.waitForURL(served.url);
      await page.goto(`${served.url}repositories/meadow/garden/month/1/`);
      await page.waitForURL(`${served.url}repositories/meadow/garden/`);
      expect(await current()).toBe('Month');
      await page.getByRole('link', { name: 'All time' }).click();
      await page.waitForURL(`${served.url}repositories/meadow/garden/all/1/`);
      expect(await current()).toBe('All time');
    });
  });
});
