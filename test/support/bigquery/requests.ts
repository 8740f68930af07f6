import type { SourceBatch, SourceRequest } from '../../../pipeline/domain/source.ts';

/** A request for repositories by name, with ids 1, 2, … of our own. */
export function requestFor(
  names: readonly string[],
  from: string,
  to: string,
  more: Partial<SourceRequest> = {},
): SourceRequest {
  return {
    repositories: names.map((slug, index) => {
      const [owner = '', name = ''] = slug.split('/');
      return { id: index + 1, owner, name, githubId: null, defaultBranch: null };
    }),
    window: { from: new Date(from), to: new Date(to) },
    signal: new AbortController().signal,
    now: new Date(to),
    batchSize: 100,
    onProgress: () => {},
    ...more,
  };
}

export async function collect(batches: AsyncIterable<SourceBatch>): Promise<SourceBatch[]> {
  const all: SourceBatch[] = [];
  for await (const batch of batches) all.push(batch);
  return all;
}
