import type { BoardEntry, Person, Standing } from '../../../db/queries/report/boards.ts';
import { SCORE_PARTS } from '../../domain/contribution-kinds.ts';
import type { Entry } from '../../published/documents.ts';
import type { Appearance } from './context.ts';

/** Pixels: twice the size at which the site shows avatars, for dense screens. */
const AVATAR_SIZE = 80;

/** A contributor. Its addresses are made from id and login, never taken from a source. */
export function buildPerson(row: Person, { sample, avatars }: Appearance) {
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
