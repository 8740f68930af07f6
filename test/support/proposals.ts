import type { Db } from '../../db/client.ts';
import { NOW } from './community.ts';
import { fillShape } from './fill-shape.ts';
import { addFixedCommunity, FIXED_PEOPLE } from './fixed-community.ts';
import type { Pushed } from './github/copy-pulls.ts';
import { publish } from './preview-community.ts';

/** A published community, and the configuration that it was published with. */

const REPOSITORIES = [
  'meadow/garden-3',
  'Tools-Co/next.js-1',
  'very-long-organisation/shed-of-tools-2',
  'octo/one',
  'Octo/Two.js',
  'octo/empty',
];

/** `repos.yaml` with some of the repositories, and more. */
export const reposYaml = (without: readonly string[] = [], added: readonly string[] = []) =>
  `repositories:\n${[...REPOSITORIES.filter((name) => !without.includes(name)), ...added]
    .map((name) => `  - ${name}\n`)
    .join('')}`;

/** `people.yaml` with lines of JSON in the place of its lists. */
export const peopleYaml = (changes: object = {}) =>
  Object.entries({ ...FIXED_PEOPLE, ...changes })
    .map(([key, value]) => `${key}: ${JSON.stringify(value)}\n`)
    .join('');

/** What is in force. */
export const IN_FORCE: Readonly<Record<string, Pushed>> = {
  'people.yaml': peopleYaml(),
  'repos.yaml': reposYaml(),
};

/** Fills an empty database and publishes it into a folder. */
export async function publishCommunity(db: Db, folder: string): Promise<void> {
  await fillShape(db, { people: 60, repositories: 3, contributions: 900 }, NOW);
  await addFixedCommunity(db);
  await publish(db, { config: { people: FIXED_PEOPLE } }, folder);
}
