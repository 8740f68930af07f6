import { countBoardShards } from './shards.ts';

/**
 * The size of a site before it is written. Constants are means of what this project's own writers
 * make of communities of invented people, in bytes; a test compares them with built sites.
 */

/** What a person's documents and page depend on. */
export interface PersonSize {
  /** Of all time. */
  readonly contributions: number;
  readonly weeks: number;
  readonly repositories_contributed: number;
}

/** The last contributions that a document lists. */
export const RECENT = 100;

/** Contributions in one document of those before. */
export const EVENTS_PART = 2_000;

const recentOf = ({ contributions }: PersonSize) => Math.min(contributions, RECENT);

/** Contributions that the last ones leave out, and the documents that have them. */
const olderOf = ({ contributions }: PersonSize) => Math.max(0, contributions - RECENT);
export const eventParts = (person: PersonSize): number => Math.ceil(olderOf(person) / EVENTS_PART);

/** Activity, contributions and repositories as documents of their own, with their lines in the manifest. */
export const ownDocuments = (person: PersonSize): number =>
  240 +
  105 * person.weeks +
  285 * recentOf(person) +
  850 * (person.repositories_contributed + eventParts(person)) +
  79 * olderOf(person);

/** The same in a shard, whose weeks follow from the contributions. */
export const shardPart = (person: PersonSize): number =>
  125 + 95 * recentOf(person) + 240 * person.repositories_contributed;

/** A profile by the number of its periods, in most of which rank or score has moved. */
export const profile = (periods: number): number => 450 + 750 * periods;

/** Lines of contributions that a page shows at first. */
export const LINES_SHOWN = 10;

/** The page of a person, with badge, card and feed. */
export const personPage = (person: PersonSize): number =>
  16_200 +
  58 * person.weeks +
  211 * Math.min(person.contributions, LINES_SHOWN) +
  880 * person.repositories_contributed;

/**
 * A picture of a person: beside the documents and in the site, with its line of the manifest, and
 * with what documents and pages say of it wherever the person stands.
 */
export const picture = (bytes: number): number => 2 * bytes + 130 + 1_100;

/** Ranks of a year, in documents and on pages, of those whose ranks are published. */
const pastRanks = (people: number): number => 4_500 * Math.min(people, MOST_RANK);

/** Ranks by week that are published: beyond them, a place moves by chance. */
export const MOST_RANK = 1_000;

/**
 * Neither of a person's present nor of a board: runs, coverage, history, schemas, scripts and styles,
 * 6 MB of PostgreSQL for the page for queries;
 * of each repository its picture, its feed and the counts of its days; of each month its document,
 * page and picture; and the pictures of people.
 */
export const everythingElse = ({ repositories, people, months, pictures }: Others): number =>
  7_360_000 + 165_000 * repositories + 112_000 * months + 17_500 * pictures + pastRanks(people);

/** How many there are. */
interface Others {
  readonly repositories: number;
  readonly people: number;
  readonly months: number;
  /** Of people. */
  readonly pictures: number;
}

/** A kind of file of a site, how many there are, and how many bytes they have together. */
export interface KindSize {
  readonly kind: string;
  readonly files: number;
  readonly bytes: number;
}

export interface BoardSettings {
  readonly page_size: number;
  readonly board_pages: number;
  readonly board_document_pages: number;
}

/** A board of so many people with a rank, and without one. */
export interface BoardSize {
  readonly ranked: number;
  readonly unranked: number;
}

/** People on one page of a list that follows the first pages of a board. */
export const LIST_SIZE = 500;

/** The documents and pages of all boards. */
export function boardSizes(boards: readonly BoardSize[], settings: BoardSettings): KindSize[] {
  const { page_size: size, board_pages, board_document_pages } = settings;
  const sum = (count: (board: BoardSize) => number) =>
    boards.reduce((total, board) => total + count(board), 0);
  const whole = ({ ranked, unranked }: BoardSize) => ranked + unranked;
  const pagesOf = ({ ranked }: BoardSize, most: number) =>
    Math.min(most, Math.max(1, Math.ceil(ranked / size)));
  const rowsOf = ({ ranked }: BoardSize, most: number) => Math.min(ranked, most * size);
  const listed = ({ ranked }: BoardSize) => Math.max(0, ranked - board_pages * size);
  const kind = (name: string, files: number, each: number, entries: number, entry: number) => ({
    kind: name,
    files,
    bytes: files * each + entries * entry,
  });
  return [
    kind(
      'boards by columns',
      sum((board) => countBoardShards(whole(board))),
      900,
      sum(whole),
      100,
    ),
    kind(
      'boards by rows',
      sum((board) => pagesOf(board, board_document_pages)),
      185,
      sum((board) => rowsOf(board, board_document_pages)),
      830,
    ),
    // Of a real shape, where most lines are of all time: these are CSV and, once, NDJSON.
    kind('downloads', 0, 0, sum(whole), 190),
    kind(
      'board pages',
      sum((board) => pagesOf(board, board_pages)),
      11_000,
      sum((board) => rowsOf(board, board_pages)),
      500,
    ),
    kind(
      'board lists',
      sum((board) => Math.ceil(listed(board) / LIST_SIZE)),
      5_300,
      sum(listed),
      150,
    ),
  ];
}
