import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { buildDocuments, type DocumentOptions, writeDocuments } from '../support/documents.ts';
import { CLI } from '../support/run-command.ts';

/** A site built from invented documents, by the command people use. */
export interface BuiltSite {
  readonly out: string;
  readonly data: string;
}

const run = promisify(execFile);

export async function runBuild(args: readonly string[]): Promise<{ code: number; text: string }> {
  // Vitest's own NODE_ENV would make Astro build for development.
  const { NODE_ENV: _, VITEST: __, ...env } = process.env;
  try {
    const { stdout, stderr } = await run(process.execPath, [...CLI, 'site:build', ...args], {
      env,
    });
    return { code: 0, text: stdout + stderr };
  } catch (error) {
    const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
    return { code, text: stdout + stderr };
  }
}

/**
 * Builds a site from invented documents; sites with the same options are built once for a run of
 * tests, by the worker that comes first, while others wait. Nobody changes a file in them. They are
 * removed with all that the run wrote.
 */
export async function buildInvented(
  options: DocumentOptions = {},
  args: readonly string[] = [],
): Promise<BuiltSite> {
  const key = createHash('sha256')
    .update(JSON.stringify([options, args]))
    .digest('hex');
  const folder = join(tmpdir(), `site-${key.slice(0, 16)}`);
  const built = join(folder, 'built');
  while (!existsSync(built)) {
    if (mkdirSync(folder, { recursive: true })) await buildIn(folder, built, options, args);
    else await sleep(100);
  }
  return { out: join(built, 'dist'), data: join(built, 'data') };
}

/** Removes the folder if the site can't be built, so that who waits for it fails the same way. */
async function buildIn(
  folder: string,
  built: string,
  options: DocumentOptions,
  args: readonly string[],
): Promise<void> {
  const draft = join(folder, 'draft');
  const [data, out] = [join(draft, 'data'), join(draft, 'dist')];
  writeDocuments(data, buildDocuments(options));
  const { code, text } = await runBuild(['--data', data, '--out', out, ...args]);
  if (code === 0) return renameSync(draft, built);
  rmSync(folder, { recursive: true });
  throw new Error(`The build failed:\n${text}`);
}

/** Every file of a folder, as paths within it. */
export const listFiles = (folder: string): string[] =>
  (readdirSync(folder, { recursive: true }) as string[])
    .filter((path) => statSync(join(folder, path)).isFile())
    .map((path) => relative(folder, join(folder, path)));

/** The number that the text of a count or a score stands for; what is not known counts as 0. */
export const readCount = (text: string): number => Number(text.replaceAll(/[,+–]/g, ''));

export const readText = (site: BuiltSite, path: string) =>
  readFileSync(join(site.out, path), 'utf8');
