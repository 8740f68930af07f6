type Variables = Readonly<Record<string, string | undefined>>;

/** The private key within a Google key; nothing where the text is not one. */
function privateKeyOf(credentials: string): string {
  try {
    const key: unknown = JSON.parse(credentials)?.private_key;
    return typeof key === 'string' ? key : '';
  } catch {
    return '';
  }
}

/**
 * The secrets of the environment, to be hidden wherever they turn up. The password of the
 * database is not among them: it may be a word (`postgres`), and is hidden in its address.
 */
export function secretsOf(variables: Variables = process.env): string[] {
  const { GITHUB_TOKEN = '', BIGQUERY_CREDENTIALS = '' } = variables;
  const secrets = [GITHUB_TOKEN, BIGQUERY_CREDENTIALS, privateKeyOf(BIGQUERY_CREDENTIALS)];
  return secrets.map((secret) => secret.trim()).filter((secret) => secret !== '');
}
