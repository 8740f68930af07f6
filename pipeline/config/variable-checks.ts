import { z } from 'zod';
import { FULL_NAME } from '../domain/names.ts';

/** Checks a text: its value, or what was expected. The problem never contains the text. */
export type Check<T> = (text: string) => { readonly value: T } | { readonly problem: string };

export const checkWord: Check<string> = (text) =>
  /\s/.test(text) ? { problem: 'expected one word, without spaces or line ends' } : { value: text };

function parseUrl(text: string, protocols: readonly string[]): URL | null {
  if (!URL.canParse(text)) return null;
  const url = new URL(text);
  return protocols.includes(url.protocol) ? url : null;
}

const HTTP = ['http:', 'https:'];

/** Node's fetch takes no user in an address, and says the whole address in its error. */
const WITH_USER = 'expected an address without a user and a password (`https://host/…`)';

const hasUser = (url: URL | null) =>
  url !== null && url.protocol !== 'file:' && (url.username !== '' || url.password !== '');

/** A signature behind the `?` would be lost when names are appended. */
const WITH_QUERY = 'expected an address without ? and #, to which names are appended';

const hasQuery = (text: string) => /[?#]/.test(text);

/** An address that paths are appended to: without a slash at its end. */
export const checkUrl: Check<string> = (text) => {
  const url = parseUrl(text, HTTP);
  if (url === null) return { problem: 'expected an address, https://…' };
  if (hasUser(url)) return { problem: WITH_USER };
  if (hasQuery(text)) return { problem: WITH_QUERY };
  return { value: url.href.replace(/\/+$/, '') };
};

/** The address of a server, which may hold a user and a password. */
export const checkPushUrl: Check<string> = (text) => {
  const url = parseUrl(text, HTTP);
  if (url === null) return { problem: 'expected an address, https://…' };
  if (hasQuery(text)) return { problem: WITH_QUERY };
  return { value: url.href.replace(/\/+$/, '') };
};

/** The address of a folder that names are resolved against: with a slash at its end. */
export const checkFolderUrl: Check<string> = (text) => {
  const url = parseUrl(text, [...HTTP, 'file:']);
  if (hasUser(url)) return { problem: WITH_USER };
  // In `file://folder`, "folder" is the name of a machine.
  const isRemoteFile = url?.protocol === 'file:' && url.host !== '';
  if (url === null || isRemoteFile) {
    return { problem: 'expected https://…, http://… or file:///… with the whole path of a folder' };
  }
  if (!hasQuery(text)) return { value: url.href.replace(/\/*$/, '/') };
  if (url.protocol !== 'file:') return { problem: WITH_QUERY };
  const encoded = text.trim().replaceAll('#', '%23').replaceAll('?', '%3F');
  return { problem: `expected a path with # as %23 and ? as %3F: ${encoded}` };
};

/** `owner/name`. */
export const checkFullName: Check<string> = (text) =>
  FULL_NAME.test(text) ? { value: text } : { problem: 'expected owner/name' };

/** `localhost:9050` or `http://localhost:9050`; without a protocol, plain HTTP. */
export const checkHost: Check<string> = (text) => {
  const url = parseUrl(/^https?:\/\//.test(text) ? text : `http://${text}`, HTTP);
  return url ? { value: url.origin } : { problem: 'expected host:port, like localhost:9050' };
};

/** Parameters of a database's address whose values may hold an `@`: `me@server` is a user of Azure. */
const WITH_AT = /^(?:user|password|options|application_name)=/;

/**
 * Whether an address holds a character that ends the password where it should not, or that is read
 * as the start of an encoded one: the rest of the password would be taken for host, path or query.
 */
function hasRawCharacters(text: string): boolean {
  const [, address = '', query = ''] = /^[^:]+:\/\/([^?]*)\??(.*)$/s.exec(text) ?? [];
  const [authority = '', ...path] = address.split('/');
  return (
    text.includes('#') ||
    /%(?![0-9a-f]{2})/i.test(text) ||
    !isDecodable(address) ||
    authority.split('@').length > 2 ||
    path.join('/').includes('@') ||
    query.split('&').some((part) => part.includes('@') && !WITH_AT.test(part))
  );
}

function isDecodable(text: string): boolean {
  try {
    decodeURIComponent(text);
    return true;
  } catch {
    return false;
  }
}

export const checkDatabaseUrl: Check<string> = (text) => {
  if (!parseUrl(text, ['postgres:', 'postgresql:'])) {
    const expected = 'expected postgres://user:password@host:port/database';
    return { problem: `${expected}, with special characters percent-encoded (@ as %40)` };
  }
  if (!hasRawCharacters(text)) return { value: text };
  const encoded = '# as %23, / as %2F, ? as %3F, @ as %40, % as %25';
  return { problem: `percent-encode the special characters of user and password: ${encoded}` };
};

/** The kinds of keys that Google issues. Only the fields of a service account are checked. */
const key = z.union([
  z.looseObject({
    type: z.literal('service_account'),
    client_email: z.string().min(1),
    private_key: z.string().min(1),
  }),
  z.looseObject({ type: z.enum(['external_account', 'authorized_user']) }),
]);

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The error of JSON.parse quotes its input, which is secret.
    return undefined;
  }
}

/** The JSON text of a key, as downloaded from Google's console. */
export const checkCredentials: Check<Readonly<Record<string, unknown>>> = (text) => {
  const result = key.safeParse(parseJson(text));
  if (result.success) return { value: result.data };
  const expected = 'expected the JSON text of a service account key (type, client_email';
  return {
    problem: `${expected}, private_key); for a file, set GOOGLE_APPLICATION_CREDENTIALS to its path`,
  };
};
