import type { Db } from '../../../db/client.ts';
import {
  addUsage,
  readListPositions,
  upsertListPositions,
} from '../../../db/queries/github-lists.ts';
import {
  insertMissingNumbers,
  readNumbersToBackfill,
} from '../../../db/queries/missing-numbers.ts';
import { type ActiveRepository, readActiveRepositories } from '../../../db/queries/repositories.ts';
import { readFirstWindowStart } from '../../../db/queries/windows.ts';
import { nameOfItem, PartsPutAside, PUT_ASIDE } from '../../domain/put-aside.ts';
import type { SourceBatch } from '../../domain/source.ts';
import { isInWindow, type TimeWindow } from '../../domain/window.ts';
import type { Context } from '../../runtime/context.ts';
import type { GithubClient } from '../../sources/github/client.ts';
import {
  AllowanceSpentError,
  RefusedError,
  RepositoryUnavailableError,
  TooHeavyError,
  UnexpectedAnswerError,
} from '../../sources/github/errors.ts';
import { openGithub } from '../../sources/github/index.ts';
import { isPutAside } from '../../sources/github/items.ts';
import { fetchNumbers } from '../../sources/github/numbers.ts';
import { type Outcome, toBatch } from '../../sources/github/outcome.ts';
import type { Log } from '../../util/log.ts';
import { requireFewRefused } from '../scrape/job-totals.ts';
import { saveAcceptableItems, saveRefusedItems } from '../scrape/save-contributions.ts';

export interface MissingNumbersContext {
  readonly db: Db;
  readonly log: Log;
  readonly client: GithubClient;
  readonly now: Date;
  readonly signal: AbortSignal;
}

export interface MissingNumbersResult {
  /** Numbers that were requested. */
  readonly numbers: number;
  /** Contributions that were found. */
  readonly found: number;
  /** Numbers of neither an issue nor a pull request. */
  readonly missing: number;
  /** Contributions that could not be read or stored. They were put aside. */
  readonly refused: number;
  /** Stopped because GitHub's allowance is spent; a later run does the rest. */
  readonly isStopped: boolean;
}

/** Most numbers of one repository in one run: 20 points. */
const MOST_NUMBERS = 1_000;
/** Numbers stored together. */
const CHUNK = 100;

/**
 * Closes the gaps between the sources: requests the numbers that no source reported, and the
 * authors of merges that the archive reported without one. Numbers of neither an issue nor a pull
 * request are remembered, and not requested again.
 */
export async function backfillMissingNumbers(
  context: MissingNumbersContext,
): Promise<MissingNumbersResult> {
  const { db, log } = context;
  const sum = { ...NOTHING, isStopped: false };
  try {
    for (const repository of await readActiveRepositories(db)) {
      const result = await backfillRepository(context, repository);
      add(sum, result);
    }
  } catch (error) {
    if (!(error instanceof AllowanceSpentError)) throw error;
    sum.isStopped = true;
    log.warn({ reason: error.message }, 'looking up missing numbers stopped early');
  }
  log.info(sum, 'missing numbers looked up');
  requireFewRefused({ kept: sum.found, skipped: { constraint: sum.refused } }, true);
  return sum;
}

type Counts = Omit<MissingNumbersResult, 'isStopped'>;

const NOTHING: Counts = { numbers: 0, found: 0, missing: 0, refused: 0 };

function add(sum: { -readonly [name in keyof Counts]: number }, counts: Counts): void {
  sum.numbers += counts.numbers;
  sum.found += counts.found;
  sum.missing += counts.missing;
  sum.refused += counts.refused;
}

async function backfillRepository(context: MissingNumbersContext, repository: ActiveRepository) {
  const { db } = context;
  const sum = { ...NOTHING };
  const positions = await readListPositions(db, repository.id);
  const aside = new PartsPutAside(positions.get(PUT_ASIDE), context.now);
  const resting = aside.restingNumbers();
  const all = await readNumbersToBackfill(db, repository.id, MOST_NUMBERS);
  const numbers = all.filter((number) => !resting.has(number));
  for (let start = 0; start < numbers.length; start += CHUNK) {
    const chunk = numbers.slice(start, start + CHUNK);
    try {
      add(sum, await backfillChunk(context, repository, aside, chunk));
    } catch (error) {
      if (!isOfTheRepository(error)) throw error;
      context.log.warn({ repository: repository.id, reason: error.message }, 'repository not read');
      return sum;
    }
  }
  return sum;
}

/** Errors that stop one repository until the next run; the other repositories go on. */
function isOfTheRepository(error: unknown): error is Error {
  return [RepositoryUnavailableError, RefusedError, TooHeavyError, UnexpectedAnswerError].some(
    (kind) => error instanceof kind,
  );
}

/** One chunk: fetched together, stored together, without the items that the database refuses. */
async function backfillChunk(
  { db, client, now, signal }: MissingNumbersContext,
  repository: ActiveRepository,
  aside: PartsPutAside,
  numbers: readonly number[],
): Promise<Counts> {
  // Read
  const before = { ...client.usage };
  const { outcomes, missing } = await fetchNumbers(client, repository, numbers, signal);
  const window = await readKnownWindow(db, repository);
  // Decide
  const wanted = outcomes.filter(
    (outcome) => isOpening(outcome) || isPutAside(outcome) || isWithin(outcome, window),
  );
  const batch = toBatch(wanted, { from: new Date(0), to: now }, now);
  const refusals = noteNumbers(aside, batch);
  const usage = {
    repositoryId: repository.id,
    points: client.usage.points - before.points,
    requests: client.usage.graphqlRequests - before.graphqlRequests,
  };
  // Write
  const noJob = { id: null, source: 'github' } as const;
  const refusedByDatabase = await db.transaction().execute(async (trx) => {
    const written = await saveAcceptableItems(trx, noJob, batch);
    await saveRefusedItems(trx, noJob, refusals);
    if (aside.isChanged) {
      const position = { repositoryId: repository.id, list: PUT_ASIDE, state: aside.state };
      await upsertListPositions(trx, [position]);
    }
    await insertMissingNumbers(trx, repository.id, missing, now);
    await addUsage(trx, [usage], now);
    return written.refused;
  });
  const refused = refusedByDatabase + (batch.skipped.constraint ?? 0);
  const found = batch.kept - refusedByDatabase;
  return { numbers: numbers.length, found, missing: missing.length, refused };
}

/**
 * Takes note of the numbers that GitHub shows, and of those that it can't show: these are no holes, and
 * are asked for again a week later. Returns what is news of the items put aside.
 */
function noteNumbers(aside: PartsPutAside, { contributions, refused = [] }: SourceBatch) {
  const shown = new Set(contributions.map(({ subjectNumber }) => `#${subjectNumber}`));
  for (const list of ['pull_requests', 'issues', NUMBERS]) aside.noteShown(list, shown);
  return refused.filter(({ reason, item }) => {
    const isNumber = item.number !== undefined && item.list === NUMBERS;
    return !isNumber || aside.add(NUMBERS, nameOfItem(item), reason);
  });
}

/** The list, in the parts put aside, of what was asked for by number. */
const NUMBERS = 'numbers';

/** An opening of any time is kept: it shows what the number is, and so closes the gap. */
function isOpening(outcome: Outcome): boolean {
  return 'kind' in outcome && (outcome.kind === 'PR_OPENED' || outcome.kind === 'ISSUE_OPENED');
}

function isWithin(outcome: Outcome, window: TimeWindow): boolean {
  return 'kind' in outcome && isInWindow(outcome.occurredAt, window);
}

/** From the first known window to the end of the data; the sources read facts outside of it. */
async function readKnownWindow(db: Db, { id, dataUntil }: ActiveRepository) {
  const first = await readFirstWindowStart(db, id);
  return { from: first ?? new Date(0), to: dataUntil ?? new Date() };
}

/** Fills the gaps between the sources, if `github` is among them. Returns how much was put aside. */
export async function runMissingNumbers(context: Context): Promise<number> {
  if (!context.sources.includes('github')) return 0;
  const { refused } = await backfillMissingNumbers({ ...context, client: openGithub(context) });
  return refused;
}
