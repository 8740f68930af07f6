import type { StoredAvatar } from '../../../db/queries/avatars.ts';
import type { Person } from '../../../db/queries/report/boards.ts';
import type { PictureType } from '../../domain/picture.ts';
import type { Index } from '../../published/documents.ts';
import { SAFE_LOGIN } from '../../published/paths.ts';
import {
  type BoardSize,
  boardSizes,
  eventParts,
  everythingElse,
  type KindSize,
  ownDocuments,
  type PersonSize,
  personPage,
  picture,
  profile,
  shardPart,
} from '../../published/sizes.ts';
import { choosePictures } from './avatars.ts';
import { type Boards, countAll, isRanked } from './boards.ts';
import type { ReportConfig } from './context.ts';

/** Who has a page, and how everything fits the limit of sizes. */
export interface Plan {
  /** Everybody who has documents, best first. */
  readonly people: readonly Person[];
  /** Ids of those with a page of their own. */
  readonly withPage: ReadonlySet<number>;
  /** Documents that the others are spread over: a power of two. */
  readonly shards: number;
  /** The pictures of people that are published, by id. */
  readonly pictures: ReadonlyMap<number, PictureType>;
  readonly published: Index['plan'];
}

const MEGABYTE = 1_000_000;
/** Bytes of a shard, about: what a browser loads to show one person. */
const SHARD = 64_000;

type Site = ReportConfig['site'];

/** A person, and what the size of the documents and the page depends on. */
interface Planned extends PersonSize {
  readonly person: Person;
  /** In the last 90 days. */
  readonly isActive: boolean;
  /** Bytes of the picture, with all that is said of it; 0: there is none. */
  readonly picture: number;
}

/**
 * Decides who has a page, before anything is written: the first of the board of all time, then
 * everybody who was active in the last 90 days, then all others, best first, as long as they fit the
 * limit of the site's size and `contributor_pages`. The others are shown by one page, from shards.
 * @param weeks in how many weeks each person did something
 * @param months of the calendar that have a document
 * @param avatars pictures of people that may be published
 */
export function planSizes(
  global: Boards,
  weeks: ReadonlyMap<number, number>,
  boards: readonly (BoardSize & { readonly repository_id: number })[],
  months: number,
  site: Site,
  avatars: readonly StoredAvatar[],
): Plan {
  const stored = new Map(avatars.map((one) => [one.id, one]));
  const people = listPeople(global, weeks, stored);
  const repositories = new Set(boards.map((board) => board.repository_id)).size;
  const pictures = Math.min(site.og_images, people.length);
  const rest = [
    ...boardSizes(boards, site),
    sizeOfProfiles(people, global),
    {
      kind: 'everything else',
      files: 0,
      bytes: everythingElse({ repositories, people: people.length, months, pictures }),
    },
  ];
  const inShards = people.reduce((total, person) => total + shardPart(person), 0);
  const limit = site.size_limit_mb * MEGABYTE;
  const { chosen, limitedBy } = choosePages(people, site, limit - sumOf(rest) - inShards);
  const others = people.filter((person) => !chosen.has(person));
  const shards = countShards(others);
  const written = [...rest, ...sizesOfPeople([...chosen], others, shards)];
  const ids = [...chosen, ...others].map(({ person }) => person.github_id);
  const shown = choosePictures(ids, stored, limit - sumOf(written));
  const files = [...written, ...(shown.size.files > 0 ? [shown.size] : [])];
  return {
    people: people.map(({ person }) => person),
    withPage: new Set([...chosen].map(({ person }) => person.github_id)),
    pictures: shown.types,
    shards,
    published: {
      limit_bytes: limit,
      estimated_bytes: sumOf(files),
      limited_by: limitedBy,
      files,
    },
  };
}

const sumOf = (kinds: readonly KindSize[]) => kinds.reduce((total, { bytes }) => total + bytes, 0);

export const megabytes = (bytes: number): string => (bytes / MEGABYTE).toFixed(1);

/** Why not everybody has a page. */
const REASONS: Readonly<Record<Index['plan']['limited_by'], string>> = {
  nothing: '',
  contributor_pages: ', as contributor_pages in config/site.yaml allows no more',
  size_limit_mb: ', as size_limit_mb in config/site.yaml leaves no room for more',
};

/** What the budget of sizes chose, in a sentence. */
export function describePlan(plan: Index['plan'], pages: number, people: number): string {
  const sizes = `about ${megabytes(plan.estimated_bytes)} of ${megabytes(plan.limit_bytes)} MB`;
  const shares = `${pages.toLocaleString('en-US')} of ${people.toLocaleString('en-US')} people`;
  const others = pages < people ? `; one page shows the others${REASONS[plan.limited_by]}` : '';
  return `The site takes ${sizes}; ${shares} have a page of their own${others}.`;
}

/** Everybody with a rank of all time and a login that is safe in a path, best first. */
function listPeople(
  global: Boards,
  weeks: ReadonlyMap<number, number>,
  stored: ReadonlyMap<number, StoredAvatar>,
): Planned[] {
  const active = new Set(
    (global.get('quarter') ?? []).filter(isRanked).map(({ line }) => line.user_id),
  );
  return (global.get('all') ?? [])
    .filter((entry) => isRanked(entry) && SAFE_LOGIN.test(entry.person.login))
    .map(({ person, line }) => ({
      person,
      isActive: active.has(person.github_id),
      picture: stored.has(person.github_id) ? picture(stored.get(person.github_id)?.size ?? 0) : 0,
      contributions: countAll(line),
      weeks: weeks.get(person.github_id) ?? 0,
      repositories_contributed: line.repositories_contributed ?? 0,
    }));
}

/** Gives pages in order of priority until the bytes are used up. */
function choosePages(people: readonly Planned[], site: Site, bytes: number) {
  const chosen = new Set<Planned>();
  let left = bytes;
  for (const person of inPriority(people, site)) {
    left -= ownDocuments(person) + personPage(person) + person.picture - shardPart(person);
    if (chosen.size === site.contributor_pages)
      return { chosen, limitedBy: 'contributor_pages' as const };
    if (left < 0) return { chosen, limitedBy: 'size_limit_mb' as const };
    chosen.add(person);
  }
  return { chosen, limitedBy: 'nothing' as const };
}

/** The best are those on the pages of the first board that show all columns. */
function inPriority(people: readonly Planned[], site: Site): Planned[] {
  const first = site.board_pages * site.page_size;
  const others = people.slice(first);
  return [
    ...people.slice(0, first),
    ...others.filter((person) => person.isActive),
    ...others.filter((person) => !person.isActive),
  ];
}

function countShards(others: readonly Planned[]): number {
  const bytes = others.reduce((total, person) => total + shardPart(person), 0);
  return 2 ** Math.max(0, Math.round(Math.log2(bytes / SHARD)));
}

/** Of everybody, with as many periods as they have on average. */
function sizeOfProfiles(people: readonly Planned[], global: Boards): KindSize {
  const entries = [...global.values()].reduce((sum, all) => sum + all.filter(isRanked).length, 0);
  const periods = entries / Math.max(1, (global.get('all') ?? []).filter(isRanked).length);
  const bytes = Math.round(people.length * profile(periods));
  return { kind: 'profiles', files: people.length, bytes };
}

function sizesOfPeople(
  withPage: readonly Planned[],
  others: readonly Planned[],
  shards: number,
): KindSize[] {
  const sum = (rows: readonly Planned[], size: (person: Planned) => number) =>
    rows.reduce((total, person) => total + size(person), 0);
  return [
    {
      kind: 'activities and repositories',
      files: sum(withPage, (person) => 2 + eventParts(person)),
      bytes: sum(withPage, ownDocuments),
    },
    { kind: 'shards of people', files: shards, bytes: sum(others, shardPart) },
    { kind: 'pages of people', files: withPage.length, bytes: sum(withPage, personPage) },
  ];
}
