import type { ContributionKind } from '../../domain/contribution-kinds.ts';
import { asciiLower } from '../../domain/names.ts';
import { SECOND_MS } from '../../domain/time.ts';
import type { ContributorShard, Index } from '../../published/documents.ts';
import { SAFE_LOGIN } from '../../published/paths.ts';
import { findInShard, shardOf } from '../../published/shards.ts';
import { UsageError } from '../../util/usage-error.ts';
import type { ReadDocument } from './document-source.ts';

/** A contribution, as the documents about an account have it. */
export interface PublishedEvent {
  readonly repository: string;
  readonly kind: ContributionKind;
  /** Milliseconds since 1970. */
  readonly at: number;
  /** Of its issue or pull request. */
  readonly number: number | null;
}

export interface AccountEvents {
  readonly events: readonly PublishedEvent[];
  /** Whether that is all that the account did. */
  readonly isAll: boolean;
}

/** @param mostParts documents of the contributions before the last 100 */
export type ReadEvents = (login: string, mostParts?: number) => Promise<AccountEvents>;

/** 2,000 contributions each. */
const MOST_PARTS = 1_000;

/** Reads what is published of an account: of one without a page the last 100 contributions. */
export function eventReader(read: ReadDocument, index: Index): ReadEvents {
  const withPage = new Set(index.contributors.map(asciiLower));
  return async (login, mostParts = MOST_PARTS) => {
    if (!SAFE_LOGIN.test(login)) return { events: [], isAll: false };
    if (withPage.has(asciiLower(login))) return readOwn(read, login, mostParts);
    const shard = shardOf(login, Math.max(1, index.contributor_shards));
    return findOwn(await read('contributor_shard', { shard }), login);
  };
}

function findOwn(shard: ContributorShard, login: string): AccountEvents {
  const found = findInShard(shard, login);
  if (!found) return { events: [], isAll: false };
  const { own, from } = found;
  const events = listColumns(shard.contributions).slice(from, from + own.contributions);
  return { events, isAll: own.weeks === undefined };
}

async function readOwn(
  read: ReadDocument,
  username: string,
  mostParts: number,
): Promise<AccountEvents> {
  const { recent, older_parts = 0 } = await read('contributor_activity', { username });
  if (older_parts > MOST_PARTS)
    throw new UsageError(`contributors/${username}/activity.json counts too many documents`);
  const events = recent.map(toEvent);
  for (let part = 1; part <= Math.min(older_parts, mostParts); part += 1)
    events.push(...listColumns(await read('contributor_events', { username, part })));
  return { events, isAll: older_parts <= mostParts };
}

type Recent = Pick<PublishedEvent, 'repository' | 'kind'> & {
  readonly occurred_at: string;
  readonly number?: number | undefined;
};

const toEvent = ({ repository, kind, occurred_at, number = 0 }: Recent): PublishedEvent => ({
  ...{ repository, kind },
  at: Date.parse(occurred_at),
  number: number || null,
});

function listColumns({ columns, kinds, repositories }: ContributorShard['contributions']) {
  return columns.event_id.flatMap((_, place): PublishedEvent[] => {
    const repository = repositories[columns.repository[place] ?? -1];
    const kind = kinds[columns.kind[place] ?? -1];
    if (repository === undefined || kind === undefined) return [];
    const at = (columns.occurred_at[place] ?? 0) * SECOND_MS;
    return [{ repository, kind, at, number: columns.number[place] || null }];
  });
}
