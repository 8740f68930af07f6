import { ownerOf, type Person } from './community.ts';
import { API, toNodeId, toUser, WEB } from './github-objects.ts';
import type { SampleRepository } from './repositories.ts';

/** One time for all, as the object is shared by the events of months. */
const FOUNDED = '2015-01-01T00:00:00Z';

/** Equal repositories are one object. */
const repositories = new Map<string, Readonly<Record<string, unknown>>>();

/** Whose copy of a repository: its own, or the fork of a person. */
export interface Copy {
  readonly owner: Person;
  readonly id: number;
}

function describeRepository(one: SampleRepository, { owner, id }: Copy, at: number) {
  const login = owner.loginAt(at);
  const full = `${login}/${one.name}`;
  const web = `${WEB}/${full}`;
  const isFork = id !== one.githubId;
  return {
    id,
    node_id: toNodeId('R', id),
    name: one.name,
    full_name: full,
    private: false,
    owner: toUser(owner, at),
    html_url: web,
    description: one.description,
    fork: isFork,
    url: `${API}/repos/${full}`,
    created_at: FOUNDED,
    updated_at: FOUNDED,
    pushed_at: FOUNDED,
    git_url: `git://github.com/${full}.git`,
    ssh_url: `git@github.com:${full}.git`,
    clone_url: `${web}.git`,
    svn_url: web,
    homepage: null,
    size: 4_096,
    stargazers_count: isFork ? 0 : one.stars,
    watchers_count: isFork ? 0 : one.stars,
    language: one.language,
    has_issues: !isFork,
    has_projects: true,
    has_downloads: true,
    has_wiki: true,
    has_pages: false,
    has_discussions: false,
    forks_count: 12,
    mirror_url: null,
    archived: false,
    disabled: false,
    open_issues_count: 40,
    license: null,
    allow_forking: true,
    is_template: false,
    web_commit_signoff_required: false,
    topics: one.topics,
    visibility: 'public',
    forks: 12,
    open_issues: 40,
    watchers: isFork ? 0 : one.stars,
    default_branch: one.defaultBranch,
  };
}

/**
 * The repository of pull requests and forks; the copy defaults to the repository itself.
 * GitHub adds about 40 addresses to be filled in (`keys{/key_id}` and the like). They are left
 * out: nobody reads them, and they would be half of all bytes of the sample.
 */
export function toRepository(one: SampleRepository, at: number, copy?: Copy) {
  const { owner, id } = copy ?? { owner: ownerOf(one), id: one.githubId };
  const key = `${id} ${owner.loginAt(at)}`;
  const repository = repositories.get(key) ?? describeRepository(one, { owner, id }, at);
  repositories.set(key, repository);
  return repository;
}
