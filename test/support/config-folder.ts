import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { ConfigError } from '../../pipeline/config/issue.ts';
import { readConfig } from '../../pipeline/config/load.ts';
import type { Config } from '../../pipeline/config/schema.ts';

/** Names with the text of files (`repos.yaml` is added unless given). */
export type Files = Readonly<Record<string, string | Uint8Array>>;

const REPOS = 'repositories: [a/b]\n';

/** Uses a folder of these files, and removes it. */
export function withFolder<T>(files: Files, use: (dir: string) => T): T {
  const dir = mkdtempSync(join(tmpdir(), 'config-'));
  try {
    for (const [name, text] of Object.entries({ 'repos.yaml': REPOS, ...files })) {
      writeFileSync(join(dir, name), text);
    }
    return use(dir);
  } finally {
    rmSync(dir, { recursive: true });
  }
}

/** The configuration of a folder that holds these files. */
export const readFiles = (files: Files): Config => withFolder(files, readConfig);

/** The printed issues of these files, with `config` as the name of the folder. */
export const problemsOf = (files: Files): string[] => withFolder(files, problemsIn);

/** The printed issues of the files of a folder, with `config` as its name. */
export function problemsIn(dir: string): string[] {
  try {
    readConfig(dir);
    return [];
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.message.replaceAll(dir, 'config').split('\n');
  }
}

/** An empty folder for the duration of a test. */
export function createFolder(): string {
  const dir = mkdtempSync(join(tmpdir(), 'config-'));
  onTestFinished(() => rmSync(dir, { recursive: true }));
  return dir;
}
