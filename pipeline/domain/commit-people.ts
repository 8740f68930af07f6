import { APP_SUFFIX } from './bots.ts';
import { type Account, GHOST_ID } from './contribution.ts';
import { asciiLower } from './names.ts';
import { storedId } from './stored-value.ts';

/** The people that the text of a commit names: its addresses and the trailers of its message. */

/** The address that GitHub gives to an account for its commits. A login there may be a former one. */
const OWN_ADDRESS = /^(\d+)\+([A-Za-z0-9_-]{1,39}(?:\[bot\])?)@users\.noreply\.github\.com$/i;

/**
 * The account that an e-mail address names; null if it names none by id. An older address
 * (`login@users.noreply.github.com`) does not: the login may be another account's by now.
 */
export function accountOfAddress(address: string | null | undefined): Account | null {
  const [, digits = '', login = ''] = OWN_ADDRESS.exec(address ?? '') ?? [];
  const { data: id } = storedId.safeParse(Number(digits));
  if (id === undefined || id === GHOST_ID) return null;
  return { id, login, type: null, isClaimed: true };
}

/** The same, of apps alone: GitHub's answers name the account of everybody else. */
export function appOfAddress(address: string | null | undefined): Account | null {
  const account = accountOfAddress(address);
  return account?.login.endsWith(APP_SUFFIX) ? account : null;
}

const TRAILER = /^co-authored-by:[^<>\n]*<([^<>\s]*)>[ \t]*$/i;

export interface CoAuthors {
  readonly accounts: readonly Account[];
  /** Those whose address names no account. */
  readonly unknown: number;
}

/** Who else made a commit, by the trailers in the last paragraph of its message, each once. */
export function coAuthorsOf(message: string): CoAuthors {
  const lines = message.trimEnd().split(/\r\n|[\r\n]/);
  const last = lines.slice(lines.findLastIndex((line) => line.trim() === '') + 1);
  const addresses = last.flatMap((line) => TRAILER.exec(line)?.[1] ?? []);
  const once = new Map(addresses.map((address) => [asciiLower(address), address]));
  const people = [...once.values()].map(accountOfAddress);
  const known = people.filter((one) => one !== null);
  const accounts = new Map(known.map((account) => [account.id, account]));
  return { accounts: [...accounts.values()], unknown: people.length - known.length };
}
