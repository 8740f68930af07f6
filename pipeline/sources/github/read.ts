import type { ReadSource, SourceBatch, SourceRequest, Usage } from '../source.ts';
import type { GithubClient } from './client.ts';
import { BudgetSpentError, RepositoryUnavailableError } from './errors.ts';
import { EMPTY_BATCH } from './facts.ts';
import { type GithubSourceSettings, readRepository } from './read-repository.ts';
import { createPageSizes } from './stream.ts';

/**
 * GitHub's API as a source: the truth, at all times. Repositories are read one by one; one that
 * can't be read is reported as `unavailable` and the others go on. When the budget is spent, the
 * request ends with a gap, and a later request goes on where this one stopped.
 */
export function createGithubSource(settings: GithubSourceSettings): ReadSource {
  const sizes = createPageSizes();
  return async function* readGithub(request) {
    const report = createReport(request);
    for (const repository of request.repositories) {
      const meter = createMeter(settings.client, repository.id);
      try {
        for await (const batch of readRepository(settings, request, repository, sizes)) {
          report(batch);
          yield { ...batch, usage: meter() };
        }
      } catch (error) {
        const end = endOf(error, repository.id, request);
        yield { ...end, usage: meter() };
        if (end.gaps.length > 0) return;
      }
    }
  };
}

/** What an error means for the rest; those that mean nothing to us go on up. */
function endOf(error: unknown, repositoryId: number, request: SourceRequest): SourceBatch {
  if (error instanceof RepositoryUnavailableError) {
    return { ...EMPTY_BATCH, unavailable: [{ repositoryId, reason: error.message }] };
  }
  if (!(error instanceof BudgetSpentError)) throw error;
  const { from, to } = request.window;
  return { ...EMPTY_BATCH, gaps: [{ from, to, reason: error.message }] };
}

function createReport({ onProgress }: SourceRequest): (batch: SourceBatch) => void {
  let done = 0;
  let kept = 0;
  return (batch) => {
    done += 1;
    kept += batch.kept;
    onProgress({ unit: 'pages', done, total: null, bytes: null, kept });
  };
}

/** Tells each time what was spent since the last time. */
function createMeter({ usage }: GithubClient, repositoryId: number): () => Usage[] {
  let before = { points: usage.points, requests: usage.restRequests + usage.graphqlRequests };
  return () => {
    const now = { points: usage.points, requests: usage.restRequests + usage.graphqlRequests };
    const spent = { points: now.points - before.points, requests: now.requests - before.requests };
    before = now;
    return [{ repositoryId, ...spent }];
  };
}
