import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ConfigProblem } from '../config/issue.ts';
import { describeTooLarge, MAX_CONFIG_BYTES } from '../config/read-file.ts';
import { CONFIG_NAMES } from '../config/schema.ts';
import type { RepositoryApi } from './repository-api.ts';

/**
 * The files of `config/` as a pull request would make them. They are fetched as data: nothing of the
 * pull request is checked out, so no link of it is followed and no name of it leads to a place.
 */

const FOLDER = 'config';
const FILES: readonly string[] = CONFIG_NAMES.map((name) => `${name}.yaml`);

/** Modes of git's entries. */
const LINK = '120000';

/** No configuration has as many files. */
const MOST_ENTRIES = 1_000;

interface Entry {
  readonly path: string;
  readonly mode: string;
  readonly type: string;
  readonly sha: string;
  readonly size: number;
}

/**
 * Writes the files to a folder of this machine, under the names that are ours.
 * @returns why the folder or a file of it is not read; then not all is written
 */
export async function fetchProposedConfig(
  api: RepositoryApi,
  commit: string,
  to: string,
): Promise<ConfigProblem[]> {
  const folder = (await readTree(api, commit)).find(({ path }) => path === FOLDER);
  if (folder?.type !== 'tree') return [problemAt(FOLDER, describeNoFolder(folder))];
  const entries = await readTree(api, folder.sha);
  if (entries.length > MOST_ENTRIES)
    return [problemAt(FOLDER, `expected at most ${MOST_ENTRIES} files`)];
  const problems = entries.flatMap(problemOf);
  if (problems.length > 0) return problems;
  for (const { path, type, sha } of entries) {
    // Of a file that is not ours, the name alone is looked at: it may be a misspelt one of ours.
    if (type !== 'blob' || !/^[\w-]+\.ya?ml$/i.test(path)) continue;
    const text = FILES.includes(path) ? await readBlob(api, sha) : Buffer.alloc(0);
    writeFileSync(join(to, path), text);
  }
  return [];
}

const problemAt = (file: string, message: string): ConfigProblem => ({
  file,
  line: 1,
  column: 1,
  message,
});

function describeNoFolder(entry: Entry | undefined): string {
  if (!entry) return 'there is no such folder';
  return entry.mode === LINK
    ? 'expected a folder; a symbolic link is not followed'
    : 'expected a folder of this repository';
}

function problemOf({ path, mode, type, size }: Entry): ConfigProblem[] {
  const file = `${FOLDER}/${path}`;
  if (path === '..' || /[\\/]/.test(path))
    return [problemAt(file, 'a name with a slash is not read')];
  if (!FILES.includes(path)) return [];
  if (mode === LINK) return [problemAt(file, 'expected a file; a symbolic link is not followed')];
  if (type !== 'blob') return [problemAt(file, 'expected a file')];
  return size > MAX_CONFIG_BYTES ? [problemAt(file, describeTooLarge(size))] : [];
}

async function readTree({ octokit, owner, repo }: RepositoryApi, sha: string): Promise<Entry[]> {
  const { data } = await octokit.rest.git.getTree({ owner, repo, tree_sha: sha });
  if (data.truncated) throw new Error('GitHub does not list all files of the pull request');
  return data.tree.map((entry) => ({ ...entry, size: entry.size ?? 0 }));
}

async function readBlob({ octokit, owner, repo }: RepositoryApi, sha: string): Promise<Buffer> {
  const { data } = await octokit.rest.git.getBlob({ owner, repo, file_sha: sha });
  if (data.encoding !== 'base64') throw new Error(`GitHub sends a file as ${data.encoding}`);
  return Buffer.from(data.content, 'base64');
}
