import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

/** A real browser for tests of the visible pages. */

const USUAL_PLACES = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
];

/** These options stop all network requests that the browser would make by itself. */
const ARGUMENTS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export function findChromium(): string | null {
  const places = [process.env.CHROMIUM_PATH ?? '', ...USUAL_PLACES];
  return places.find((place) => place !== '' && existsSync(place)) ?? null;
}

/**
 * True if there is no browser and that is allowed: the tests are then reported as skipped.
 * LEADERBOARD_REQUIRE_ALL=1 allows no test to be skipped.
 */
export function mustSkipBrowser(): boolean {
  if (findChromium() !== null || process.env.LEADERBOARD_REQUIRE_ALL === '1') return false;
  console.warn('Browser tests are skipped: no Chromium was found. Set CHROMIUM_PATH to one.');
  return true;
}

export function openBrowser(): Promise<Browser> {
  const executablePath = findChromium();
  if (executablePath === null) throw new Error('No Chromium was found: set CHROMIUM_PATH to one.');
  return chromium.launch({ executablePath, args: ARGUMENTS });
}
