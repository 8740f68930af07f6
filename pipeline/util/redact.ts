/** Hides secrets in text that leaves the process: log lines and error messages. */

/** What stands in the place of a secret. */
export const HIDDEN = '[hidden]';

/** Patterns of secrets, and what replaces them. */
const PATTERNS: readonly (readonly [pattern: RegExp, replacement: string])[] = [
  // GitHub's tokens.
  [/\b(gh[oprsu]_|github_pat_)[A-Za-z0-9_.-]{8,}/g, `$1${HIDDEN}`],
  // Google's access tokens.
  [/\bya29\.[\w.-]{8,}/g, HIDDEN],
  // The password in an address; it may hold an unencoded @ or /. That of an advice is none:
  // postgres://user:password@host:port.
  [
    /(\b[a-z][a-z0-9+]*:\/\/[^\s:/@"']*):(?!password@host:port\b)[^\s"']+@(?=[\w.[-])/gi,
    `$1:${HIDDEN}@`,
  ],
  [/\b(authorization["']?\s*[:=]\s*["']?)(?:(bearer|token|basic)\s+)?[^\s"',}]+/gi, `$1${HIDDEN}`],
  [/\b(bearer)\s+[\w.~+/=-]{8,}/gi, `$1 ${HIDDEN}`],
  [/([?&](?:access_token|token|password|sslpassword)=)[^\s&"']+/gi, `$1${HIDDEN}`],
  [/-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?-----END [A-Z ]*PRIVATE KEY-----/g, HIDDEN],
];

/** Characters. A shorter secret also occurs in harmless words: it is hidden as a whole word, */
const MIN_PART_LENGTH = 8;
/** and a still shorter one is not hidden. */
const MIN_SECRET_LENGTH = 4;

/** A secret as it is and as it is written in JSON. */
const spellings = (secret: string) => [secret, JSON.stringify(secret).slice(1, -1)];

function hide(text: string, secret: string): string {
  if (secret.length >= MIN_PART_LENGTH) return text.replaceAll(secret, HIDDEN);
  const literal = secret.replace(
    /[^\w]/gu,
    (character) => `\\u{${character.codePointAt(0)?.toString(16)}}`,
  );
  return text.replace(
    new RegExp(`(?<![\\p{L}\\p{N}_])${literal}(?![\\p{L}\\p{N}_])`, 'gu'),
    HIDDEN,
  );
}

/** The text without what looks like a secret and without the given secrets. */
export function redact(text: string, secrets: readonly string[] = []): string {
  // The longest first: one may be a part of another.
  const known = secrets
    .filter((secret) => secret.length >= MIN_SECRET_LENGTH)
    .toSorted((a, b) => b.length - a.length)
    .flatMap(spellings);
  const withoutKnown = known.reduce(hide, text);
  return PATTERNS.reduce(
    (rest, [pattern, replacement]) => rest.replace(pattern, replacement),
    withoutKnown,
  );
}
