import { type CoverageKind, nameKinds } from '../../../pipeline/domain/coverage-kinds.ts';
import { formatMonth } from '../../../pipeline/domain/months.ts';
import type { Coverage } from '../../../pipeline/published/documents.ts';
import type { Month, RepositoryCoverage } from './coverage.ts';
import { capitalise, formatCount, formatShare, plural } from './format.ts';
import { hoursOf, listMissingHours } from './known-months.ts';
import { periodLabel } from './periods.ts';

/** Where something that is not known touches a number that is shown. */
export interface Effect {
  readonly weight: 'gap' | 'damage' | 'note';
  readonly text: string;
  /** How far it reaches. */
  readonly reach: string;
}

type Document = Pick<Coverage, 'repositories' | 'put_aside'>;

export function listEffects({ repositories, put_aside: aside }: Document): Effect[] {
  return [
    ...unknownKinds(repositories),
    ...damagedMonths(repositories),
    ...missingHours(repositories),
    ...(aside.length > 0
      ? [
          {
            weight: 'note' as const,
            text: 'Lists and items that GitHub refuses or can’t show',
            reach: formatCount(aside.length),
          },
        ]
      : []),
  ];
}

const countRepositories = (count: number) => plural(count, 'repository', 'repositories');

/** Kinds that are not known on boards; periods that lack the same of as many repositories are one. */
function unknownKinds(repositories: readonly RepositoryCoverage[]): Effect[] {
  const lacking = repositories.flatMap(({ unknown_kinds }) =>
    Object.entries(unknown_kinds).map(([period, kinds]) => ({ period, kinds })),
  );
  const byPeriod = [...Map.groupBy(lacking, ({ period }) => period)].map(([period, own]) => ({
    period,
    kinds: unionOf(own.map(({ kinds }) => kinds)),
    count: own.length,
  }));
  const same = Map.groupBy(byPeriod, ({ kinds, count }) => JSON.stringify([kinds, count]));
  return [...same.values()].flatMap((own) => {
    const [first] = own;
    if (!first) return [];
    const periods = own.map(({ period }) => periodLabel(period as never).toLowerCase()).join(', ');
    const text = `${capitalise(periods)}: ${nameKinds(first.kinds)} not known in full`;
    return [{ weight: 'gap', text, reach: countRepositories(first.count) }];
  });
}

const unionOf = (lists: readonly (readonly CoverageKind[])[]): CoverageKind[] => [
  ...new Set(lists.flat()),
];

function damagedMonths(repositories: readonly RepositoryCoverage[]): Effect[] {
  const damaged = repositories.flatMap(({ months }) => months.filter((month) => month.damaged));
  return byMonth(damaged).map(([month, own]) => ({
    weight: 'damage',
    text: `${formatMonth(month)}: only a damaged part of the archive`,
    reach: countRepositories(own.length),
  }));
}

function missingHours(repositories: readonly RepositoryCoverage[]): Effect[] {
  const missing = repositories.flatMap(({ months }) => listMissingHours(months));
  return byMonth(missing).map(([month, own]) => {
    const hours = Math.max(...own.map(({ missing_hours }) => missing_hours));
    const share = formatShare(hours / hoursOf(month));
    return {
      weight: 'damage',
      text: `${formatMonth(month)}: ${plural(hours, 'hour')} missing, ${share} of the month`,
      reach: countRepositories(own.length),
    };
  });
}

/** Latest first. */
const byMonth = (months: readonly Month[]): [string, Month[]][] =>
  [...Map.groupBy(months, ({ month }) => month)].toSorted(([a], [b]) => b.localeCompare(a));
