import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { withRetries } from '../util/retry.ts';
import { type RepositoryApi, statusOf } from './repository-api.ts';

/** The artifacts of workflows, by GitHub's API. */

export interface Artifact {
  readonly id: number;
  readonly bytes: number;
  readonly createdAt: string;
  /** Hex; null on a server that does not state it. */
  readonly sha256: string | null;
}

/** It is not there any more: expired, or deleted meanwhile. */
export class ArtifactGoneError extends Error {
  override readonly name = 'ArtifactGoneError';
}

/** What arrived is not what was uploaded. */
export class ArtifactDamagedError extends Error {
  override readonly name = 'ArtifactDamagedError';
}

/** For the whole of one download. */
const DOWNLOAD_TIMEOUT_MS = 600_000;
const RETRY_DELAYS_MS = [1_000, 5_000, 15_000];
const PER_PAGE = 100;
/** 90 days of a run every two hours. */
const MOST_PAGES = 11;

/**
 * The artifacts of a name that can still be downloaded, newest first: only those of this
 * repository's own runs on its default branch. Anybody can open a pull request from a fork whose
 * workflow uploads an artifact of any name.
 */
export async function listOwnArtifacts(
  { octokit, owner, repo }: RepositoryApi,
  name: string,
): Promise<Artifact[]> {
  const { data: repository } = await octokit.rest.repos.get({ owner, repo });
  const own: Artifact[] = [];
  for (let page = 1; page <= MOST_PAGES; page++) {
    const place = { owner, repo, name, per_page: PER_PAGE, page };
    const { artifacts } = (await octokit.rest.actions.listArtifactsForRepo(place)).data;
    for (const artifact of artifacts) {
      const { workflow_run: run, expired } = artifact;
      const isOwn =
        run?.head_branch === repository.default_branch &&
        run.repository_id === repository.id &&
        run.head_repository_id === repository.id;
      if (!isOwn || expired || artifact.name !== name) continue;
      own.push(toArtifact(artifact));
    }
    if (artifacts.length < PER_PAGE) break;
  }
  return own.toSorted((a, b) => b.createdAt.localeCompare(a.createdAt) || b.id - a.id);
}

interface ListedArtifact {
  readonly id: number;
  readonly size_in_bytes: number;
  readonly created_at: string | null;
  readonly digest?: string | null;
}

function toArtifact({ id, size_in_bytes, created_at, digest }: ListedArtifact): Artifact {
  const [, sha256 = null] = /^sha256:([0-9a-f]{64})$/.exec(digest ?? '') ?? [];
  return { id, bytes: size_in_bytes, createdAt: created_at ?? '', sha256 };
}

/** The artifacts of a name that a run left and that can still be downloaded: anybody's, of a fork. */
export async function listRunArtifacts(
  { octokit, owner, repo }: RepositoryApi,
  runId: number,
  name: string,
): Promise<Artifact[]> {
  const { data } = await octokit.rest.actions.listWorkflowRunArtifacts({
    owner,
    repo,
    run_id: runId,
    name,
    per_page: PER_PAGE,
  });
  return data.artifacts.filter((one) => !one.expired && one.name === name).map(toArtifact);
}

/**
 * Downloads the ZIP archive of an artifact to a file.
 * @throws ArtifactGoneError, ArtifactDamagedError
 */
export async function downloadArtifact(
  api: RepositoryApi,
  artifact: Artifact,
  to: string,
  stop: AbortSignal,
): Promise<void> {
  const isTransient = (error: unknown) =>
    !(error instanceof ArtifactGoneError) && !(error instanceof ArtifactDamagedError);
  const policy = { delaysMs: RETRY_DELAYS_MS, isTransient };
  await withRetries(() => download(api, artifact, to, stop), policy, stop);
}

async function download(
  api: RepositoryApi,
  artifact: Artifact,
  to: string,
  stop: AbortSignal,
): Promise<void> {
  const signal = AbortSignal.any([stop, AbortSignal.timeout(DOWNLOAD_TIMEOUT_MS)]);
  const address = await findStorage(api, artifact.id);
  // The storage is another company's machine: it gets no token.
  const response = await fetch(address, { signal });
  if (!response.ok || !response.body) throw refusal('the storage of artifacts', response.status);
  const hash = createHash('sha256');
  let bytes = 0;
  const count = new Transform({
    transform(chunk: Buffer, _, done) {
      bytes += chunk.length;
      hash.update(chunk);
      if (bytes <= artifact.bytes) done(null, chunk);
      else done(new ArtifactDamagedError('it is larger than stated'));
    },
  });
  await pipeline(Readable.fromWeb(response.body as never), count, createWriteStream(to));
  if (artifact.sha256 !== null && hash.digest('hex') !== artifact.sha256) {
    throw new ArtifactDamagedError('its SHA-256 is another one');
  }
}

/** The address of the archive, which needs no token and is good for a minute. */
async function findStorage({ octokit, owner, repo }: RepositoryApi, id: number): Promise<URL> {
  const { headers, status, url } = await octokit.rest.actions
    .downloadArtifact({
      owner,
      repo,
      artifact_id: id,
      archive_format: 'zip',
      request: { redirect: 'manual' },
    })
    .catch((error: unknown) => {
      throw refusal('GitHub', statusOf(error), error);
    });
  if (headers.location === undefined) throw refusal('GitHub', status);
  const address = new URL(headers.location, url);
  if (address.protocol === new URL(url).protocol || address.protocol === 'https:') return address;
  throw new ArtifactDamagedError('it would be read without encryption');
}

function refusal(who: string, status: number | null, cause?: unknown): Error {
  const message = `${who} answered ${status ?? 'nothing'}`;
  const isGone = status === 404 || status === 410;
  return isGone ? new ArtifactGoneError(message, { cause }) : new Error(message, { cause });
}
