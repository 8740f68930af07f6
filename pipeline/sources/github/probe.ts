import { z } from 'zod';
import type { RepositoryMetadata } from '../../domain/repository.ts';
import {
  type ListPosition,
  type ProbeBatch,
  statedId,
  type TrackedRepository,
} from '../../domain/source.ts';
import { MINUTE_MS } from '../../domain/time.ts';
import { laterOf } from '../../domain/window.ts';
import { askByName, fetchByName, queryByName } from './by-name.ts';
import type { GithubClient } from './client.ts';
import { type Mark, PROBE, type Probe } from './marks.ts';
import { repositorySchema, toMetadata } from './metadata.ts';
import type { GraphqlProblem } from './remedies.ts';

/**
 * What has changed since the last night, of many repositories in one query: their facts, the head
 * of the branch, and a mark of each list. A list whose mark is the one of its last read is not read.
 *
 * What GitHub shows by these marks (docs.github.com, GraphQL objects, and its REST `updated_at`):
 * a new, closed, reopened, merged or edited issue or pull request, a comment, a review, a review
 * comment and a push to a pull request all set `updatedAt` of that issue or pull request; issues
 * that are transferred or deleted change the number of issues; a release or a comment on a commit
 * that comes or goes changes its number; every push, forced or not, changes the head.
 *
 * What they can't show: accounts (a login that is renamed, an e-mail that is linked later), a
 * draft that is published when it lies behind the newest releases, imported comments with an old
 * date, and reactions, which count for nothing. The next read of the whole (`--job-type full`)
 * finds what of these counts.
 */

/**
 * Repositories in one query. Each has five connections, and GitHub takes a point for 100 of them:
 * 40 are two points exactly.
 */
const REPOSITORIES = 40;
/** Releases whose publication is noticed; a draft is known only to those who may push. */
const RELEASES = 20;
/** GitHub's own limit of topics is 20. */
const TOPICS = 20;

export function probeQuery(repositories: readonly TrackedRepository[]): string {
  const asked = repositories.map(({ configuredBranch }, i) =>
    configuredBranch
      ? {
          fields: `...probe ref(qualifiedName: $branch${i}) { target { oid } }`,
          declared: `$branch${i}: String!`,
        }
      : { fields: '...probe' },
  );
  return `${queryByName('probe', asked)}
fragment probe on Repository {
  databaseId
  name
  owner { login }
  description
  stargazerCount
  forkCount
  primaryLanguage { name }
  repositoryTopics(first: ${TOPICS}) { nodes { topic { name } } }
  licenseInfo { spdxId }
  isArchived
  isDisabled
  defaultBranchRef { name target { oid } }
  issues(first: 1, orderBy: { field: UPDATED_AT, direction: DESC }) {
    totalCount
    nodes { number updatedAt }
  }
  pullRequests(first: 1, orderBy: { field: UPDATED_AT, direction: DESC }) {
    totalCount
    nodes { number updatedAt }
  }
  releases(first: ${RELEASES}, orderBy: { field: CREATED_AT, direction: DESC }) {
    totalCount
    nodes { databaseId createdAt publishedAt }
  }
  commitComments(last: 1) {
    totalCount
    nodes { databaseId createdAt }
  }
}`;
}

const moment = z.coerce.date();
const refSchema = z.object({ target: z.object({ oid: z.string() }) });
const listOf = <T extends z.ZodType>(node: T) =>
  z.object({ totalCount: z.int(), nodes: z.array(node) });
const changed = z.object({ number: z.int(), updatedAt: moment });

const probedSchema = z.object({
  databaseId: z.int(),
  name: z.string(),
  owner: z.object({ login: z.string() }),
  description: z.string().nullable(),
  stargazerCount: z.int(),
  forkCount: z.int(),
  primaryLanguage: z.object({ name: z.string() }).nullable(),
  repositoryTopics: z.object({
    nodes: z.array(z.object({ topic: z.object({ name: z.string() }) })),
  }),
  licenseInfo: z.object({ spdxId: z.string().nullable() }).nullable(),
  isArchived: z.boolean(),
  // The reason is found by REST.
  isDisabled: z.literal(false),
  // An empty repository has no branch.
  defaultBranchRef: refSchema.extend({ name: z.string() }),
  ref: refSchema.optional(),
  issues: listOf(changed),
  pullRequests: listOf(changed),
  releases: listOf(
    z.object({
      databaseId: z.int().nullable(),
      createdAt: moment,
      publishedAt: moment.nullable(),
    }),
  ),
  commitComments: listOf(z.object({ databaseId: z.int().nullable(), createdAt: moment })),
});

type Probed = z.infer<typeof probedSchema>;

/**
 * Probes repositories, some at a time. A repository that GitHub does not find, does not show whole
 * or shows under the name of another one has no probe: it is read like one that was never seen.
 */
export async function* fetchProbes(
  client: GithubClient,
  repositories: readonly TrackedRepository[],
  wallClock: () => Date,
  signal: AbortSignal,
): AsyncGenerator<ProbeBatch> {
  // Whatever happens now, nothing is decided by a probe of an earlier night.
  const forgotten = repositories.map(({ id }) => ({ repositoryId: id, list: PROBE, state: null }));
  yield { positions: forgotten, usage: [] };
  const ask = (some: readonly TrackedRepository[]) => probe(client, some, wallClock, signal);
  const chunks = fetchByName(client, repositories, REPOSITORIES, signal, ask);
  for await (const { found, usage } of chunks) yield { positions: found, usage };
}

async function probe(
  client: GithubClient,
  repositories: readonly TrackedRepository[],
  wallClock: () => Date,
  signal: AbortSignal,
): Promise<ListPosition[]> {
  const branches = repositories.flatMap(({ configuredBranch }, i) =>
    configuredBranch ? [[`branch${i}`, `refs/heads/${configuredBranch}`]] : [],
  );
  const more = Object.fromEntries(branches);
  const probedAt = wallClock();
  const query = probeQuery(repositories);
  const { found: all, problems } = await askByName(client, query, repositories, signal, more);
  const shownAt = new Date(client.serverTime());
  return repositories.flatMap((repository, i) => {
    if (problems.some((problem) => concerns(problem, `r${i}`))) return [];
    const found = probedSchema.safeParse(all[i]);
    if (!found.success) return [];
    const known = statedId(repository);
    if (known !== null && known !== found.data.databaseId) return [];
    const state = toProbe(repository, found.data, probedAt, shownAt);
    return state ? [{ repositoryId: repository.id, list: PROBE, state }] : [];
  });
}

/** A problem without a place may concern any of them. */
function concerns({ path }: GraphqlProblem, alias: string): boolean {
  return !path?.length || path[0] === alias;
}

/**
 * GitHub's lists lag behind a little, and its times are whole seconds: a list that changed just now
 * is read the next night, too.
 */
const SETTLING_MS = 10 * MINUTE_MS;

function toProbe(
  repository: TrackedRepository,
  found: Probed,
  probedAt: Date,
  shownAt: Date,
): Probe | null {
  const metadata = metadataOf(repository, found);
  if (metadata === null) return null;
  const issues = markOf(found.issues, (node) => node.updatedAt);
  const pulls = markOf(found.pullRequests, (node) => node.updatedAt);
  return {
    probed_at: probedAt,
    metadata,
    head: (found.ref ?? found.defaultBranchRef).target.oid,
    shown_at: shownAt,
    settled_before: new Date(shownAt.getTime() - SETTLING_MS),
    marks: {
      pull_requests: pulls,
      issues,
      releases: markOf(found.releases, (node) => node.publishedAt ?? node.createdAt),
      // A comment sets `updatedAt` of its issue or pull request.
      issue_comments: {
        text: issues.text + pulls.text,
        changed_at: latestOf([issues.changed_at, pulls.changed_at]),
        count: issues.count + pulls.count,
      },
      review_comments: pulls,
      commit_comments: markOf(found.commitComments, (node) => node.createdAt),
    },
  };
}

function markOf<T>(
  { totalCount, nodes }: { readonly totalCount: number; readonly nodes: readonly T[] },
  timeOf: (node: T) => Date,
): Mark {
  const text = JSON.stringify([totalCount, nodes]);
  return { text, changed_at: latestOf(nodes.map(timeOf)), count: totalCount };
}

function latestOf(times: readonly (Date | null)[]): Date | null {
  const known = times.filter((time) => time !== null);
  return known.length === 0 ? null : known.reduce(laterOf);
}

/** The facts of a repository, by the same rules as those of REST; null if they break a rule. */
function metadataOf({ id }: TrackedRepository, found: Probed): RepositoryMetadata | null {
  const like = repositorySchema.safeParse({
    id: found.databaseId,
    name: found.name,
    owner: found.owner,
    default_branch: found.defaultBranchRef.name,
    description: found.description,
    stargazers_count: found.stargazerCount,
    forks_count: found.forkCount,
    language: found.primaryLanguage?.name ?? null,
    topics: found.repositoryTopics.nodes.map(({ topic }) => topic.name),
    license: found.licenseInfo && { spdx_id: found.licenseInfo.spdxId },
    archived: found.isArchived,
  });
  return like.success ? toMetadata(id, like.data) : null;
}
