import { withoutSecrets } from '../../util/secrets.ts';

/** Longest message that is published: enough to see what went wrong. */
const LONGEST = 500;

/** What may stand in a message and must not be published: e-mail addresses. */
const PRIVATE: readonly RegExp[] = [/\b[\w.+-]+@[\w-]+(?:\.[\w-]+)+\b/g];

export type Redact = (message: string) => string;

/**
 * Makes messages fit to be published: secrets, e-mail addresses and the given logins (those of
 * people who opted out) are taken out, and the length is limited.
 */
export function createRedact(logins: readonly string[]): Redact {
  const names = logins.map((login) => login.replace(/[^\w-]/g, '\\$&'));
  const patterns = [...PRIVATE];
  if (names.length > 0) {
    patterns.push(new RegExp(`(?<![\\w-])(?:${names.join('|')})(?![\\w-])`, 'gi'));
  }
  return (message) =>
    patterns
      .reduce((text, pattern) => text.replace(pattern, '…'), withoutSecrets(message))
      .slice(0, LONGEST);
}
