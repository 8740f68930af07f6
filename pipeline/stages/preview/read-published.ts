import type { CountsByColumn } from '../../../db/queries/published-counts.ts';
import { CONFIG_SCHEMAS } from '../../config/schema.ts';
import { asciiLower, FULL_NAME, fullName, type RepositoryName } from '../../domain/names.ts';
import { PERIODS, type Period } from '../../domain/time.ts';
import type { Weights } from '../../domain/weights.ts';
import type { BoardColumns, Costs, Scoring } from '../../published/documents.ts';
import { boardDocument } from '../../published/paths.ts';
import { UsageError } from '../../util/usage-error.ts';
import type { ReadDocument } from './document-source.ts';
import { eventReader, type ReadEvents } from './read-events.ts';

/** What a preview needs of the published documents, and whether they fit each other. */

/** An account on the boards. Its id is negative while only a login is known. */
export interface PublishedAccount {
  readonly id: number;
  readonly login: string;
}

/** A board; the ids of repositories count from 1, in the order of the document. */
export interface PublishedBoard extends CountsByColumn {
  readonly columns: UsedColumns;
}

type UsedColumns = Pick<
  BoardColumns,
  'counts' | 'lines_added' | 'lines_deleted' | 'rank' | 'total_score'
>;

export interface Published {
  /** Its data is invented, as are its repositories. */
  readonly isSample: boolean;
  /** The boards were made with these. */
  readonly weights: Weights;
  /** The moment up to which the documents count. */
  readonly now: Date;
  /** In the order of their ids, which count from 1. */
  readonly repositories: readonly RepositoryName[];
  readonly accounts: readonly PublishedAccount[];
  readonly formerLogins: readonly PublishedAccount[];
  readonly boards: readonly PublishedBoard[];
  readonly readEvents: ReadEvents;
  /** What BigQuery cost. */
  readonly readCosts: () => Promise<Costs>;
}

/** Documents that are read at once. */
const AT_ONCE = 8;

/** 10,000 people each: no community has more. */
const MOST_SHARDS = 1_000;

/** @throws UsageError if a document is missing, is not as it should be, or is of another run */
export async function readPublished(read: ReadDocument): Promise<Published> {
  const index = await read('index');
  const readSame = ofRun(read, index);
  const scoring = await readSame('scoring');
  const repositories = (await readSame('repositories')).repositories.map(checkRepository);
  checkTwice(repositories.map(fullName), 'repositories.json');
  const scopes = ['global', ...repositories.map(fullName)];
  const names = scopes.flatMap((scope, repositoryId) =>
    PERIODS.map((period) => ({ scope, repositoryId, period })),
  );
  const parts = (await mapAtOnce(names, (name) => readBoard(readSame, name))).flat();
  const people = collectPeople();
  const boards = parts.map(({ scope, columns, ...board }) => ({
    ...board,
    ids: people.add(columns, scope),
    columns,
  }));
  const { renames } = await readSame('renames');
  return {
    isSample: index.sample,
    weights: weightsOf(scoring),
    now: new Date(index.generated_at),
    repositories,
    accounts: people.accounts(),
    formerLogins: renames.flatMap(({ former_login, username }) => {
      const id = people.idOf(username);
      return id === undefined ? [] : [{ id, login: checkText(former_login, 'renames.json') }];
    }),
    boards,
    readEvents: eventReader(readSame, index),
    readCosts: () => readSame('costs'),
  };
}

/** Documents of two runs do not fit each other: while a site is published, one may get both. */
function ofRun(read: ReadDocument, { generated_at }: { generated_at: string }): ReadDocument {
  return async (name, parameters) => {
    const document = await read(name, parameters);
    if ((document as { generated_at: string }).generated_at === generated_at) return document;
    throw new UsageError(
      'the documents are of two runs: a site is being published; try again in some minutes',
    );
  };
}

function checkRepository({ owner, name }: RepositoryName): RepositoryName {
  if (FULL_NAME.test(`${owner}/${name}`)) return { owner, name };
  throw new UsageError(`repositories.json has a name that GitHub does not have: ${owner}/${name}`);
}

function checkTwice(names: readonly string[], path: string): void {
  if (new Set(names.map(asciiLower)).size < names.length)
    throw new UsageError(`${path} has one entry twice`);
}

/** What an invalid weight would do to every score, the schema of the configuration prevents. */
function weightsOf({ base_points, lines }: Scoring): Weights {
  const parsed = CONFIG_SCHEMAS.weights.safeParse({ base_points, lines });
  if (parsed.success) return parsed.data;
  throw new UsageError('config/scoring.json has weights that no configuration can have');
}

interface BoardName {
  readonly scope: string;
  readonly repositoryId: number;
  readonly period: Period;
}

/** A part of a board, with what is used of it: the rest would fill the memory. */
interface BoardPart extends BoardName {
  readonly columns: UsedColumns & Pick<BoardColumns, 'username' | 'github_id'>;
}

async function readBoard(read: ReadDocument, board: BoardName): Promise<BoardPart[]> {
  const { scope, period } = board;
  const parts: BoardPart[] = [];
  for (let shard = 1, shards = 1; shard <= shards; shard += 1) {
    const document = await read(...boardDocument(scope, period, shard));
    if (document.scope !== scope || document.period !== period || document.shards > MOST_SHARDS)
      throw new UsageError(`a document of the board of ${scope} (${period}) is another one's`);
    const { username, github_id, counts, lines_added, lines_deleted } = document.columns;
    const { rank, total_score } = document.columns;
    const columns = { username, github_id, counts, lines_added, lines_deleted, rank, total_score };
    checkCounts([...Object.values(counts), lines_added, lines_deleted], scope);
    parts.push({ ...board, columns });
    shards = document.shards;
  }
  const logins = parts.flatMap(({ columns }) => columns.username);
  checkTwice(logins, `the board of ${scope} (${period})`);
  return parts;
}

/** Sums of larger ones would not be exact. */
const MOST_COUNTED = 1e12;

function checkCounts(columns: readonly (readonly number[] | undefined)[], scope: string): void {
  if (columns.some((column) => column?.some((count) => count > MOST_COUNTED)))
    throw new UsageError(`the board of ${scope} has a count that no account can have`);
}

/** Gives each account of the boards one id: its own, or a negative one. */
function collectPeople() {
  const ids = new Map<string, number>();
  const logins = new Map<number, string>();
  const addOne = (login: string, known: number | null, scope: string): number => {
    const key = asciiLower(checkText(login, `the board of ${scope}`));
    const id = known ?? ids.get(key) ?? -1 - ids.size;
    if ((ids.get(key) ?? id) !== id || (logins.get(id) ?? login) !== login)
      throw new UsageError(`the boards do not agree on who ${JSON.stringify(login)} is`);
    ids.set(key, id);
    logins.set(id, login);
    return id;
  };
  return {
    add: ({ username, github_id }: BoardPart['columns'], scope: string) =>
      username.map((login, place) => addOne(login, github_id?.[place] ?? null, scope)),
    idOf: (login: string) => ids.get(asciiLower(login)),
    accounts: () => [...logins].map(([id, login]) => ({ id, login })),
  };
}

/** No database can store these, and no login of GitHub is as long. */
function checkText(login: string, where: string): string {
  if (login.isWellFormed() && !login.includes('\0') && login.length <= 255) return login;
  throw new UsageError(`${where} has a login that no account can have`);
}

async function mapAtOnce<T, R>(all: readonly T[], map: (one: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  const waiting = all.entries();
  const work = async () => {
    for (const [place, one] of waiting) results[place] = await map(one);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return results;
}
