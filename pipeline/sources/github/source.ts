import type {
  ReadSource,
  RepositoryUpdate,
  SourceBatch,
  SourceRequest,
  TrackedRepository,
} from '../../domain/source.ts';
import type { GithubClient } from './client.ts';
import { AllowanceSpentError, RepositoryUnavailableError } from './errors.ts';
import {
  fetchRepository,
  type GithubSourceSettings,
  recheckRepository,
  wantedOf,
} from './fetch-repository.ts';
import { updateBatch, withUpdates } from './outcome.ts';
import { createPageSizes } from './pages.ts';

/**
 * GitHub's API as a source: the truth, at all times. Repositories are read one by one; one that
 * can't be read is reported as `unavailable`, and the others are read. When the allowance is spent, the
 * repositories that are left are reported as `stopped`, and a later request resumes there.
 */
export function createGithubSource(settings: GithubSourceSettings): ReadSource {
  const sizes = createPageSizes();
  return async function* fetchGithub(request) {
    const read = request.recheck ? recheckRepository : fetchRepository;
    const client = request.recheck ? settings.client.fork({ waits: false }) : settings.client;
    const own = { ...settings, client };
    const report = createReport(request);
    for (const [index, repository] of request.repositories.entries()) {
      const meter = createMeter(client, repository.id);
      try {
        for await (const batch of read(own, request, repository, sizes)) {
          report(batch);
          yield withUpdates(batch, meter());
        }
      } catch (error) {
        if (error instanceof RepositoryUnavailableError) {
          const { id: repositoryId } = repository;
          yield updateBatch({ type: 'unavailable', repositoryId, reason: error.message }, meter());
          continue;
        }
        if (!(error instanceof AllowanceSpentError)) throw error;
        const left = request.repositories.slice(index);
        yield withUpdates(await stop(own, request, left, error.message), meter());
        return;
      }
    }
  };
}

/** Stores what is wanted of the repositories that are left, for a later request. */
async function stop(
  { memory }: GithubSourceSettings,
  request: SourceRequest,
  left: readonly TrackedRepository[],
  reason: string,
): Promise<SourceBatch> {
  const wanted = request.recheck
    ? []
    : left.map((repository) => wantedOf(memory, request, repository));
  const positions = (await Promise.all(wanted)).flatMap(({ changed }) => changed);
  const stopped = left.map(({ id }) => ({ type: 'stopped', repositoryId: id, reason }) as const);
  return updateBatch({ type: 'positions', positions }, ...stopped);
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

/** Reports at each call what was spent since the call before. */
function createMeter({ usage }: GithubClient, repositoryId: number): () => RepositoryUpdate {
  let before = { points: usage.points, requests: usage.restRequests + usage.graphqlRequests };
  return () => {
    const now = { points: usage.points, requests: usage.restRequests + usage.graphqlRequests };
    const spent = { points: now.points - before.points, requests: now.requests - before.requests };
    before = now;
    return { type: 'usage', usage: { repositoryId, ...spent } };
  };
}
