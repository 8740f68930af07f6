import type { CoverageKind } from '../../../pipeline/domain/coverage-kinds.ts';
import { capitalise, describeCount, WEEK_MS } from './format.ts';
import { GROUPS, KINDS, type Part } from './kinds.ts';
import { periodSpan } from './periods.ts';
import type { Period, SiteFacts } from './site.ts';
import type { Unknown } from './unknown-weeks.ts';

/** People and repositories in one form, so that any of them can be compared. Shared with the browser. */

export const WEEKS = 53;

/** What is known of one measure. */
export interface Cell {
  readonly text: string;
  /** What is compared; null: nothing may be said, as it is not known, or not in full. */
  readonly value: number | null;
}

export interface Measure extends Cell {
  /** Under which head it stands. */
  readonly group: string;
  readonly label: string;
  /** Which value comes first; null: none is better than another. */
  readonly best: 'most' | 'least' | null;
}

/** A part of a whole, in the order of GROUPS. */
export type Parts = readonly (Cell & { readonly size: number })[];

export interface Compared {
  /** The login or `owner/name`. */
  readonly name: string;
  /** The name it is shown by. */
  readonly label: string;
  readonly href: string;
  /** The address of the document with its numbers. */
  readonly json: string;
  readonly measures: readonly Measure[];
  /** Points by kind in the period; null of a repository, which has none. */
  readonly points: Parts | null;
  /** Contributions by kind in the period. */
  readonly counts: Parts;
  /** Contributions of weeks, by their Monday (ms since 1970); one without any is absent. */
  readonly weeks: ReadonlyMap<number, number>;
  /** The Monday of the week in which the data ends (ms since 1970). */
  readonly last: number;
  /** When not all was known, within the weeks that are compared. */
  readonly unknown: readonly Unknown[];
}

/** @param isUnknown whether it is the least that it can be */
export function counted(value: number, isUnknown: boolean): Cell & { size: number } {
  return {
    text: describeCount(value, isUnknown).text,
    value: isUnknown ? null : value,
    size: value,
  };
}

/** Whether contributions are missing, and not only lines. */
export const lacksCounts = (unknown: readonly CoverageKind[]): boolean =>
  unknown.some((kind) => kind !== 'LINES');

const isPartUnknown = (part: Part, unknown: readonly CoverageKind[]): boolean =>
  unknown.includes(part === 'line_bonus' ? 'LINES' : part);

/** One number for each group of kinds. */
export function groupParts(sums: readonly number[], unknown: readonly CoverageKind[]): Parts {
  return GROUPS.map(({ parts }, place) =>
    counted(
      sums[place] ?? 0,
      parts.some((part) => isPartUnknown(part, unknown)),
    ),
  );
}

type Totals = Readonly<Partial<Record<Part, number>>>;

/** The head of what is counted in a period. */
export const periodHead = (scoring: SiteFacts['scoring'], period: Period): string =>
  capitalise(periodSpan(scoring, period));

/** How many of each kind, and of all kinds. */
export function countMeasures(
  group: string,
  totals: Totals,
  unknown: readonly CoverageKind[],
): Measure[] {
  const sum = KINDS.reduce((all, { kind }) => all + (totals[kind] ?? 0), 0);
  return [
    { group, label: 'Contributions', best: 'most', ...counted(sum, lacksCounts(unknown)) },
    ...KINDS.map(({ kind, label }): Measure => {
      const cell = counted(totals[kind] ?? 0, unknown.includes(kind));
      return { group, label, best: 'most', ...cell };
    }),
  ];
}

export const countParts = (totals: Totals, unknown: readonly CoverageKind[]): Parts =>
  groupParts(
    GROUPS.map(({ parts }) => parts.reduce((sum, part) => sum + (totals[part] ?? 0), 0)),
    unknown,
  );

export type Weeks = Pick<Compared, 'weeks' | 'last' | 'unknown'>;

export const startOf = ({ last }: Pick<Weeks, 'last'>) => last - (WEEKS - 1) * WEEK_MS;

/** What the weeks that are compared come to. */
export function weekMeasures({ weeks, last, unknown }: Weeks): Measure[] {
  const start = startOf({ last });
  const shown = [...weeks].filter(([week, count]) => week >= start && week <= last && count > 0);
  const isPartly = unknown.length > 0;
  const group = `The last ${WEEKS} weeks`;
  const sum = shown.reduce((all, [, count]) => all + count, 0);
  return [
    { group, label: 'Contributions', best: 'most', ...counted(sum, isPartly) },
    { group, label: 'Active weeks', best: 'most', ...counted(shown.length, isPartly) },
  ];
}
