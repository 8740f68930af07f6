import { asciiLower } from '../../../pipeline/domain/names.ts';
import type {
  Board,
  Contributor,
  ContributorActivity,
  ContributorShard,
  Renames,
  RepositoryActivity,
  RepositoryDocument,
} from '../../../pipeline/published/documents.ts';
import { SAFE_LOGIN, spellName } from '../../../pipeline/published/path-names.ts';
import { findInShard, shardOf, weeksInShard } from '../../../pipeline/published/shards.ts';
import type { Compared } from '../lib/compared.ts';
import { comparedPerson } from '../lib/compared-person.ts';
import { comparedRepository, type RepositoryDocuments } from '../lib/compared-repository.ts';
import type { SearchIndex } from '../lib/search-index.ts';
import { type Period, personHref, repositoryHref, type SiteFacts } from '../lib/site.ts';
import { fetchJson } from './fetch-json.ts';

/** Reads what is compared from the published documents. */

/** What the page that compares has to know; it stands as JSON in it. */
export interface CompareFacts {
  readonly site: SiteFacts;
  /** People with a built page; all others are in shards. */
  readonly built: readonly string[];
  /** How many documents have the activity of people without a page. */
  readonly shards: number;
  /** The addresses of documents, with parameters in braces; that of the search has none. */
  readonly search: string;
  readonly contributor: string;
  readonly contributor_activity: string;
  readonly contributor_shard: string;
  readonly renames: string;
  readonly repository: string;
  readonly repository_activity: string;
  readonly repository_board: string;
}

/** Who was asked for: found, or the sentence that says why not. */
export type Answer = { readonly compared: Compared } | { readonly words: string };

type Fetch = <T>(url: string) => Promise<T>;

/** In the order asked for. @param fetchDocument gives the document at an address, parsed */
export async function readAnswers(
  facts: CompareFacts,
  names: readonly string[],
  period: Period,
  fetchDocument: Fetch = fetchJson,
): Promise<Answer[]> {
  return Promise.all(
    names.map((name) =>
      name.includes('/')
        ? readRepository(facts, name, period, fetchDocument)
        : readPerson(facts, name, period, fetchDocument),
    ),
  );
}

const fill = (template: string, parameters: Readonly<Record<string, string | number>>): string =>
  Object.entries(parameters).reduce(
    (url, [name, value]) => url.replace(`{${name}}`, encodeURIComponent(spellName(String(value)))),
    template,
  );

const isSame = (one: string, other: string) => asciiLower(one) === asciiLower(other);

const LONGEST = 60;
/** A name as the address has it: long ones are cut. */
const quote = (name: string) => `“${name.length > LONGEST ? `${name.slice(0, LONGEST)}…` : name}”`;

async function readPerson(
  facts: CompareFacts,
  asked: string,
  period: Period,
  fetchDocument: Fetch,
): Promise<Answer> {
  const found = await findPerson(facts, asked, fetchDocument);
  if (found === null) return { words: await describeMissing(facts, asked, fetchDocument) };
  const { username, isBuilt } = found;
  const json = fill(facts.contributor, { username });
  const [profile, activity] = await Promise.all([
    fetchDocument<Contributor>(json),
    found.activity ??
      fetchDocument<ContributorActivity>(fill(facts.contributor_activity, { username })),
  ]);
  const href = personHref(facts.site, username, isBuilt);
  return { compared: comparedPerson(facts.site, profile, activity, { href, json }, period) };
}

interface FoundPerson {
  readonly username: string;
  readonly isBuilt: boolean;
  /** That of somebody without a built page. */
  readonly activity?: Pick<ContributorActivity, 'weeks' | 'unknown'>;
}

/** By a login of now or of before. */
async function findPerson(
  facts: CompareFacts,
  asked: string,
  fetchDocument: Fetch,
): Promise<FoundPerson | null> {
  const found = await findByLogin(facts, asked, fetchDocument);
  if (found !== null) return found;
  const { renames } = await fetchDocument<Renames>(facts.renames);
  const rename = renames.find(({ former_login }) => isSame(former_login, asked));
  return rename ? findByLogin(facts, rename.username, fetchDocument) : null;
}

async function findByLogin(
  { built, shards, contributor_shard }: CompareFacts,
  login: string,
  fetchDocument: Fetch,
): Promise<FoundPerson | null> {
  const own = built.find((one) => isSame(one, login));
  if (own !== undefined) return { username: own, isBuilt: true };
  if (shards === 0 || !SAFE_LOGIN.test(login)) return null;
  const shard = shardOf(login, shards);
  const document = await fetchDocument<ContributorShard>(fill(contributor_shard, { shard }));
  const found = findInShard(document, login);
  if (!found) return null;
  const activity = { weeks: weeksInShard(document, found), unknown: document.unknown };
  return { username: found.own.username, isBuilt: false, activity };
}

/** Of a login that is no safe part of a path there is no document. */
async function describeMissing(
  { search }: CompareFacts,
  asked: string,
  fetchDocument: Fetch,
): Promise<string> {
  if (!SAFE_LOGIN.test(asked)) {
    const { usernames } = await fetchDocument<SearchIndex>(search);
    if (usernames.some((one) => isSame(one, asked)))
      return `${quote(asked)} can’t be compared: there is no document about this login.`;
  }
  return `Nobody with points here has the login ${quote(asked)}.`;
}

async function readRepository(
  facts: CompareFacts,
  asked: string,
  period: Period,
  fetchDocument: Fetch,
): Promise<Answer> {
  const found = facts.site.repositories.find((one) => isSame(one, asked));
  if (found === undefined)
    return { words: `No repository with the name ${quote(asked)} is tracked here.` };
  const [owner = '', name = ''] = found.split('/');
  const part = (shard: number) =>
    fetchDocument<Board>(fill(facts.repository_board, { owner, name, period, shard }));
  const json = fill(facts.repository, { owner, name });
  const href = repositoryHref(facts.site, found);
  const [document, activity, first] = await Promise.all([
    fetchDocument<RepositoryDocument>(json),
    fetchDocument<RepositoryActivity>(fill(facts.repository_activity, { owner, name })),
    part(1),
  ]);
  const rest = Array.from({ length: first.shards - 1 }, (_, place) => part(place + 2));
  const documents: RepositoryDocuments = {
    ...{ document, activity },
    board: [first, ...(await Promise.all(rest))],
  };
  const { scoring } = facts.site;
  return { compared: comparedRepository(scoring, documents, { href, json }, period) };
}
