import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectFolder } from './run-command.ts';

/** A package as `package-lock.json` has it. */
export interface LockedPackage {
  /** `node_modules/…` */
  readonly path: string;
  readonly name: string;
  readonly version: string;
  readonly integrity?: string;
  readonly license?: string;
  /** Needed by nothing but development. */
  readonly dev?: boolean;
  readonly hasInstallScript?: boolean;
}

export function readJson(file: string) {
  return JSON.parse(readFileSync(join(projectFolder, file), 'utf8'));
}

/** Every package of the lockfile but our own. */
export function readLockfile(): LockedPackage[] {
  const { packages } = readJson('package-lock.json');
  return Object.entries<Omit<LockedPackage, 'path'>>(packages)
    .filter(([path]) => path !== '')
    .map(([path, entry]) => {
      // Only a package with another name than its folder has one.
      const name = entry.name ?? path.slice(path.lastIndexOf('node_modules/') + 13);
      return { ...entry, path, name };
    });
}
