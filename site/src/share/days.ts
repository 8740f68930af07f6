import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DAY_COLUMNS, DOWNLOADS } from '../../../pipeline/published/downloads.ts';
import { DEFAULT_DATA } from '../../options.ts';
import { DAY_MS, dateOf } from '../lib/format.ts';
import type { Scope } from '../lib/site.ts';

/** Contributions by week (its Monday, `YYYY-MM-DD`), of each repository and of all together. */
type Weeks = ReadonlyMap<string, number>;

let kept: ReadonlyMap<Scope, Weeks> | undefined;

/** Summed up from the published counts by day; empty where they were never written. */
export function readWeeks(scope: Scope): Weeks {
  kept ??= sumUp();
  return kept.get(scope) ?? new Map();
}

/** Days since 1970-01-01 to the Monday of their week: that day was a Thursday. */
export const mondayOf = (day: number): number => day - ((((day + 3) % 7) + 7) % 7);

function sumUp(): Map<Scope, Map<string, number>> {
  const file = join(process.env.SITE_DATA ?? DEFAULT_DATA, 'api/v1', DOWNLOADS.days);
  const scopes = new Map<Scope, Map<string, number>>([['global', new Map()]]);
  if (!existsSync(file)) return scopes;
  // Names of repositories, days and whole numbers: no field of this table is ever quoted.
  const lines = readFileSync(file, 'utf8').split('\r\n').slice(1);
  for (const line of lines) {
    const [repository = '', day = '', ...counts] = line.split(',');
    if (counts.length !== DAY_COLUMNS.length - 2) continue;
    const week = dateOf(mondayOf(Math.floor(Date.parse(day) / DAY_MS)) * DAY_MS);
    const sum = counts.reduce((total, count) => total + Number(count), 0);
    const own = scopes.get(repository) ?? new Map<string, number>();
    scopes.set(repository, own);
    for (const weeks of [own, scopes.get('global')]) weeks?.set(week, (weeks.get(week) ?? 0) + sum);
  }
  return scopes;
}
