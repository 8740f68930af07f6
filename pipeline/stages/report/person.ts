import type { Appearance } from './head.ts';

/** Somebody on a board. */
export interface PersonRow {
  readonly login: string;
  /** Negative while only a login is known. */
  readonly github_id: number;
  readonly display_name: string | null;
}

/** Pixels: twice the size at which the site shows avatars, for dense screens. */
const AVATAR_SIZE = 80;

/** Who it is. Addresses are made from id and login, never taken from a source. */
export function buildPerson(row: PersonRow, { sample, avatars }: Appearance) {
  const id = row.github_id > 0 ? row.github_id : null;
  const login = encodeURIComponent(row.login);
  return {
    username: row.login,
    github_id: id,
    display_name: row.display_name,
    avatar_url:
      sample || !avatars || id === null
        ? null
        : `https://avatars.githubusercontent.com/u/${id}?s=${AVATAR_SIZE}&v=4`,
    profile_url: `https://${sample ? 'example' : 'github'}.com/${login}`,
  };
}

/** A login that is a safe part of a path; others are on boards but have no document. */
export const SAFE_LOGIN = /^[A-Za-z0-9_-]{1,100}$/;
