import { FULL_NAME, LOGIN } from '../../domain/names.ts';

/** People paste addresses, and write `@login`. What is not a name is null. */

const ADDRESS = /^(?:https?:\/\/)?(?:www\.)?github\.com\//i;

/** A login, from itself, `@login`, or the address of the account. */
export function readLogin(answer: string): string | null {
  const text = answer.replace(ADDRESS, '').replace(/^@/, '').replace(/\/$/, '');
  return LOGIN.test(text) ? text : null;
}

/** `owner/name`, from itself or from an address within the repository. */
export function readRepositoryName(answer: string): string | null {
  const [, path = answer] =
    /^(?:https?:\/\/)?(?:www\.)?github\.com\/([^/\s]+\/[^/\s?#]+)/i.exec(answer) ?? [];
  const name = path.replace(/\.git$/, '');
  return FULL_NAME.test(name) ? name : null;
}
