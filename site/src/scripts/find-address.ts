import { asciiLower } from '../../../pipeline/domain/names.ts';
import type { Renames } from '../../../pipeline/published/documents.ts';
import { repositoryPath } from '../lib/paths.ts';
import type { SearchIndex } from '../lib/search-index.ts';
import { fetchJson } from './fetch-json.ts';
import { personAddress } from './search-source.ts';

/** Where somebody or something is that was asked for by another letter case or a former name. */

const fetchIndex = (base: string) => fetchJson<SearchIndex>(`${base}search.json`);

/** The page of a person by a login, whatever its case, of now or of before; null if there is none. */
export async function findPerson(base: string, login: string): Promise<string | null> {
  const [index, { renames }] = await Promise.all([
    fetchIndex(base),
    fetchJson<Renames>(`${base}api/v1/renames.json`),
  ]);
  const placeOf = (name: string) =>
    index.usernames.findIndex((username) => asciiLower(username) === asciiLower(name));
  const rename = renames.find((one) => asciiLower(one.former_login) === asciiLower(login));
  const now = placeOf(login);
  const place = now >= 0 || !rename ? now : placeOf(rename.username);
  return place < 0 ? null : personAddress(index, place, base);
}

/** The page of a repository, whatever the case of its name; null if there is none. */
export async function findRepository(base: string, fullName: string): Promise<string | null> {
  const { repositories } = await fetchIndex(base);
  const found = repositories.find((name) => asciiLower(name) === asciiLower(fullName));
  return found === undefined ? null : base + repositoryPath(found);
}
