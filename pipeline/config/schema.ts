import type { z } from 'zod';
import type { FollowedOrganisation } from '../domain/organisation.ts';
import type { PeopleRules } from '../domain/people.ts';
import type { ConfiguredRepository } from '../domain/repository.ts';
import type { Weights } from '../domain/weights.ts';
import { budgetSchema } from './schema/budget.ts';
import { peopleSchema } from './schema/people.ts';
import { pipelineSchema } from './schema/pipeline.ts';
import { reposSchema } from './schema/repos.ts';
import { siteSchema } from './schema/site.ts';
import { weightsSchema } from './schema/weights.ts';

/**
 * The strict schemas of `config/*.yaml`, one file each in `schema/`. Every key but `repositories`
 * has a default, the same as in the file that is shipped. A message that begins with "expected"
 * is shown as it stands.
 */

/** File name (without `.yaml`) to schema. */
export const CONFIG_SCHEMAS = {
  repos: reposSchema,
  weights: weightsSchema,
  budget: budgetSchema,
  pipeline: pipelineSchema,
  people: peopleSchema,
  site: siteSchema,
} as const;

export type ConfigName = keyof typeof CONFIG_SCHEMAS;

export const CONFIG_NAMES = Object.keys(CONFIG_SCHEMAS) as ConfigName[];

/** What a file holds once its defaults are filled in. */
export type ConfigDocument<N extends ConfigName> = z.infer<(typeof CONFIG_SCHEMAS)[N]>;

/** The whole configuration, checked, with every default filled in. */
export interface Config {
  /** Those that are listed by name. */
  readonly repositories: readonly ConfiguredRepository[];
  readonly organisations: readonly FollowedOrganisation[];
  readonly weights: Weights;
  readonly budget: ConfigDocument<'budget'>;
  readonly pipeline: ConfigDocument<'pipeline'>;
  readonly people: PeopleRules;
  readonly site: ConfigDocument<'site'>;
}
