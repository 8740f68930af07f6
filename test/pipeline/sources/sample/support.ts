import { mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { SampleOptions } from '../../../../pipeline/sources/sample/index.ts';

/** An event as the tests read it; payloads are as loose as GitHub's. */
export interface ReadEvent {
  readonly id: string;
  readonly type: string;
  readonly actor: { readonly id: number; readonly login: string };
  readonly repo: { readonly id: number; readonly name: string };
  // biome-ignore lint/suspicious/noExplicitAny: payloads differ by type and era
  readonly payload: any;
  readonly created_at: string;
  readonly org?: { readonly id: number; readonly login: string };
}

/** When the payloads of the small sample are trimmed. */
export const TRIMMED_FROM = new Date('2026-02-14T00:00:00Z');

/** Five weeks with both eras: enough of everything, in about a second. */
export const SMALL = {
  seed: 7,
  now: new Date('2026-03-06T09:30:00Z'),
  months: 2,
  trimmedFrom: TRIMMED_FROM,
} satisfies Omit<SampleOptions, 'folder'>;

/** A folder that does not exist yet, in one that does. */
export function newFolder(): string {
  return join(mkdtempSync(join(tmpdir(), 'sample-')), 'hours');
}

/** The hour of a file as a number; sorting the names would put hour 10 before hour 2. */
function hourOf(name: string): number {
  const [, date = '', hour] = /^(\d{4}-\d{2}-\d{2})-(\d{1,2})\.json\.gz$/.exec(name) ?? [];
  return Date.parse(date) + Number(hour) * 3_600_000;
}

/** The names of the hour files, in the order of time. */
export function listHourFiles(folder: string): string[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.json.gz'))
    .sort((a, b) => hourOf(a) - hourOf(b));
}

export function readLines(folder: string, name: string): string[] {
  const text = gunzipSync(readFileSync(join(folder, name))).toString('utf8');
  return text.split('\n').filter((line) => line !== '');
}

/** The events of all files, each once. */
export function readEvents(folder: string): ReadEvent[] {
  const lines = new Set(listHourFiles(folder).flatMap((name) => readLines(folder, name)));
  return [...lines].map((line) => JSON.parse(line) as ReadEvent);
}

export function isTrimmed(event: ReadEvent, from = TRIMMED_FROM): boolean {
  return Date.parse(event.created_at) >= from.getTime();
}
