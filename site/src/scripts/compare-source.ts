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
import { spellName } from '../../../pipeline/published/path-names.ts';
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
  const index = await fetchDocument<SearchIndex>(facts.search);
  return Promise.all(
    names.map((name) =>
      name.includes('/')
        ? readRepository(facts, index, name, period, fetchDocument)
        : readPerson(facts, index, name, period, fetchDocument),
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
  index: SearchIndex,
  asked: string,
  period: Period,
  fetchDocument: Fetch,
): Promise<Answer> {
  const placeOf = (name: string) => index.usernames.findIndex((one) => isSame(one, name));
  let place = placeOf(asked);
  if (place < 0) {
    const { renames } = await fetchDocument<Renames>(facts.renames);
    const rename = renames.find(({ former_login }) => isSame(former_login, asked));
    place = rename ? placeOf(rename.username) : -1;
  }
  const username = index.usernames[place];
  if (username === undefined)
    return { words: `Nobody with points here has the login ${quote(asked)}.` };
  const page = index.page[place];
  if (page === '0')
    return {
      words: `${quote(username)} can’t be compared: there is no document about this login.`,
    };
  const isBuilt = page === '2';
  const json = fill(facts.contributor, { username });
  const [profile, activity] = await Promise.all([
    fetchDocument<Contributor>(json),
    isBuilt
      ? fetchDocument<ContributorActivity>(fill(facts.contributor_activity, { username }))
      : readShard(facts, username, fetchDocument),
  ]);
  const href = personHref(facts.site, username, isBuilt);
  return { compared: comparedPerson(facts.site, profile, activity, { href, json }, period) };
}

/** The activity of somebody without a built page. */
async function readShard(
  { shards, contributor_shard }: CompareFacts,
  username: string,
  fetchDocument: Fetch,
): Promise<Pick<ContributorActivity, 'weeks' | 'unknown'>> {
  const shard = shardOf(username, shards);
  const document = await fetchDocument<ContributorShard>(fill(contributor_shard, { shard }));
  const found = findInShard(document, username);
  if (!found) throw new Error(`${username} is not in shard ${shard}`);
  return { weeks: weeksInShard(document, found), unknown: document.unknown };
}

async function readRepository(
  facts: CompareFacts,
  { repositories }: SearchIndex,
  asked: string,
  period: Period,
  fetchDocument: Fetch,
): Promise<Answer> {
  const found = repositories.find((one) => isSame(one, asked));
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
