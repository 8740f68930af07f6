import type { SourceBatch, SourceRequest } from '../../../pipeline/domain/source.ts';
import type { RawEvent } from '../read-events.ts';

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

/** The same for repositories whose ids GitHub has stated: no query has to learn them. */
export function withStatedIds(request: SourceRequest, events: readonly RawEvent[]): SourceRequest {
  const idOf = new Map(events.map(({ repo }) => [repo.name, repo.id]));
  const repositories = request.repositories.map((one) => ({
    ...one,
    githubId: idOf.get(`${one.owner}/${one.name}`) ?? null,
  }));
  return { ...request, repositories };
}

export async function collect(batches: AsyncIterable<SourceBatch>): Promise<SourceBatch[]> {
  const all: SourceBatch[] = [];
  for await (const batch of batches) all.push(batch);
  return all;
}
