import { toStoredText } from '../../domain/stored-value.ts';
import { toPrintable } from '../../util/printable.ts';
import { withoutSecrets } from '../../util/secrets.ts';

/** Longest published message, in characters: enough to see the failure. */
const LONGEST = 500;

/** Private texts that may occur in a message: e-mail addresses. */
const PRIVATE: readonly RegExp[] = [/\b[\w.+-]+@[\w-]+(?:\.[\w-]+)+\b/g];

export type Redact = (message: string) => string;

/**
 * Makes messages safe to publish: secrets, e-mail addresses and the given logins (of people who
 * opted out) are removed, what can't be seen is shown as `U+200B`, and the length is limited.
 */
export function createRedact(logins: readonly string[]): Redact {
  const names = logins.map((login) => login.replace(/[^\w-]/g, '\\$&'));
  const patterns = [...PRIVATE];
  if (names.length > 0) {
    patterns.push(new RegExp(`(?<![\\w-])(?:${names.join('|')})(?![\\w-])`, 'gi'));
  }
  return (message) => {
    const visible = toPrintable(withoutSecrets(message));
    const text = patterns.reduce((rest, pattern) => rest.replace(pattern, '…'), visible);
    return toStoredText(text, LONGEST);
  };
}
