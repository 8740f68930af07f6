import { join } from 'node:path';
import type { Source } from '../source.ts';
import { readSample, SAMPLE_REPOSITORIES, sampleWindow } from './sample.ts';

/** An invented community: hour files that are made here, and read like those of the archive. */
export const sample: Source = {
  open:
    ({ dataFolder }) =>
    (request) =>
      readSample(join(dataFolder, 'sample-hours'), request),
  inventRepositories(now) {
    // Before the sample begins there is nothing to read.
    const { from } = sampleWindow(now);
    return SAMPLE_REPOSITORIES.map((repository) => ({ ...repository, neverRescrapeBefore: from }));
  },
};
