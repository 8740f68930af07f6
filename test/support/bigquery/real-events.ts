import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Real events that lie beside the project, where they are there; they are no part of it. */

const FOLDER = fileURLToPath(new URL('../../../../shared/data/', import.meta.url));

export const hasRealEvents = existsSync(FOLDER);

if (!hasRealEvents) {
  const text = `the real events of ${FOLDER} are not there`;
  if (process.env.LEADERBOARD_REQUIRE_ALL === '1') throw new Error(text);
  console.warn(`skipped: ${text}`);
}

/** The path of a file of real events. */
export function realEvents(name: string): string {
  return `${FOLDER}${name}`;
}
