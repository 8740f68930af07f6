import { isLostConnection } from '../../../db/lost-connection.ts';
import {
  type KnownRepository,
  readKnownRepositories,
} from '../../../db/queries/known-repositories.ts';
import { asciiLower, fullName, type RepositoryName } from '../../domain/names.ts';
import {
  type FollowedOrganisation,
  isFollowed,
  knownOf,
  type ListedRepository,
  withFollowed,
} from '../../domain/organisation.ts';
import type { ConfiguredRepository } from '../../domain/repository.ts';
import type { Context } from '../../runtime/context.ts';
import { messageOf } from '../../runtime/stage.ts';
import { appendSummary, summaryPath } from '../../runtime/step-summary.ts';
import { loadSource } from '../../sources/registry.ts';
import { escapeMarkdown } from '../../util/markdown.ts';

/** The repositories of this run, and what organisations had to do with it. */
export interface Followed {
  readonly wanted: readonly ConfiguredRepository[];
  /** `owner/name` of those of organisations that were not tracked before. */
  readonly arrived: readonly string[];
  /** Sentences about organisations that could not be read. */
  readonly unread: readonly string[];
}

type FollowContext = Pick<Context, 'db' | 'config' | 'environment' | 'log' | 'signal'>;

/** Asks GitHub for the organisations of the configuration. One that it does not list stays as it was. */
export async function followOrganisations(context: FollowContext): Promise<Followed> {
  const { repositories, organisations } = context.config;
  const known = organisations.length > 0 ? await readKnownRepositories(context.db) : [];
  const tracked = known.filter(({ isTracked }) => isTracked);
  const followed: RepositoryName[] = [];
  const unread: string[] = [];
  for (const organisation of organisations) {
    const answer = await ask(context, organisation);
    if ('problem' in answer) {
      const own = knownOf([organisation], tracked);
      followed.push(...own);
      unread.push(describeUnread(organisation, own.length, answer.problem));
    } else {
      const own = answer.listed.filter((one) => isFollowed(one, organisation));
      followed.push(...own.map((one) => rowOf(one, known)));
    }
  }
  const wanted = withFollowed(repositories, followed);
  const names = new Set(followed.map(keyOf));
  const before = new Set(tracked.map(keyOf));
  const arrived = wanted.filter((one) => names.has(keyOf(one)) && !before.has(keyOf(one)));
  return { wanted, arrived: arrived.map(fullName), unread };
}

type Answer = { readonly listed: readonly ListedRepository[] } | { readonly problem: string };

async function ask(context: FollowContext, { org }: FollowedOrganisation): Promise<Answer> {
  if (context.environment.githubToken === null) return { problem: 'there is no token' };
  const { listOrganisation } = await loadSource('github');
  try {
    return { listed: (await listOrganisation?.(context, org)) ?? [] };
  } catch (error) {
    context.signal.throwIfAborted();
    if (isLostConnection(error)) throw error;
    return { problem: messageOf(error) };
  }
}

/** Under another name it is the same repository: its row follows. */
function rowOf(listed: ListedRepository, known: readonly KnownRepository[]): RepositoryName {
  return known.find(({ githubId }) => githubId === listed.githubId) ?? listed;
}

const keyOf = (repository: RepositoryName) => asciiLower(fullName(repository));

const describeUnread = ({ org }: FollowedOrganisation, count: number, problem: string) =>
  `The repositories of ${org} could not be listed (${problem}): the ${count} of the last run stay.`;

/** Names in a summary: a first run may follow hundreds. */
const MOST_NAMED = 100;

/** Says in the log and in the summary of the run what came, and what could not be read. */
export function reportFollowed(
  { log, journal }: Pick<Context, 'log' | 'journal'>,
  { arrived, unread }: Pick<Followed, 'arrived' | 'unread'>,
): void {
  for (const sentence of unread) log.warn({}, sentence);
  journal?.warnings.push(...unread);
  if (arrived.length > 0) log.info({ repositories: arrived }, 'new repositories of organisations');
  const path = summaryPath();
  if (path === null || arrived.length + unread.length === 0) return;
  const named = arrived.slice(0, MOST_NAMED).map((name) => `- ${escapeMarkdown(name)}`);
  const more = arrived.length - named.length;
  const list = more > 0 ? [...named, `- and ${more} more`] : named;
  const head = arrived.length > 0 ? ['## New repositories of organisations\n', ...list, ''] : [];
  const warnings = unread.map((sentence) => `> [!WARNING]\n> ${escapeMarkdown(sentence)}\n`);
  appendSummary(path, `${[...head, ...warnings].join('\n')}\n`);
}
