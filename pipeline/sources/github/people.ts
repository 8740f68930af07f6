import { z } from 'zod';
import { ACCOUNT_TYPES } from '../../domain/contribution.ts';
import type { KnownPerson, Profile } from '../../domain/people.ts';
import { LONGEST, storedId, storedLogin, storedText } from '../../domain/stored-value.ts';
import type { GithubClient } from './client.ts';
import { isHttpError, RefusedError, UnexpectedAnswerError } from './errors.ts';
import { fetchInChunks, PageSize, parseAnswer, rateLimitFields } from './pages.ts';

/** What people show of themselves on GitHub. A hundred of them are one point. */

export interface FoundProfiles {
  /** By account id: a profile, or null for a deleted account. */
  readonly profiles: ReadonlyMap<number, Profile | null>;
  /** By account id: why what GitHub answered can't be used. It keeps nobody else from being found. */
  readonly faults: ReadonlyMap<number, string>;
}

/** Accounts shown of one person: GitHub's own limit is lower. */
const ACCOUNTS = 20;

/** A query for the profiles of `count` logins, of users and organisations alike. */
export function peopleQuery(count: number): string {
  const indexes = Array.from({ length: count }, (_, index) => index);
  return `
query people($accounts: Boolean!, $email: Boolean!, ${indexes.map((i) => `$login${i}: String!`).join(', ')}) {
  ${rateLimitFields}
  ${indexes.map((i) => `p${i}: repositoryOwner(login: $login${i}) { ...person }`).join('\n  ')}
}
fragment person on RepositoryOwner {
  __typename
  login
  avatarUrl
  ... on User {
    databaseId
    name
    company
    location
    email @include(if: $email)
    twitterUsername
    websiteUrl
    socialAccounts(first: ${ACCOUNTS}) @include(if: $accounts) { nodes { provider url } }
  }
  ... on Organization {
    databaseId
    name
    location
    publicEmail: email
    twitterUsername
    websiteUrl
  }
}`;
}

/** GitHub gives an empty text where a user shows no address. */
const textOf = (longest: number) =>
  storedText(longest)
    .nullish()
    .transform((value) => value?.trim() || null);
const text = textOf(LONGEST.name);
const address = textOf(LONGEST.address);

const accountSchema = z.object({
  provider: storedText(LONGEST.name),
  url: storedText(LONGEST.address),
});

const personSchema = z.object({
  __typename: z.enum(['User', 'Organization']),
  login: storedLogin,
  avatarUrl: address,
  databaseId: storedId.nullable(),
  name: text,
  company: text,
  location: text,
  email: text,
  publicEmail: text,
  twitterUsername: text,
  websiteUrl: address,
  socialAccounts: z.object({ nodes: z.array(accountSchema.nullable()) }).optional(),
});

const answerSchema = z.record(z.string(), z.unknown());

const restSchema = z.object({
  id: storedId,
  login: storedLogin,
  type: z.enum(ACCOUNT_TYPES),
  name: text,
  avatar_url: address,
  company: text,
  location: text,
  email: text,
  twitter_username: text,
  blog: address,
});

/**
 * Fetches profiles by login. A login may belong to another account by now: an account that
 * is not found under its login is looked up by id. A profile that can't be used is reported as a
 * fault, and the others are returned.
 */
export async function fetchProfiles(
  client: GithubClient,
  people: readonly KnownPerson[],
  withAccounts: boolean,
  signal: AbortSignal,
): Promise<FoundProfiles> {
  const profiles = new Map<number, Profile | null>();
  const faults = new Map<number, string>();
  const size = new PageSize(100);
  await fetchInChunks(client, people, size, signal, async (chunk) => {
    const logins = Object.fromEntries(chunk.map(({ login }, index) => [`login${index}`, login]));
    const data = await askForPeople(client, { ...logins, accounts: withAccounts }, signal);
    const { rateLimit, ...answer } = data as Record<string, unknown>;
    const people = parseAnswer(answerSchema, answer);
    for (const [index, { id }] of chunk.entries()) {
      try {
        const profile = toProfile(parseAnswer(personSchema.nullish(), people[`p${index}`]));
        profiles.set(id, profile?.id === id ? profile : await fetchById(client, id, signal));
      } catch (error) {
        if (!(error instanceof UnexpectedAnswerError)) throw error;
        faults.set(id, error.message);
      }
    }
  });
  return { profiles, faults };
}

/** Some tokens may not see addresses, public or not: then everything else is asked for. */
async function askForPeople(client: GithubClient, variables: object, signal: AbortSignal) {
  const query = peopleQuery(Object.keys(variables).length - 1);
  try {
    return (await client.graphql(query, { ...variables, email: true }, signal)).data;
  } catch (error) {
    const isForbidden = error instanceof RefusedError && /required scopes/i.test(error.message);
    if (!isForbidden) throw error;
    return (await client.graphql(query, { ...variables, email: false }, signal)).data;
  }
}

/** Null for a deleted account. */
async function fetchById(
  client: GithubClient,
  id: number,
  signal: AbortSignal,
): Promise<Profile | null> {
  try {
    const { data } = await client.rest('GET /user/{account_id}', { account_id: id }, signal);
    const user = parseAnswer(restSchema, data);
    return {
      id,
      login: user.login,
      type: user.type,
      displayName: user.name,
      avatarUrl: webAddress(user.avatar_url),
      company: user.company,
      location: user.location,
      email: user.email,
      twitter: user.twitter_username,
      website: webAddress(user.blog),
      accounts: [],
    };
  } catch (error) {
    if (isHttpError(error) && error.status === 404) return null;
    throw error;
  }
}

function toProfile(person: z.infer<typeof personSchema> | null | undefined): Profile | null {
  if (!person?.databaseId) return null;
  const accounts = (person.socialAccounts?.nodes ?? []).filter((account) => account !== null);
  return {
    id: person.databaseId,
    login: person.login,
    type: person.__typename,
    displayName: person.name,
    avatarUrl: webAddress(person.avatarUrl),
    company: person.company,
    location: person.location,
    email: person.email ?? person.publicEmail,
    twitter: person.twitterUsername,
    website: webAddress(person.websiteUrl),
    accounts: accounts.filter((account) => webAddress(account.url) !== null),
  };
}

/** An address as people write it, with its scheme; null if a page may not link to it. */
function webAddress(written: string | null): string | null {
  if (written === null) return null;
  const whole = /^[a-z][a-z0-9+.-]*:/i.test(written) ? written : `https://${written}`;
  return URL.canParse(whole) && /^https?:$/.test(new URL(whole).protocol) ? whole : null;
}
