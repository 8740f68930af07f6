import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { expect } from 'vitest';

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
