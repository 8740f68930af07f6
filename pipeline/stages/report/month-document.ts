import type { ClosedMonth } from '../../../db/queries/months.ts';
import { CONTRIBUTION_KINDS, type ContributionKind } from '../../domain/contribution-kinds.ts';
import { closesAt } from '../../domain/month-closing.ts';
import type { MonthRecord } from '../../domain/month-record.ts';
import {
  type MonthAccounts,
  type MonthStanding,
  ranksOf,
  standingsOf,
} from '../../domain/month-standings.ts';
import { nextMonth } from '../../domain/months.ts';
import { iso } from '../../domain/time.ts';
import type { Month } from '../../published/documents.ts';
import type { Report } from './context.ts';
import { buildCoverage } from './month-coverage.ts';
import { buildEvents } from './month-events.ts';
import { buildFirst, buildPlace, buildRises } from './month-places.ts';

/** What the document of a month is made from. */
export interface MonthParts {
  readonly record: MonthRecord;
  /** Null: it is counted anew each night. */
  readonly closed: ClosedMonth | null;
  readonly accounts: MonthAccounts;
  /** `owner/name` of each repository, by id, of those that are no longer tracked, too. */
  readonly names: ReadonlyMap<number, string>;
  /** Ids of the repositories that it waits for. */
  readonly waitsFor: readonly number[];
}

/** The month before, and the ranks of the last months in a row, oldest first. */
export interface MonthBefore {
  readonly weightsVersion: string;
  readonly isClosed: boolean;
  readonly unknown: Month['unknown_kinds'];
  readonly sums: NonNullable<Month['previous']>;
  readonly ranks: readonly { readonly month: string; readonly byId: ReadonlyMap<number, number> }[];
}

/** People on the board of a month. */
const PLACES = 25;
/** Lines and months of the picture of ranks. */
const LINES = 10;
const MONTHS = 6;

export function buildMonth(
  report: Report,
  parts: MonthParts,
  last: MonthBefore | null,
): { document: Month; before: MonthBefore } {
  const { record, closed, names } = parts;
  const { month } = record;
  const before = last && nextMonth(last.sums.month) === month ? last : null;
  const standings = standingsOf(record, parts.accounts, 0);
  const ranks = [...(before?.ranks ?? []).slice(1 - MONTHS), { month, byId: ranksOf(standings) }];
  const sums = { month, contributions: sumContributions(standings), people: standings.length };
  const document: Month = {
    ...headOf(report, parts),
    ...sums,
    closed_at: iso(closed?.closedAt ?? null),
    counts: sumKinds(standings),
    ...buildCoverage(parts),
    closes_at: closesAt(month).toISOString(),
    waits_for: parts.waitsFor.flatMap((id) => names.get(id) ?? []),
    corrections: [...(closed?.corrections ?? [])],
    previous: (closed && before?.isClosed && before.sums) || null,
    places: standings.slice(0, PLACES).flatMap(buildPlace),
    ranks: {
      months: ranks.map((one) => one.month),
      people: standings
        .filter(({ rank }) => rank !== null)
        .slice(0, LINES)
        .map(({ person }) => ranks.map(({ byId }) => byId.get(person.personId) ?? null)),
    },
    ...buildFirst(parts, standings),
    rises: buildRises(standings, before && isComparable(parts, before) ? before : null),
    ...buildEvents(report, parts),
  };
  return {
    document,
    before: {
      weightsVersion: record.weightsVersion,
      isClosed: closed !== null,
      unknown: document.unknown_kinds,
      ...{ sums, ranks },
    },
  };
}

/** Whether ranks of both months are of the same weights and kinds. */
const isComparable = (parts: MonthParts, { isClosed, weightsVersion, unknown }: MonthBefore) =>
  parts.closed !== null &&
  isClosed &&
  weightsVersion === parts.record.weightsVersion &&
  unknown.join() === buildCoverage(parts).unknown_kinds.join();

/** A closed month stays as it was, with its head. */
const headOf = ({ head }: Report, { closed, record }: MonthParts) => ({
  generated_at: iso(closed?.closedAt ?? null) ?? head.generated_at,
  data_until: closed ? iso(closed.dataUntil) : head.data_until,
  weights_version: record.weightsVersion,
  sample: head.sample,
});

const sumContributions = (standings: readonly MonthStanding[]) =>
  standings.reduce((sum, { contributions }) => sum + contributions, 0);

function sumKinds(standings: readonly MonthStanding[]): Month['counts'] {
  const counts: Partial<Record<ContributionKind, number>> = {};
  for (const kind of CONTRIBUTION_KINDS) {
    const count = standings.reduce((sum, own) => sum + (own.counts[kind] ?? 0), 0);
    if (count > 0) counts[kind] = count;
  }
  return counts;
}
