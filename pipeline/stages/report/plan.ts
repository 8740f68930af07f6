import type { ContributorRow } from '../../../db/queries/report/contributors.ts';
import type { Index } from '../../published/documents.ts';
import {
  boardSizes,
  type KindSize,
  ownDocuments,
  personPage,
  profile,
  shardPart,
} from '../../published/sizes.ts';
import type { Scope } from './boards.ts';
import type { ReportConfig } from './context.ts';

/** Who has a page, and how everything fits the limit of sizes. */
export interface Plan {
  /** People with a page of their own, best first. */
  readonly withPage: readonly ContributorRow[];
  /** All others. */
  readonly others: readonly ContributorRow[];
  /** Documents that the others are spread over: a power of two. */
  readonly shards: number;
  readonly published: Index['plan'];
}

const MEGABYTE = 1_000_000;
/** Bytes of a shard, about: what a browser loads to show one person. */
const SHARD = 64_000;
/** Everything that is neither of a person nor of a board: runs, coverage, history, scripts. */
const REST = 5 * MEGABYTE;

type Site = ReportConfig['site'];

/**
 * Decides who has a page, before anything is written: the first of the board of all time, then
 * everybody who was active in the last 90 days, then all others, best first, as long as they fit the
 * limit of the site's size and `contributor_pages`. The others are shown by one page, from shards.
 */
export function planSizes(
  people: readonly ContributorRow[],
  scopes: readonly [Scope, ...Scope[]],
  site: Site,
): Plan {
  const rest = [...sizesOfBoards(scopes, site), sizeOfProfiles(people, scopes[0])];
  const sum = (kinds: readonly KindSize[]) => kinds.reduce((total, { bytes }) => total + bytes, 0);
  const inShards = people.reduce((total, person) => total + shardPart(person), 0);
  const limit = site.size_limit_mb * MEGABYTE;
  const { chosen, limitedBy } = choosePages(people, site, limit - REST - sum(rest) - inShards);
  const withPage = people.filter((person) => chosen.has(person));
  const others = people.filter((person) => !chosen.has(person));
  const shards = countShards(others);
  const files = [...rest, ...sizesOfPeople(withPage, others, shards)];
  return {
    withPage,
    others,
    shards,
    published: {
      limit_bytes: limit,
      estimated_bytes: sum(files),
      limited_by: limitedBy,
      files,
    },
  };
}

/** Gives pages in order of priority until the bytes are used up. */
function choosePages(people: readonly ContributorRow[], site: Site, bytes: number) {
  const chosen = new Set<ContributorRow>();
  let left = bytes;
  for (const person of inPriority(people, site)) {
    left -= ownDocuments(person) + personPage(person) - shardPart(person);
    if (chosen.size === site.contributor_pages)
      return { chosen, limitedBy: 'contributor_pages' as const };
    if (left < 0) return { chosen, limitedBy: 'size_limit_mb' as const };
    chosen.add(person);
  }
  return { chosen, limitedBy: 'nothing' as const };
}

/** The best are those on the pages of the first board that show all columns. */
function inPriority(people: readonly ContributorRow[], site: Site): ContributorRow[] {
  const first = site.board_pages * site.page_size;
  const others = people.slice(first);
  return [
    ...people.slice(0, first),
    ...others.filter((person) => person.is_active),
    ...others.filter((person) => !person.is_active),
  ];
}

function countShards(others: readonly ContributorRow[]): number {
  const bytes = others.reduce((total, person) => total + shardPart(person), 0);
  return 2 ** Math.max(0, Math.round(Math.log2(bytes / SHARD)));
}

function sizesOfBoards(scopes: readonly Scope[], site: Site): KindSize[] {
  const boards = scopes.flatMap(({ totals, unranked }) =>
    [...totals].map(([period, ranked]) => ({
      ranked,
      unranked: unranked.get(period)?.contributors ?? 0,
    })),
  );
  return boardSizes(boards, site);
}

/** Of everybody, with as many periods as they have on average. */
function sizeOfProfiles(people: readonly ContributorRow[], { totals }: Scope): KindSize {
  const entries = [...totals.values()].reduce((sum, total) => sum + total, 0);
  const periods = entries / Math.max(1, totals.get('all') ?? 0);
  const bytes = Math.round(people.length * profile(periods));
  return { kind: 'profiles', files: people.length, bytes };
}

function sizesOfPeople(
  withPage: readonly ContributorRow[],
  others: readonly ContributorRow[],
  shards: number,
): KindSize[] {
  const sum = (rows: readonly ContributorRow[], size: (person: ContributorRow) => number) =>
    rows.reduce((total, person) => total + size(person), 0);
  return [
    {
      kind: 'activities and repositories',
      files: 2 * withPage.length,
      bytes: sum(withPage, ownDocuments),
    },
    { kind: 'shards of people', files: shards, bytes: sum(others, shardPart) },
    { kind: 'pages of people', files: withPage.length, bytes: sum(withPage, personPage) },
    { kind: 'everything else', files: 0, bytes: REST },
  ];
}
