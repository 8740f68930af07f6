import type { Person, Standing } from '../../../db/queries/report/boards.ts';
import { countColumn, mapKinds, pointsFor } from '../../domain/contribution-kinds.ts';
import type { Weights } from '../../domain/weights.ts';
import type { Entry } from '../../published/documents.ts';
import type { PacedEntry } from './boards.ts';
import { type Appearance, GITHUB } from './context.ts';

/** Pixels: twice the size at which the site shows avatars, for dense screens. */
const AVATAR_SIZE = 80;

/** A contributor. Its addresses are made from id and login, never taken from a source. */
export function buildPerson(row: Person, appearance: Appearance) {
  const id = row.github_id > 0 ? row.github_id : null;
  const avatar = appearance.pictures.get(row.github_id);
  return {
    username: row.login,
    github_id: id,
    display_name: row.display_name,
    avatar_url: avatarOf(id, appearance),
    ...(avatar && { avatar }),
    profile_url: `${appearance.server}/${encodeURIComponent(row.login)}`,
  };
}

function avatarOf(id: number | null, appearance: Appearance): string | null {
  const pattern = id === null ? null : avatarPattern(appearance);
  return pattern === null ? null : pattern.replace('{github_id}', String(id));
}

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

/** Rank, score, counts and points as documents write them. */
export function buildStanding(row: Standing, { base_points }: Pick<Weights, 'base_points'>) {
  const { first_contribution_at, last_contribution_at, line_bonus, ...rest } = row;
  return {
    ...rest,
    first_contribution_at: new Date(first_contribution_at).toISOString(),
    last_contribution_at: new Date(last_contribution_at).toISOString(),
    points: {
      ...mapKinds((kind) => pointsFor(row[countColumn(kind)], base_points[kind])),
      line_bonus,
    },
  };
}

/** The entry of a contributor on a board. */
export function buildEntry(
  { line, person, delta_7d, trend }: PacedEntry,
  appearance: Appearance,
  weights: Weights,
): Entry {
  const { period: _, user_id: __, ...standing } = line;
  return {
    ...buildPerson(person, appearance),
    ...buildStanding(standing, weights),
    delta_7d,
    trend,
  };
}
