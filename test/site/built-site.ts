import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { promisify } from 'node:util';
import { buildDocuments, type DocumentOptions, writeDocuments } from '../support/documents.ts';
import { CLI } from '../support/run-command.ts';

/** A site built from invented documents in a folder of its own, by the command people use. */
export interface BuiltSite {
  readonly out: string;
  readonly data: string;
  remove(): void;
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

export async function buildInvented(
  options: DocumentOptions = {},
  args: readonly string[] = [],
): Promise<BuiltSite> {
  const folder = mkdtempSync(join(tmpdir(), 'site-test-'));
  const [data, out] = [join(folder, 'data'), join(folder, 'dist')];
  writeDocuments(data, buildDocuments(options));
  const { code, text } = await runBuild(['--data', data, '--out', out, ...args]);
  if (code !== 0) throw new Error(`The build failed:\n${text}`);
  return { out, data, remove: () => rmSync(folder, { recursive: true, force: true }) };
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
