import { spellName } from '../../../pipeline/published/path-names.ts';
import { contributorPath, encodePath, repositoryPath } from '../lib/paths.ts';
import type { Scope } from '../lib/site.ts';

/** Where the files to share lie, under the base of the site; each part is encoded, as in addresses. */

const spelled = (name: string) => encodePath(name.split('/').map(spellName).join('/'));

/** @param name a login, or `owner/name` of a repository */
export const badgePath = (name: string): string => `badge/${spelled(name)}.svg`;
/** For shields.io. */
export const endpointPath = (name: string): string => `badge/${spelled(name)}.json`;
export const cardPath = (login: string): string => `card/${spelled(login)}.svg`;

export const SITE_PICTURE = 'og/site.png';
export const repositoryPicture = (fullName: string): string =>
  `og/repositories/${spelled(fullName)}.png`;
export const personPicture = (login: string): string => `og/contributors/${spelled(login)}.png`;

export const monthPicture = (month: string): string => `og/months/${month}.png`;

export const SITE_FEED = 'feed.xml';
export const scopeFeed = (scope: Scope): string =>
  scope === 'global' ? SITE_FEED : `${repositoryPath(scope)}feed.xml`;
export const personFeed = (login: string): string => `${contributorPath(login)}feed.xml`;
