import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';

/** An event as GH Archive's JSON has it. */
export interface RawEvent {
  readonly id: string;
  readonly type: string;
  readonly public?: boolean;
  readonly created_at: string;
  // biome-ignore lint/suspicious/noExplicitAny: payloads differ by type and era
  readonly payload: any;
  readonly actor: { readonly id: number; readonly login: string; readonly [key: string]: unknown };
  readonly repo: { readonly id: number; readonly name: string; readonly [key: string]: unknown };
  readonly org?: { readonly id: number; readonly login: string };
}

/** Events of a file: a line each (gzip or not), or one array. */
export function readEvents(path: string): RawEvent[] {
  const bytes = readFileSync(path);
  const text = (path.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString();
  if (text.startsWith('[')) return JSON.parse(text) as RawEvent[];
  const lines = text.split('\n').filter((line) => line.trim());
  return lines.map((line) => JSON.parse(line) as RawEvent);
}

/** The repositories with the most events, as first written. */
export function busiest(events: readonly RawEvent[], count: number): string[] {
  const byName = Map.groupBy(events, ({ repo }) => repo.name.toLowerCase());
  return [...byName.values()]
    .map((own) => ({ name: own[0]?.repo.name ?? '', events: own.length }))
    .sort((a, b) => b.events - a.events || (a.name < b.name ? -1 : 1))
    .slice(0, count)
    .map(({ name }) => name);
}
