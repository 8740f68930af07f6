import { COVERAGE_KINDS, type CoverageKind, nameKinds } from './coverage-kinds.ts';
import { formatMonths } from './months.ts';

/** What is known of a month, as documents write it. */
export interface KnownMonth {
  /** `YYYY-MM`. */
  readonly month: string;
  /** Percentages; a kind that is absent is complete. */
  readonly kinds: Readonly<Partial<Record<CoverageKind, number>>>;
}

/**
 * The months of one repository, oldest first, from the first of which something is known: what lies
 * before was not asked for, even if a contribution is dated there. Nor was the beginning of that
 * first month, if others follow: in it a kind lacks only what is known of another.
 */
export function fromFirstKnown<T extends KnownMonth>(months: readonly T[]): T[] {
  const place = months.findIndex(({ kinds }) => mostOf(kinds) > 0);
  const [first, ...others] = place < 0 ? [] : months.slice(place);
  if (!first || others.length === 0) return first ? [first] : [];
  const most = mostOf(first.kinds);
  const lacking = COVERAGE_KINDS.filter((kind) => (first.kinds[kind] ?? 100) < most);
  const kinds = Object.fromEntries(lacking.map((kind) => [kind, first.kinds[kind]]));
  return [{ ...first, kinds }, ...others];
}

const mostOf = (kinds: KnownMonth['kinds']) =>
  Math.max(...COVERAGE_KINDS.map((kind) => kinds[kind] ?? 100));

const clauses = new Intl.ListFormat('en-GB');

/**
 * The kinds that are not known, and in which of the months, in plain words: `commits and lines are
 * not known for August 2026 and only a part of all other kinds is known for July 2026`.
 * @param kinds at least one
 * @param months of one or several repositories, in any order
 */
export function describeUnknown(
  kinds: readonly CoverageKind[],
  months: readonly KnownMonth[],
): string {
  const timeOf = (kind: CoverageKind, isSo: (share: number) => boolean) =>
    formatMonths(months.filter((own) => isSo(own.kinds[kind] ?? 100)).map(({ month }) => month));
  const lacking = kinds.map((kind) => ({
    kind,
    none: timeOf(kind, (share) => share === 0),
    part: timeOf(kind, (share) => share > 0 && share < 100),
  }));
  // Not to be known at all says more; and what has no month lies after all of them.
  const none = lacking.filter((own) => own.none !== '' || own.part === '');
  const part = lacking.filter((own) => !none.includes(own));
  const ofNone = [...Map.groupBy(none, (own) => own.none)].map(
    ([time, own]) => `${sayNone(own.map(({ kind }) => kind))}${during(time)}`,
  );
  const groups = [...Map.groupBy(part, (own) => own.part)];
  const isRest = groups.length === 1 && kinds.length === COVERAGE_KINDS.length;
  const rest = none.length === 0 ? 'all kinds' : 'all other kinds';
  const ofPart = groups.map(([time, own]) => {
    const names = isRest ? rest : nameKinds(own.map(({ kind }) => kind));
    return `only a part of ${names} is known${during(time)}`;
  });
  return clauses.format([...ofNone, ...ofPart]);
}

const sayNone = (kinds: readonly CoverageKind[]) =>
  kinds.length === COVERAGE_KINDS.length
    ? 'no kind of contribution is known'
    : `${nameKinds(kinds)} are not known`;

const during = (time: string) => (time === '' ? ' in full' : ` for ${time}`);
