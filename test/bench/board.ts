import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { BOARD_SHARD } from '../../pipeline/published/shards.ts';
import { buildSite } from '../../site/build.ts';
import { servePreview } from '../../site/preview.ts';
import { openBrowser } from '../support/browser.ts';
import { buildDocuments, writeDocuments } from '../support/documents.ts';

/** What a reader waits for on a board of so many people, once its files are there, in Chromium. */
const PEOPLE = 50_000;

/** People of the site that is built; its board and its search are then made as long. */
const MADE = 500;

/** Times of each step; the middle one is printed. */
const ROUNDS = 5;

export async function benchBoard(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-board-'));
  const [data, out] = [join(folder, 'data'), join(folder, 'site')];
  writeDocuments(data, buildDocuments({ people: MADE, contributorPages: 10, boardPages: 2 }));
  await buildSite({ data, out });
  multiply(out);
  const preview = await servePreview({ out, port: 0 });
  const browser = await openBrowser();
  try {
    const times: Times[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      const page = await browser.newPage();
      await page.goto(preview.url, { waitUntil: 'networkidle' });
      times.push(await measureBoard(page));
      await page.close();
    }
    console.log(`board of ${PEOPLE} people in Chromium | ms (middle of ${ROUNDS})`);
    for (const name of Object.keys(times[0] ?? {}) as (keyof Times)[]) {
      const sorted = times.map((one) => one[name]).sort((one, other) => one - other);
      console.log(`${name} | ${Math.round(sorted[Math.floor(ROUNDS / 2)] ?? 0)}`);
    }
  } finally {
    await browser.close();
    await preview.close();
    rmSync(folder, { recursive: true });
  }
}

/** Repeats the people of a site, under other logins. */
function multiply(out: string): void {
  const copies = PEOPLE / MADE;
  const change = (path: string, edit: (text: string) => string) =>
    writeFileSync(join(out, path), edit(readFileSync(join(out, path), 'utf8')));
  const repeat = <T>(values: readonly T[], from: number, count: number) =>
    Array.from({ length: count }, (_, copy) =>
      values.map((value) => (typeof value === 'string' ? `${value}-${from + copy}` : value)),
    ).flat();
  const folder = 'api/v1/boards/global/all';
  const shards = PEOPLE / BOARD_SHARD;
  const board = JSON.parse(readFileSync(join(out, folder, '1.json'), 'utf8'));
  const grow = (value: unknown, from: number): unknown =>
    Array.isArray(value)
      ? repeat(value, from, copies / shards)
      : Object.fromEntries(
          Object.entries(value as object).map(([name, inner]) => [name, grow(inner, from)]),
        );
  for (let shard = 1; shard <= shards; shard++) {
    const columns = grow(board.columns, (shard - 1) * (copies / shards));
    const whole = { ...board, shard, shards, total: PEOPLE, columns };
    writeFileSync(join(out, folder, `${shard}.json`), JSON.stringify(whole));
  }
  change('search.json', (text) => {
    const index = JSON.parse(text);
    return JSON.stringify({
      ...index,
      usernames: repeat(index.usernames, 0, copies),
      names: repeat(index.names, 0, copies),
      page: index.page.repeat(copies),
    });
  });
  change('index.html', (text) =>
    text.replace(/"documents":\["([^"]+)1\.json"\]/, (_, start: string) => {
      const documents = Array.from({ length: shards }, (_, place) => `${start}${place + 1}.json`);
      return `"documents":${JSON.stringify(documents)}`;
    }),
  );
}

interface Times {
  readonly 'first sort, from the last file on': number;
  readonly 'sort again': number;
  readonly 'filter, first letters': number;
  readonly 'rank by one kind': number;
  readonly 'search, from its index on': number;
}

async function measureBoard(page: Page): Promise<Times> {
  const rows = '.board tbody';
  const sorted = await during(page, rows, () =>
    page.locator('[data-column="reviews"] button').click(),
  );
  const again = await during(page, rows, () => page.locator('[data-column="name"] button').click());
  const filtered = await during(page, rows, () => page.locator('[data-filter]').fill('ro'));
  const ranked = await during(page, rows, () =>
    page.locator('.chip', { hasText: 'Commits' }).click(),
  );
  const searched = await during(page, '[data-search]', () =>
    page.getByLabel('Find a contributor or repository').fill('rosa'),
  );
  return {
    'first sort, from the last file on': sorted,
    'sort again': again,
    'filter, first letters': filtered,
    'rank by one kind': ranked,
    'search, from its index on': searched,
  };
}

/** From the action, or the end of the last file that it needed, to what the reader sees of it. */
async function during(page: Page, place: string, act: () => Promise<unknown>): Promise<number> {
  await page.evaluate((selector) => {
    const seen = { begun: performance.now(), shown: 0 };
    Object.assign(globalThis, { seen });
    const look = () =>
      requestAnimationFrame(() => {
        seen.shown ||= performance.now();
      });
    const target = document.querySelector(selector) ?? document.body;
    new MutationObserver(look).observe(target, { childList: true, subtree: true });
    for (const type of ['click', 'input'])
      addEventListener(type, () => (seen.begun = performance.now()), { capture: true, once: true });
  }, place);
  await act();
  await page.waitForFunction(() => (globalThis as never as { seen: Seen }).seen.shown > 0);
  return page.evaluate(() => {
    const { begun, shown } = (globalThis as never as { seen: Seen }).seen;
    const files = performance.getEntriesByType('resource') as PerformanceResourceTiming[];
    const ends = files.flatMap(({ name, responseEnd }) =>
      name.endsWith('.json') ? responseEnd : [],
    );
    const last = Math.max(begun, ...ends);
    return shown - last;
  });
}

interface Seen {
  readonly begun: number;
  readonly shown: number;
}
