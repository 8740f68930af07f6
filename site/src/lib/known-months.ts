import type { Month, RepositoryCoverage } from './coverage.ts';

/** The months of all repositories by how much is known of each: whole, part, damaged, nothing. */
export interface KnownMonths {
  readonly whole: number;
  readonly part: number;
  readonly damaged: number;
  readonly unknown: number;
  readonly all: number;
}

export function countKnownMonths(repositories: readonly RepositoryCoverage[]): KnownMonths {
  const states = repositories.flatMap(({ months }) => {
    const damaged = listDamaged(months);
    return months.map((month) => stateOf(month, damaged));
  });
  const count = (state: (typeof states)[number]) => states.filter((one) => one === state).length;
  return {
    whole: count('whole'),
    part: count('part'),
    damaged: count('damaged'),
    unknown: count('unknown'),
    all: states.length,
  };
}

/** A damaged month is no whole one, however much is known of it. */
function stateOf(month: Month, damaged: ReadonlySet<Month>) {
  if (month.coverage === 0) return 'unknown';
  if (damaged.has(month)) return 'damaged';
  return month.coverage === 100 ? 'whole' : 'part';
}

/** The months of a repository, oldest first, of which the archive is damaged, or hours are missing. */
export const listDamaged = (months: readonly Month[]): ReadonlySet<Month> =>
  new Set([...months.filter(({ damaged }) => damaged), ...listMissingHours(months)]);

/** A single hour that an archive lacks is no gap of a month. */
const LEAST_SHARE = 0.01;
/** What was read last may be this old. */
const USUAL_HOURS = 48;

/**
 * The months of a repository, oldest first, that miss hours. The first does not count: what lies
 * before the first reading was not asked for.
 */
export const listMissingHours = (months: readonly Month[]): Month[] =>
  months.filter(({ month, missing_hours: missing }, at) => {
    const usual = at === months.length - 1 ? USUAL_HOURS : 0;
    return at > 0 && missing - usual > LEAST_SHARE * hoursOf(month);
  });

/** The hours of a month, `YYYY-MM`. */
export function hoursOf(month: string): number {
  const [year = 0, number = 0] = month.split('-').map(Number);
  return 24 * new Date(Date.UTC(year, number, 0)).getUTCDate();
}
