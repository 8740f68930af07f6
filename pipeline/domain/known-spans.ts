import { COVERAGE_KINDS, type CoverageKind } from './coverage-kinds.ts';
import {
  type CoverageSettings,
  type KnownShares,
  knownBy,
  mapCoverageKinds,
} from './known-kinds.ts';
import { DAY_MS, HOUR_MS } from './time.ts';
import { mergeWindows, startOfHour, subtractWindows, type TimeWindow } from './window.ts';

/** A window that was read from a source. */
export interface ScrapedWindow {
  readonly source: string;
  readonly window: TimeWindow;
  /** The parts of the window that could not be read. */
  readonly gaps: readonly TimeWindow[];
  /** Share of the window that was read, 0 to 1. Used only if no gap shows which part is missing. */
  readonly completeness: number;
}

/** An interval of full hours of which one thing is known throughout; moments in ms since 1970. */
export interface KnownSpan {
  readonly from: number;
  readonly to: number;
  /** Null: no source has read it. */
  readonly known: Known | null;
}

interface Known {
  /** The highest share of each kind that any source can know. */
  readonly shares: KnownShares;
  /** All sources that have read it had lost events by then. */
  readonly isDamaged: boolean;
}

/**
 * What is known of a repository, from the first hour that was read to the last, in order and
 * without overlap. An hour of which a window has only a part counts as read, an hour of which a gap
 * has only a part does not.
 */
export function listKnownSpans(
  windows: readonly ScrapedWindow[],
  settings: CoverageSettings,
): KnownSpan[] {
  const read = windows.flatMap((window) => readSpans(window, settings));
  const edges = [...new Set(read.flatMap(({ from, to }) => [from, to]))].sort((a, b) => a - b);
  return edges.slice(0, -1).map((from, index) => {
    const to = edges[index + 1] ?? from;
    const covering = read.filter((span) => span.from <= from && span.to >= to);
    return { from, to, known: bestOf(covering.flatMap(({ known }) => known ?? [])) };
  });
}

/** The hours that one source has read of a window, cut where its eras begin. */
function readSpans(scraped: ScrapedWindow, settings: CoverageSettings): KnownSpan[] {
  const { source, window, gaps, completeness } = scraped;
  const share = gaps.length === 0 ? completeness : 1;
  const eras = knownBy(source, window, settings).map(({ since, shares, isDamaged }) => ({
    since,
    known: { shares: mapCoverageKinds((kind) => shares[kind] * share), isDamaged },
  }));
  return subtractWindows(toHours(window), gaps.map(toHours)).flatMap((part) =>
    eras.flatMap((own, index) => cutToEra(part, own, eras[index + 1]?.since)),
  );
}

/** The part of a window that lies in an era, as a list of one; empty if there is none. */
function cutToEra(
  part: TimeWindow,
  { since, known }: { readonly since: Date; readonly known: Known },
  next: Date | undefined,
): KnownSpan[] {
  const from = Math.max(part.from.getTime(), since.getTime());
  const to = Math.min(part.to.getTime(), next?.getTime() ?? Number.POSITIVE_INFINITY);
  return from < to ? [{ from, to, known }] : [];
}

/** The full hours that a window touches. */
function toHours({ from, to }: TimeWindow): TimeWindow {
  const end = Math.ceil(to.getTime() / HOUR_MS) * HOUR_MS;
  return { from: startOfHour(from), to: new Date(end) };
}

function bestOf(all: readonly Known[]): Known | null {
  const [first, ...rest] = all;
  if (!first || rest.length === 0) return first ?? null;
  return {
    shares: mapCoverageKinds((kind) => Math.max(...all.map(({ shares }) => shares[kind]))),
    isDamaged: all.every(({ isDamaged }) => isDamaged),
  };
}

export interface Interval {
  readonly from: number;
  readonly to: number;
}

export interface Measured {
  readonly hours: number;
  readonly readHours: number;
  /** Hours × the share that is known of each kind. */
  readonly kindHours: KnownShares;
  readonly isDamaged: boolean;
  /** Kinds that were not to be had in full from what was read at some time. */
  readonly limited: ReadonlySet<CoverageKind>;
}

/** What is known of an interval. */
export function measure(spans: readonly KnownSpan[], { from, to }: Interval): Measured {
  const kindHours = mapCoverageKinds(() => 0);
  const limited = new Set<CoverageKind>();
  let readHours = 0;
  let isDamaged = false;
  for (const span of spans) {
    const hours = (Math.min(to, span.to) - Math.max(from, span.from)) / HOUR_MS;
    if (span.known === null || hours <= 0) continue;
    readHours += hours;
    isDamaged ||= span.known.isDamaged;
    for (const kind of COVERAGE_KINDS) {
      kindHours[kind] += span.known.shares[kind] * hours;
      if (span.known.shares[kind] < 1) limited.add(kind);
    }
  }
  return { hours: (to - from) / HOUR_MS, readHours, kindHours, isDamaged, limited };
}

/** An interval in which some kinds are not known. */
export interface UnknownInterval extends TimeWindow {
  readonly kinds: readonly CoverageKind[];
}

/**
 * When which kinds are not known of at least one of some repositories, oldest first. What was not
 * read counts from a day on: the archive lacks single hours.
 */
export function listUnknownIntervals(
  repositories: readonly (readonly KnownSpan[])[],
): UnknownInterval[] {
  const spans = repositories
    .flat()
    .map((span) => ({ ...span, unknown: unknownKinds(span) }))
    .filter(({ unknown }) => unknown.length > 0);
  const byKind = COVERAGE_KINDS.map((kind) => {
    const own = spans.filter(({ unknown }) => unknown.includes(kind)).map(toWindow);
    return { kind, windows: joinNear(mergeWindows(own)) };
  });
  const all = byKind.flatMap(({ windows }) => windows);
  const edges = [...new Set(all.flatMap(({ from, to }) => [from.getTime(), to.getTime()]))];
  edges.sort((a, b) => a - b);
  return edges.slice(0, -1).flatMap((from, index) => {
    const interval = toWindow({ from, to: edges[index + 1] ?? from });
    const kinds = byKind.filter(({ windows }) => windows.some((own) => holds(own, interval)));
    return kinds.length === 0 ? [] : [{ ...interval, kinds: kinds.map(({ kind }) => kind) }];
  });
}

/** Joins what is less than a day apart: an hour that was not read does not end what is not known. */
function joinNear(windows: readonly TimeWindow[]): TimeWindow[] {
  const joined: TimeWindow[] = [];
  for (const { from, to } of windows) {
    const last = joined.at(-1);
    if (last && from.getTime() - last.to.getTime() < DAY_MS)
      joined[joined.length - 1] = { from: last.from, to };
    else joined.push({ from, to });
  }
  return joined;
}

function unknownKinds({ from, to, known }: KnownSpan): readonly CoverageKind[] {
  if (known === null) return to - from >= DAY_MS ? COVERAGE_KINDS : [];
  return COVERAGE_KINDS.filter((kind) => known.shares[kind] < 1);
}

const toWindow = ({ from, to }: Interval): TimeWindow => ({
  from: new Date(from),
  to: new Date(to),
});

const holds = (window: TimeWindow, { from, to }: TimeWindow) =>
  window.from <= from && window.to >= to;
