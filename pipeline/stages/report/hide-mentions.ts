import { LONGEST, toStoredText } from '../../domain/stored-value.ts';
import { redact, secretsOf } from '../../util/secrets.ts';

/** An e-mail address: of its author, or of anybody whom a commit names. */
const ADDRESS = /\b[\w.+-]+@[\w-]+(?:\.[\w-]+)+\b/g;

/**
 * Makes a title fit to be published: e-mail addresses, secrets and the given logins (of people who
 * opted out) become `…`, where a title names an account: `@login`, `login/branch`, `login:branch`.
 * A login may be a common word, which elsewhere is one.
 */
export function createHideMentions(logins: readonly string[]): (title: string) => string {
  const names = logins.map((login) => login.replace(/[^\w-]/g, '\\$&')).join('|');
  const login = `(?:${names})(?![\\w-])`;
  const patterns =
    logins.length > 0
      ? [new RegExp(`(?<=@)${login}`, 'gi'), new RegExp(`(?<![\\w-])${login}(?=[/:]\\S)`, 'gi')]
      : [];
  const secrets = secretsOf();
  return (title) => {
    const hidden = [ADDRESS, ...patterns].reduce(
      (rest, pattern) => rest.replace(pattern, '…'),
      redact(title, secrets),
    );
    return toStoredText(hidden, LONGEST.title);
  };
}
