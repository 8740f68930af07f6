import type { Coverage } from '../../../pipeline/published/documents.ts';
import { findDocument, readIndex, readScoring } from './documents.ts';
import { DAY_MS, formatCount, monthOf } from './format.ts';
import { formatMonths } from './months.ts';
import type { Period, Scope } from './urls.ts';

type RepositoryCoverage = Coverage['repositories'][number];

/** Months of a board's period of which some is known only from a damaged part of the archive. */
export interface Damage {
  /** Oldest first; never empty. */
  readonly months: readonly string[];
  /** Repositories of the board that have such a month. */
  readonly repositories: readonly string[];
}

/** The damage within these repositories since a month, `YYYY-MM`; null if there is none. */
export function findDamage(
  repositories: readonly RepositoryCoverage[],
  since: string,
): Damage | null {
  const found = repositories.flatMap(({ repository, months }) =>
    months
      .filter(({ month, damaged }) => damaged && month >= since)
      .map(({ month }) => ({ repository, month })),
  );
  if (found.length === 0) return null;
  return {
    months: [...new Set(found.map(({ month }) => month))].sort(),
    repositories: [...new Set(found.map(({ repository }) => repository))],
  };
}

/** The notice on a board of `all` repositories, so that nobody believes its ranks are complete. */
export function describeDamage({ months, repositories }: Damage, all: number): string {
  return (
    `This board may lack contributions: some of ${formatMonths(months)} is known only from a ` +
    `damaged part of GH Archive${nameSome(repositories, all)}.`
  );
}

/** The repositories with damage, where not all of them have it. */
function nameSome(repositories: readonly string[], all: number): string {
  if (repositories.length === all) return '';
  return repositories.length === 1
    ? ` for ${repositories[0]}`
    : ` for ${formatCount(repositories.length)} of ${formatCount(all)} repositories`;
}

/** By board and period: a board has many pages, and the notice is the same on all of them. */
const notices = new Map<string, string | null>();

/** The notice about damage in the period of a board; null if there is none. */
export function damageNotice(scope: Scope, period: Period): string | null {
  const key = `${scope}/${period}`;
  let notice = notices.get(key);
  if (notice === undefined) {
    notice = writeNotice(scope, period);
    notices.set(key, notice);
  }
  return notice;
}

function writeNotice(scope: Scope, period: Period): string | null {
  // Generated data has no damage.
  if (readIndex().sample) return null;
  const all = findDocument('coverage')?.repositories ?? [];
  const own = scope === 'global' ? all : all.filter(({ repository }) => repository === scope);
  const damage = findDamage(own, firstMonth(period));
  return damage && describeDamage(damage, own.length);
}

/** The month that a period begins in; an empty text, which is before any month, for all time. */
function firstMonth(period: Period): string {
  const { generated_at, periods } = readScoring();
  const days = periods[period];
  if (days === null) return '';
  return monthOf(Date.parse(generated_at) - days * DAY_MS);
}
