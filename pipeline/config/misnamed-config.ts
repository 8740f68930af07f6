import { readdirSync } from 'node:fs';
import { basename, extname } from 'node:path';
import { nearest } from '../util/nearest.ts';
import type { ConfigProblem } from './config-error.ts';
import { CONFIG_NAMES } from './schema.ts';

/** What is meant by a file that looks like one of ours (`people.yml`, `repo.yaml`), or null. */
function meantBy(file: string): string | null {
  if (!/\.ya?ml$/i.test(file)) return null;
  const name = nearest(basename(file, extname(file)), CONFIG_NAMES);
  return name === null || `${name}.yaml` === file ? null : `${name}.yaml`;
}

/**
 * A file that is misnamed would be passed over without a word, and with it, say, an opt-out.
 * Files of other names are nobody's business.
 */
export function findMisnamedFiles(dir: string): ConfigProblem[] {
  return readdirSync(dir)
    .toSorted()
    .flatMap((file) => {
      const meant = meantBy(file);
      const message = `no file of this name is read; did you mean \`${meant}\`?`;
      return meant === null ? [] : [{ file: `${dir}/${file}`, line: 1, column: 1, message }];
    });
}
