import type { Context } from '../../runtime/context.ts';
import { SAMPLE_REPOSITORIES, sampleWindow } from '../../sources/sample/sample.ts';

/** The repositories of the boards: the configured ones, or those that are invented. */
export function wantedRepositories({ isSample, config, now }: Context) {
  return isSample ? sampleRepositories(now) : config.repositories;
}

/** The sample's repositories; before it began there is nothing to read. */
function sampleRepositories(now: Date) {
  const { from } = sampleWindow(now);
  return SAMPLE_REPOSITORIES.map(({ owner, name, defaultBranch }) => ({
    owner,
    name,
    defaultBranch,
    neverRescrapeBefore: from,
  }));
}
