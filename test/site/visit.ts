import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, expect } from 'vitest';
import { type Preview, servePreview } from '../../site/preview.ts';
import { openBrowser } from '../support/browser.ts';
import { type BuiltSite, buildInvented } from './built-site.ts';

/** A built site, served, and a browser. */
export interface ServedSite {
  /** The site; available from `beforeAll` on, as all else. */
  readonly site: BuiltSite;
  readonly url: string;
  /** Opens a path of it, as `visitPage` does. */
  visit(
    path: string,
    look: (page: Page) => Promise<void>,
    options?: BrowserContextOptions,
  ): Promise<void>;
}

/** Builds a site from invented documents and serves it for the tests of a block. */
export function useServedSite(...built: Parameters<typeof buildInvented>): ServedSite {
  const open: { site?: BuiltSite; preview?: Preview; browser?: Browser } = {};
  beforeAll(async () => {
    open.site = await buildInvented(...built);
    open.preview = await servePreview({ out: open.site.out, port: 0 });
    open.browser = await openBrowser();
  });
  afterAll(async () => {
    await open.browser?.close();
    await open.preview?.close();
  });
  const there = <K extends keyof typeof open>(part: K) => {
    const found = open[part];
    if (!found) throw new Error('the site is there from beforeAll on');
    return found as NonNullable<(typeof open)[K]>;
  };
  return {
    get site() {
      return there('site');
    },
    get url() {
      return there('preview').url;
    },
    visit: (path, look, options) =>
      visitPage(there('browser'), there('preview').url, path, look, options),
  };
}

/**
 * Opens an address of a served site in a page of its own, and fails on whatever the page complains of
 * or asks of anybody else.
 */
export async function visitPage(
  browser: Browser,
  base: string,
  path: string,
  look: (page: Page) => Promise<void>,
  options: BrowserContextOptions = {},
): Promise<void> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
  const complaints: string[] = [];
  try {
    const page = await context.newPage();
    page.on('console', (message) => complaints.push(message.text()));
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('dialog', (dialog) => {
      complaints.push(`dialog: ${dialog.message()}`);
      void dialog.dismiss();
    });
    page.on('request', (request) => {
      if (!request.url().startsWith(base)) complaints.push(`request to ${request.url()}`);
    });
    await page.goto(base + path);
    await look(page);
    expect(complaints).toEqual([]);
  } finally {
    await context.close();
  }
}
