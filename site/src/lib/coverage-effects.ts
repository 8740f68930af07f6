import { type CoverageKind, nameKinds } from '../../../pipeline/domain/coverage-kinds.ts';
import { formatMonth } from '../../../pipeline/domain/months.ts';
import type { Coverage } from '../../../pipeline/published/documents.ts';
import type { RepositoryCoverage } from './coverage.ts';
import { capitalise, formatCount, formatShare, plural } from './format.ts';
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
  return groupMonths(repositories, ({ damaged }) => damaged).map(({ month, own }) => ({
    weight: 'damage',
    text: `${formatMonth(month)}: only a damaged part of the archive`,
    reach: countRepositories(own.length),
  }));
}

/** A single hour that the archive lacks is no gap of a month. */
const LEAST_MISSING = 0.01;

function missingHours(repositories: readonly RepositoryCoverage[]): Effect[] {
  const missing = groupMonths(
    repositories,
    ({ month, missing_hours }) => missing_hours / hoursOf(month) > LEAST_MISSING,
  );
  return missing.map(({ month, own }) => {
    const hours = Math.max(...own.map(({ missing_hours }) => missing_hours));
    const share = formatShare(hours / hoursOf(month));
    return {
      weight: 'damage',
      text: `${formatMonth(month)}: ${plural(hours, 'hour')} missing, ${share} of the month`,
      reach: countRepositories(own.length),
    };
  });
}

type Month = RepositoryCoverage['months'][number];

/** The months of which this is so for any repository, latest first. */
function groupMonths(
  repositories: readonly RepositoryCoverage[],
  isSo: (month: Month) => boolean,
): { month: string; own: Month[] }[] {
  const months = repositories.flatMap((repository) => repository.months).filter(isSo);
  return [...Map.groupBy(months, ({ month }) => month)]
    .map(([month, own]) => ({ month, own }))
    .toSorted((a, b) => b.month.localeCompare(a.month));
}

function hoursOf(month: string): number {
  const [year = 0, number = 0] = month.split('-').map(Number);
  return 24 * new Date(Date.UTC(year, number, 0)).getUTCDate();
}
