import type { Person } from './community.ts';
import type { SampleRepository } from './repositories.ts';

/** The objects that recur in GitHub's answers: addresses, times, accounts. */

export const API = 'https://api.github.com';
export const WEB = 'https://github.com';

/** Addresses below a user's, with the parts that GitHub leaves to be filled in. */
const USER_LINKS = {
  followers_url: 'followers',
  following_url: 'following{/other_user}',
  gists_url: 'gists{/gist_id}',
  starred_url: 'starred{/owner}{/repo}',
  subscriptions_url: 'subscriptions',
  organizations_url: 'orgs',
  repos_url: 'repos',
  events_url: 'events{/privacy}',
  received_events_url: 'received_events',
} as const;

/** ISO 8601 in UTC, to the second, as GitHub writes it. */
export function toTime(at: number): string {
  return `${new Date(at).toISOString().slice(0, 19)}Z`;
}

/** The opaque id of GitHub's GraphQL; here plainly made up. */
export function toNodeId(prefix: string, id: number): string {
  return `${prefix}_${Buffer.from(`sample:${id}`).toString('base64url')}`;
}

export function apiUrl(repository: SampleRepository, path = ''): string {
  return `${API}/repos/${repository.owner}/${repository.name}${path}`;
}

export function webUrl(repository: SampleRepository, path = ''): string {
  return `${WEB}/${repository.owner}/${repository.name}${path}`;
}

function describeLinks(base: string, links: Readonly<Record<string, string>>) {
  return Object.fromEntries(Object.entries(links).map(([key, path]) => [key, `${base}/${path}`]));
}

/** Equal accounts are one object: there are thousands of events and few people. */
const users = new Map<string, Readonly<Record<string, unknown>>>();

/** The short account of `actor` and `org`. */
export function toActor({ id, type, loginAt }: Person, at: number) {
  const login = loginAt(at);
  const kind = type === 'Organization' ? 'orgs' : 'users';
  const name = type === 'Organization' ? {} : { display_login: login.replace('[bot]', '') };
  const avatar_url = `https://avatars.githubusercontent.com/u/${id}?`;
  return { id, login, ...name, gravatar_id: '', url: `${API}/${kind}/${login}`, avatar_url };
}

function describeUser({ id, type }: Person, login: string) {
  const base = `${API}/users/${encodeURIComponent(login)}`;
  const page = type === 'Bot' ? `apps/${login.replace('[bot]', '')}` : login;
  return {
    login,
    id,
    node_id: toNodeId(type.slice(0, 1), id),
    avatar_url: `https://avatars.githubusercontent.com/u/${id}?v=4`,
    gravatar_id: '',
    url: base,
    html_url: `${WEB}/${page}`,
    ...describeLinks(base, USER_LINKS),
    type,
    user_view_type: 'public',
    site_admin: false,
  };
}

/** The full account, as payloads hold it, under the login of that time. */
export function toUser(person: Person, at: number): Readonly<Record<string, unknown>> {
  const login = person.loginAt(at);
  const key = `${person.id} ${login}`;
  const user = users.get(key) ?? describeUser(person, login);
  users.set(key, user);
  return user;
}
