import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createOctokit } from '../sources/github/octokit.ts';
import { withRetries } from '../util/retry.ts';

/** The artifacts of workflows, by GitHub's API. */

/** What `GITHUB_REPOSITORY`, `GITHUB_API_URL` and `GITHUB_TOKEN` name. */
export interface ActionsApi {
  readonly owner: string;
  readonly repo: string;
  /** Without a slash at its end. */
  readonly apiUrl: string;
  readonly token: string;
  readonly signal: AbortSignal;
}

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

const TIMEOUT_MS = 30_000;
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
export async function listOwnArtifacts(api: ActionsApi, name: string): Promise<Artifact[]> {
  const { owner, repo, apiUrl, token, signal } = api;
  const settings = { token, apiUrl, timeoutMs: TIMEOUT_MS, secondMs: 1_000, onAnswer: () => {} };
  const { rest } = createOctokit(settings);
  const request = { signal };
  const { data: repository } = await rest.repos.get({ owner, repo, request });
  const own: Artifact[] = [];
  for (let page = 1; page <= MOST_PAGES; page++) {
    const place = { owner, repo, name, per_page: PER_PAGE, page, request };
    const { artifacts } = (await rest.actions.listArtifactsForRepo(place)).data;
    for (const artifact of artifacts) {
      const { workflow_run: run, expired, id, size_in_bytes, created_at, digest } = artifact;
      const isOwn =
        run?.head_branch === repository.default_branch &&
        run.repository_id === repository.id &&
        run.head_repository_id === repository.id;
      if (!isOwn || expired || artifact.name !== name) continue;
      const [, sha256 = null] = /^sha256:([0-9a-f]{64})$/.exec(digest ?? '') ?? [];
      own.push({ id, bytes: size_in_bytes, createdAt: created_at ?? '', sha256 });
    }
    if (artifacts.length < PER_PAGE) break;
  }
  return own.toSorted((a, b) => b.createdAt.localeCompare(a.createdAt) || b.id - a.id);
}

/**
 * Downloads the ZIP archive of an artifact to a file.
 * @throws ArtifactGoneError, ArtifactDamagedError
 */
export async function downloadArtifact(
  api: ActionsApi,
  artifact: Artifact,
  to: string,
): Promise<void> {
  const isTransient = (error: unknown) =>
    !(error instanceof ArtifactGoneError) && !(error instanceof ArtifactDamagedError);
  const policy = { delaysMs: RETRY_DELAYS_MS, isTransient };
  await withRetries(() => download(api, artifact, to), policy, api.signal);
}

async function download(api: ActionsApi, artifact: Artifact, to: string): Promise<void> {
  const signal = AbortSignal.any([api.signal, AbortSignal.timeout(DOWNLOAD_TIMEOUT_MS)]);
  const address = await findStorage(api, artifact.id, signal);
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
async function findStorage(api: ActionsApi, id: number, signal: AbortSignal): Promise<URL> {
  const { apiUrl, owner, repo, token } = api;
  const url = `${apiUrl}/repos/${owner}/${repo}/actions/artifacts/${id}/zip`;
  const headers = { authorization: `Bearer ${token}`, accept: 'application/vnd.github+json' };
  const response = await fetch(url, { headers, redirect: 'manual', signal });
  await response.body?.cancel();
  const location = response.headers.get('location');
  if (response.status < 300 || response.status > 399 || location === null) {
    throw refusal('GitHub', response.status);
  }
  const address = new URL(location, url);
  if (address.protocol === new URL(url).protocol || address.protocol === 'https:') return address;
  throw new ArtifactDamagedError('it would be read without encryption');
}

function refusal(who: string, status: number): Error {
  const message = `${who} answered ${status}`;
  return [404, 410].includes(status) ? new ArtifactGoneError(message) : new Error(message);
}
