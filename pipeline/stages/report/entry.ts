import type { BoardEntry, Person, Standing } from '../../../db/queries/report/boards.ts';
import { SCORE_PARTS } from '../../domain/contribution-kinds.ts';
import type { Entry } from '../../published/documents.ts';
import { type Appearance, GITHUB } from './context.ts';

/** Pixels: twice the size at which the site shows avatars, for dense screens. */
const AVATAR_SIZE = 80;

/** A contributor. Its addresses are made from id and login, never taken from a source. */
export function buildPerson(row: Person, appearance: Appearance) {
  const id = row.github_id > 0 ? row.github_id : null;
  return {
    username: row.login,
    github_id: id,
    display_name: row.display_name,
    avatar_url: avatarOf(id, appearance),
    profile_url: `${appearance.server}/${encodeURIComponent(row.login)}`,
  };
}

function avatarOf(id: number | null, appearance: Appearance): string | null {
  return id === null ? null : addressOf(avatarPattern(appearance), id);
}

const addressOf = (pattern: string | null, id: number): string | null =>
  pattern === null ? null : pattern.replace('{github_id}', String(id));

/** A GitHub Enterprise Server shows its avatars itself: github.com would show strangers'. */
function avatarPattern({ sample, avatars, server }: Appearance): string | null {
  if (sample || !avatars) return null;
  const start =
    server === GITHUB ? 'https://avatars.githubusercontent.com/u/' : `${server}/avatars/u/`;
  return `${start}{github_id}?s=${AVATAR_SIZE}&v=4`;
}

/** The addresses of everybody on a board, with what differs from person to person in braces. */
export const addressesOf = (appearance: Appearance) => ({
  profile_url: `${appearance.server}/{username}`,
  avatar_url: avatarPattern(appearance),
});

/** Rank, score, counts and points as documents write them; other fields are left as they are. */
export function buildStanding<T extends Standing>(row: T) {
  const { first_contribution_at, last_contribution_at, points, ...rest } = row;
  return {
    ...rest,
    first_contribution_at: first_contribution_at.toISOString(),
    last_contribution_at: last_contribution_at.toISOString(),
    points: Object.fromEntries(SCORE_PARTS.map((part) => [part, points[part]])) as Entry['points'],
  };
}

/** The entry of a contributor on a board. */
export function buildEntry(row: BoardEntry, appearance: Appearance): Entry {
  const { login, github_id, display_name, period: _, ...standing } = row;
  return {
    ...buildPerson({ login, github_id, display_name }, appearance),
    ...buildStanding(standing),
  };
}
