import { z } from 'zod';
import { asciiLower, fullName } from '../../domain/names.ts';
import type { MissingNumber } from '../../domain/repository.ts';
import type { SourceBatch } from '../../domain/source.ts';
import { earlierOf, type TimeWindow } from '../../domain/window.ts';
import { fetchCommentsOfIssue } from './comments.ts';
import { isHttpError } from './errors.ts';
import type { GithubMemory } from './fetch-repository.ts';
import type { PutAside } from './items.ts';
import { fetchNumbers } from './numbers.ts';
import { makeContributionFor, toBatch, withUpdates } from './outcome.ts';
import { parseAnswer } from './pages.ts';
import { listStateOf } from './positions.ts';
import type { ListContext } from './sync.ts';

/**
 * The issues and pull requests of which a look has not met something are asked for by their
 * numbers before anything is taken out: one may have changed its place in the list while the list
 * was read. What GitHub does not find goes, with all that belongs to it: the reviews of a deleted
 * pull request, the comments on a deleted issue. A transferred issue is followed: its credit moves
 * to the repository that it is in now, if that is tracked.
 */

/** Numbers settled together. */
const CHUNK = 50;

/** What settling needs of a look. */
interface Settling {
  readonly context: ListContext;
  readonly memory: GithubMemory;
  readonly list: string;
  /** Contributions in it are kept. */
  readonly window: TimeWindow;
}

/** Settles what a look at the issues or the pull requests has not met. */
export async function* settleNumbers(settling: Settling): AsyncGenerator<SourceBatch> {
  const { context, memory, list } = settling;
  const numbers = await memory.readUnseenNumbers(context.repositoryId, list);
  for (let start = 0; start < numbers.length; start += CHUNK) {
    yield* settleChunk(settling, numbers.slice(start, start + CHUNK));
  }
}

async function* settleChunk(
  { context, memory, list, window }: Settling,
  chunk: readonly number[],
): AsyncGenerator<SourceBatch> {
  const { client, repositoryId, owner, name, wanted } = context;
  const repository = { id: repositoryId, owner, name };
  const { outcomes, missing } = await fetchNumbers(client, repository, chunk, context);
  const gone: MissingNumber[] = [];
  const unsure: PutAside[] = [];
  let transferred = 0;
  for (const one of missing) {
    const place = one.reason === 'GONE' ? await fetchPlace(context, one.number) : null;
    if (place !== null && isHere(place, one.number, context)) {
      unsure.push(contradiction(one.number));
      continue;
    }
    gone.push(one);
    if (place === null) continue;
    transferred += 1;
    // The credit is at its new place before it leaves the former one.
    yield* follow(context, memory, place);
  }
  const batch = toBatch([...outcomes, ...unsure], window, wanted.now);
  const isDoubtful = (batch.refused?.length ?? 0) > 0;
  yield {
    ...withUpdates(
      batch,
      { type: 'gone', repositoryId, numbers: gone },
      ...(isDoubtful ? [{ type: 'doubtful', repositoryId, list } as const] : []),
    ),
    warnings: transferred > 0 ? { transferred } : {},
  };
}

/** Where an issue is now. */
interface Place {
  readonly owner: string;
  readonly name: string;
  readonly number: number;
}

const placeSchema = z.object({
  number: z.int(),
  /** `https://api.github.com/repos/owner/name`; on an Enterprise Server, at its address. */
  repository_url: z.string(),
});

/**
 * Where GitHub leads from the former number of an issue: it answers 301 for one that was
 * transferred, and the call follows; 410 for a deleted one, and 404 for one that the token may not
 * see. Null for both.
 */
async function fetchPlace(
  { client, owner, name: repo, signal }: ListContext,
  number: number,
): Promise<Place | null> {
  const route = 'GET /repos/{owner}/{repo}/issues/{issue_number}';
  try {
    const { data } = await client.rest(route, { owner, repo, issue_number: number }, signal);
    const found = parseAnswer(placeSchema, data);
    const [newOwner = '', newName = ''] = found.repository_url.split('/').slice(-2);
    return { owner: newOwner, name: newName, number: found.number };
  } catch (error) {
    if (isHttpError(error) && (error.status === 404 || error.status === 410)) return null;
    throw error;
  }
}

function isHere(place: Place, number: number, { owner, name }: ListContext): boolean {
  return place.number === number && asciiLower(fullName(place)) === asciiLower(`${owner}/${name}`);
}

/** GraphQL does not find what REST finds: nothing is taken out because of it. */
function contradiction(number: number): PutAside {
  const reason = `GitHub both shows and does not find the number ${number}`;
  return { skipped: 'constraint', refused: { reason, item: { number } } };
}

/** The issue and its comments at their new place, as far as that repository is read. */
async function* follow(
  context: ListContext,
  memory: GithubMemory,
  place: Place,
): AsyncGenerator<SourceBatch> {
  const target = await memory.findTracked(place.owner, place.name);
  if (target === null) return;
  const { covers_from, pass } = listStateOf(await memory.readPositions(target.id), 'issues');
  const from = covers_from ?? pass?.from;
  // What was never read is read as a whole later.
  if (!from) return;
  const { id: repositoryId, owner, name } = target;
  const makeContribution = makeContributionFor(repositoryId);
  const there = { ...context, repositoryId, owner, name, makeContribution };
  const { outcomes } = await fetchNumbers(context.client, target, [place.number], context);
  const comments = await fetchCommentsOfIssue(there, place.number);
  const { window, now } = context.wanted;
  const known = { from, to: earlierOf(window.to, now) };
  yield toBatch([...outcomes, ...comments], known, now);
}
