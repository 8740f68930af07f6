/** The secrets of the environment, and how text leaves the process without them. */

/** What stands in the place of a secret. */
export const HIDDEN = '[hidden]';

/** Patterns of secrets, and what replaces them. */
const PATTERNS: readonly (readonly [pattern: RegExp, replacement: string])[] = [
  // GitHub's tokens.
  [/\b(gh[oprsu]_|github_pat_)[A-Za-z0-9_.-]{8,}/g, `$1${HIDDEN}`],
  // Google's access tokens.
  [/\bya29\.[\w.-]{8,}/g, HIDDEN],
  // The password in an address; it may hold an unencoded @ or /. That of an advice is not one:
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

type Variables = Readonly<Record<string, string | undefined>>;

/** Variables that are secret as a whole. */
const SECRET_VARIABLES = [
  'GITHUB_TOKEN',
  'BIGQUERY_CREDENTIALS',
  'PGPASSWORD',
  'METRICS_PUSH_URL',
  'WEBHOOK_URL',
  'BACKUP_KEY',
] as const;

/** The fields of a Google key that are secret by themselves. */
const SECRET_FIELDS = ['private_key', 'private_key_id', 'client_secret', 'refresh_token'] as const;

/** The secret parts of the JSON text of a Google key; empty for any other text. */
function secretsOfKey(text: string): string[] {
  try {
    const key: unknown = JSON.parse(text);
    const values = SECRET_FIELDS.map((field) => (key as Record<string, unknown> | null)?.[field]);
    const texts = values.filter((value) => typeof value === 'string');
    return texts.flatMap((value) => [value, ...linesOfKey(value)]);
  } catch {
    return [];
  }
}

/** The lines of a private key, any of which may be quoted by itself. */
const linesOfKey = (text: string) => text.split('\n').filter((line) => !line.startsWith('-----'));

/** `user:password@` of an address. The password may hold what should have been encoded. */
const USER_AND_PASSWORD = /^[a-z][a-z0-9+.-]*:\/\/([^:/?#@]*):(.*)@/i;
const PASSWORD_PARAMETER = /[?&](?:ssl)?password=([^&#]*)/gi;

/** Passwords that hide nothing, and whose words stand in every second message. */
const NO_SECRETS: readonly string[] = ['postgres', 'password'];

/** The password of an address as it is written and as it is meant, also with its user. */
function secretsOfAddress(text: string): string[] {
  const [, user = '', password = ''] = USER_AND_PASSWORD.exec(text) ?? [];
  const parameters = [...text.matchAll(PASSWORD_PARAMETER)].map(([, value = '']) => value);
  const passwords = [password, ...parameters].flatMap((value) => [value, decode(value)]);
  const isSecret = (value: string) => value !== '' && value !== user && !NO_SECRETS.includes(value);
  const pairs = [password, decode(password)].filter(isSecret).map((value) => `${user}:${value}`);
  return [...pairs, ...passwords.filter(isSecret)];
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** The secrets of the environment and their parts, which `redact` hides wherever they stand. */
export function secretsOf(variables: Variables = process.env): string[] {
  const whole = SECRET_VARIABLES.map((name) => variables[name] ?? '');
  const secrets = [
    ...whole,
    ...secretsOfKey(variables.BIGQUERY_CREDENTIALS ?? ''),
    // Also the addresses of proxies and of mirrors of the archive.
    ...Object.values(variables).flatMap((value = '') => secretsOfAddress(value.trim())),
  ];
  return [...new Set(secrets.map((secret) => secret.trim()))].filter((secret) => secret !== '');
}

/** A text that is stored or shown, without the secrets of the environment. */
export function withoutSecrets(text: string): string {
  return redact(text, secretsOf());
}

/** The JSON text of a value that is stored, without the secrets of the environment in its texts. */
export function jsonWithoutSecrets(value: unknown): string {
  const secrets = secretsOf();
  return JSON.stringify(value, (_, part) =>
    typeof part === 'string' ? redact(part, secrets) : part,
  );
}
