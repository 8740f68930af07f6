import type { ContributionKind } from '../../domain/contribution-kinds.ts';
import { asciiLower } from '../../domain/names.ts';
import { SECOND_MS } from '../../domain/time.ts';
import { contributionUrl } from '../../published/contribution-url.ts';
import type {
  Contributor,
  ContributorRepositories,
  ContributorShard,
} from '../../published/documents.ts';
import { SAFE_LOGIN } from '../../published/paths.ts';
import { fillStanding, findInShard, shardOf } from '../../published/shards.ts';
import type { DocumentOf, ReadDocument } from '../../stages/preview/document-source.ts';

/** What is published of a person, whether there is a built page or not. All texts are from outside. */

export interface PublishedContribution {
  readonly repository: string;
  readonly kind: ContributionKind;
  /** `YYYY-MM-DD`, UTC. */
  readonly day: string;
  readonly title: string | null;
  readonly url: string | null;
}

export interface PublishedPerson {
  readonly profile: Contributor;
  readonly repositories: ContributorRepositories['repositories'];
  /** The last hundred, newest first. */
  readonly recent: readonly PublishedContribution[];
  /** The path of the page, under the address of the site. */
  readonly page: string;
}

/** By a present or a former login, in any case; null: nobody is published by it. */
export async function readPublishedPerson(
  read: ReadDocument,
  login: string,
): Promise<PublishedPerson | null> {
  const index = await read('index');
  const found = await readByLogin(read, index, login);
  if (found) return found;
  const { renames } = await read('renames');
  const renamed = renames.find(({ former_login }) => isSame(former_login, login));
  return renamed ? readByLogin(read, index, renamed.username) : null;
}

const isSame = (one: string, other: string) => asciiLower(one) === asciiLower(other);

async function readByLogin(
  read: ReadDocument,
  index: DocumentOf<'index'>,
  login: string,
): Promise<PublishedPerson | null> {
  if (!SAFE_LOGIN.test(login)) return null;
  const username = index.contributors.find((one) => isSame(one, login));
  return username === undefined ? readFromShard(read, index, login) : readOwn(read, username);
}

async function readOwn(read: ReadDocument, username: string): Promise<PublishedPerson> {
  const profile = await read('contributor', { username });
  const { recent } = await read('contributor_activity', { username });
  const { repositories } = await read('contributor_repositories', { username });
  return {
    profile,
    repositories,
    recent: recent.map(({ occurred_at, ...one }) => ({ ...one, day: occurred_at.slice(0, 10) })),
    page: `contributors/${encodeURIComponent(username)}/`,
  };
}

async function readFromShard(
  read: ReadDocument,
  { contributor_shards }: DocumentOf<'index'>,
  login: string,
): Promise<PublishedPerson | null> {
  const shard = await read('contributor_shard', { shard: shardOf(login, contributor_shards) });
  const found = findInShard(shard, login);
  if (!found) return null;
  const { own, from } = found;
  return {
    profile: await read('contributor', { username: own.username }),
    repositories: own.repositories.map((one) => fillStanding(one, shard.unknown_kinds)),
    recent: listContributions(shard, from, from + own.contributions),
    page: `contributor/?login=${encodeURIComponent(own.username)}`,
  };
}

function listContributions(
  { contributions }: ContributorShard,
  from: number,
  to: number,
): PublishedContribution[] {
  const { columns, server, repositories, kinds, titles } = contributions;
  return columns.event_id.slice(from, to).flatMap((event_id, index) => {
    const at = from + index;
    const repository = repositories[columns.repository[at] ?? -1];
    const kind = kinds[columns.kind[at] ?? -1];
    const seconds = columns.occurred_at[at];
    // A document may be damaged, or somebody else's.
    if (repository === undefined || kind === undefined || seconds === undefined) return [];
    const subject_number = columns.number[at] || null;
    const reference = columns.reference?.[at] ?? null;
    const addressed = { repository, event_id, subject_number, reference };
    return {
      repository,
      kind,
      day: new Date(seconds * SECOND_MS).toISOString().slice(0, 10),
      title: titles[columns.title[at] ?? -1] ?? null,
      url: server === null ? null : contributionUrl(addressed, server),
    };
  });
}
