import { pathToFileURL } from 'node:url';
import type { SourceBatch, SourceRequest } from '../../domain/source.ts';
import { readArchive } from '../gharchive/source.ts';
import { generateSample, SAMPLE_SEED } from './sample.ts';

/** Makes the sample's hour files in a folder, if they are not there, and reads them as an archive. */
export async function* readSample(
  folder: string,
  request: SourceRequest,
): AsyncGenerator<SourceBatch> {
  const sample = await generateSample({ folder, seed: SAMPLE_SEED, now: request.now });
  const address = pathToFileURL(`${folder}/`).href;
  yield* readArchive(address, { ...request, window: sample.window });
}
