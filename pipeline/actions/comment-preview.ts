import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { warning } from '@actions/core';
import { print } from '../util/printable.ts';
import { ArtifactDamagedError, downloadArtifact, listRunArtifacts } from './artifacts.ts';
import {
  type ConfigPreview,
  configPreviewSchema,
  MOST_PREVIEW_BYTES,
  PREVIEW_FILE,
  previewArtifact,
} from './config-preview-document.ts';
import { COMMENT_MARKER, commentText } from './preview-comment.ts';
import {
  changesWorkflows,
  findPullRequest,
  type PreviewRun,
  previewRunSchema,
  saveComment,
} from './pull-requests.ts';
import { openRepository, type RepositoryApi } from './repository-api.ts';
import { unzipFile, ZipError } from './unzip.ts';

/**
 * `actions:comment-preview`: posts what a preview says on its pull request, or brings the comment
 * there up to date. Where anything does not fit, it writes nothing.
 */
export async function commentPreview(
  signal: AbortSignal,
  variables: NodeJS.ProcessEnv = process.env,
): Promise<void> {
  const api = openRepository(variables, signal);
  const event = JSON.parse(readFileSync(variables.GITHUB_EVENT_PATH ?? '', 'utf8'));
  const run = previewRunSchema.parse(event);
  const document = await readPreview(api, run, signal);
  if (!document) return;
  const number = await findPullRequest(api, run, document);
  if (number === null) return print('No open pull request has the commit of this preview.');
  const text = commentText(document, {
    runUrl: run.workflow_run.html_url,
    changesWorkflows: await changesWorkflows(api, number),
  });
  print(await saveComment(api, number, COMMENT_MARKER, text));
}

/** What the run left; null: nothing, or not what our code writes. */
async function readPreview(
  api: RepositoryApi,
  { workflow_run: { id, run_attempt } }: PreviewRun,
  signal: AbortSignal,
): Promise<ConfigPreview | null> {
  const [artifact] = await listRunArtifacts(api, id, previewArtifact(run_attempt));
  if (!artifact) {
    print('The run left no preview.');
    return null;
  }
  if (artifact.bytes > MOST_PREVIEW_BYTES) return refuse('it is too large');
  const folder = mkdtempSync(join(tmpdir(), 'preview-'));
  try {
    const [archive, file] = [join(folder, 'archive'), join(folder, PREVIEW_FILE)];
    await downloadArtifact(api, artifact, archive, signal);
    await unzipFile(archive, PREVIEW_FILE, file, MOST_PREVIEW_BYTES);
    return parsePreview(readFileSync(file, 'utf8'));
  } catch (error) {
    if (!(error instanceof ZipError || error instanceof ArtifactDamagedError)) throw error;
    return refuse(error.message);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Null: it is not as our code writes it. */
export function parsePreview(text: string): ConfigPreview | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return refuse('it is not JSON');
  }
  const parsed = configPreviewSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  return refuse(`${parsed.error.issues[0]?.path.join('.')} is not as it should be`);
}

function refuse(why: string): null {
  warning(`The preview of the run is not shown: ${why.slice(0, 300)}.`);
  return null;
}
