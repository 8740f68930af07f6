import { spellName } from '../../../pipeline/published/path-names.ts';

/** Paths of pages under the base of the site. Shared with the browser. */

export const encodePath = (path: string): string =>
  path.split('/').map(encodeURIComponent).join('/');

export const contributorPath = (username: string): string =>
  `contributors/${encodeURIComponent(spellName(username))}/`;
/** The page that shows people without a page of their own. */
export const GENERIC_PAGE = 'contributor/';
export const genericPath = (username: string): string =>
  `${GENERIC_PAGE}?login=${encodeURIComponent(username)}`;
/** The page that leads to the forms for corrections, about a person or a repository. */
export const FORMS_PAGE = 'forms/';
export const formsPath = (about: 'login' | 'repository', name: string): string =>
  `${FORMS_PAGE}?${about}=${encodePath(name)}`;
export const repositoryPath = (fullName: string): string =>
  `repositories/${encodePath(spellFullName(fullName))}/`;

/** Owner and name of a repository as two parts of a path. */
export const spellFullName = (fullName: string): string =>
  fullName.split('/').map(spellName).join('/');

/** The list of all months, and the page of one, `YYYY-MM`. */
export const MONTHS_PAGE = 'months/';
export const monthPath = (month: string): string => `${month.replace('-', '/')}/`;

/** The page that a board opens with: the home page, or that of the repository. */
export const firstPath = (scope: string): string =>
  scope === 'global' ? '' : repositoryPath(scope);

/** The page of a board in a period. */
export const boardPath = (scope: string, period: string, page = 1): string =>
  `${scope === 'global' ? 'global/' : repositoryPath(scope)}${period}/${page}/`;

/** The id of a contributor's row on a board, as the end of a link. */
export const rowHash = (username: string): string => `#c-${encodeURIComponent(username)}`;
