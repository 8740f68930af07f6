import type { Fact, FactOf, Pull } from './activity.ts';
import { ownerOf } from './community.ts';
import { apiUrl, toNodeId, toTime, toUser, webUrl } from './github-objects.ts';
import { toIssue } from './payload-issue.ts';
import { type Copy, toRepository } from './repository-shape.ts';

/** The payloads that are the same in both eras, or nearly so. */

function toRelease({ repository, at, actor, id, tag, body }: FactOf<'release'>) {
  const url = apiUrl(repository, `/releases/${id}`);
  return {
    url,
    assets_url: `${url}/assets`,
    upload_url: `${url}/assets{?name,label}`,
    html_url: webUrl(repository, `/releases/tag/${tag}`),
    id,
    author: toUser(actor, at),
    node_id: toNodeId('RE', id),
    tag_name: tag,
    target_commitish: repository.defaultBranch,
    name: tag,
    draft: false,
    prerelease: false,
    created_at: toTime(at),
    published_at: toTime(at),
    assets: [],
    tarball_url: apiUrl(repository, `/tarball/${tag}`),
    zipball_url: apiUrl(repository, `/zipball/${tag}`),
    body,
    short_description_html: '',
    is_short_description_html_truncated: false,
  };
}

export function toForkee({ repository, at, actor, forkId }: FactOf<'fork'>) {
  return { ...toRepository(repository, at, { owner: actor, id: forkId }), public: true };
}

/** What the creation and the deletion of a branch share. */
export function toRef({ repository, branch, action }: FactOf<'branch'>) {
  const base = { ref: branch, ref_type: 'branch' };
  if (action === 'deleted') return { ...base, pusher_type: 'user' };
  const { defaultBranch: master_branch, description } = repository;
  return { ...base, master_branch, description, pusher_type: 'user' };
}

/** The repository itself, as a place that a branch can be in. */
export function toBaseCopy({ repository }: Fact): Copy {
  return { owner: ownerOf(repository), id: repository.githubId };
}

/** The place of a pull request's branch: the repository itself, or the author's fork. */
export function toHeadCopy(fact: Fact, { author, forkId }: Pull): Copy {
  return forkId === null ? toBaseCopy(fact) : { owner: author, id: forkId };
}

/** The payloads that are the same in both eras. */
export function toSharedPayload(fact: FactOf<'issue' | 'release' | 'watch'>): unknown {
  if (fact.kind === 'watch') return { action: 'started' };
  if (fact.kind === 'release') return { action: 'published', release: toRelease(fact) };
  const { action, issue } = fact;
  return { action, issue: toIssue(fact, issue, action === 'closed') };
}
