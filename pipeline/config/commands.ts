import { print } from '../util/printable.ts';
import { UsageError } from '../util/usage-error.ts';
import { findOutdatedSchemas, writeSchemaFiles } from './json-schema.ts';
import { readConfig } from './load.ts';
import type { Config } from './schema.ts';

/** `1 repository`, `2 repositories`. */
function count(number: number, one: string, many: string): string {
  return `${number} ${number === 1 ? one : many}`;
}

/** What a valid configuration holds, in one line: it shows that the right files were read. */
export function summarizeConfig({ repositories, organisations, pipeline, people }: Config): string {
  const parts = [
    count(repositories.length, 'repository', 'repositories'),
    ...(organisations.length > 0
      ? [count(organisations.length, 'organisation', 'organisations')]
      : []),
    `${pipeline.sources.length === 1 ? 'source' : 'sources'} ${pipeline.sources.join(', ')}`,
    count(people.opt_out.length, 'opt-out', 'opt-outs'),
    count(people.aliases.length, 'alias', 'aliases'),
  ];
  return `config is valid: ${parts.join(', ')}`;
}

/** Prints what the configuration holds; throws with every problem in it. */
export function checkConfig({ config }: { readonly config: string }): void {
  print(summarizeConfig(readConfig(config)));
}

/** Writes the JSON Schemas beside the configuration; with `check`, throws if one is out of date. */
export function writeSchemas({
  config,
  check = false,
}: {
  readonly config: string;
  readonly check?: boolean;
}): void {
  const dir = `${config}/schema`;
  if (!check) {
    print(`Wrote ${writeSchemaFiles(dir).join(', ')} to ${dir}.`);
    return;
  }
  const outdated = findOutdatedSchemas(dir);
  if (outdated.length === 0) return;
  throw new UsageError(
    `Out of date in ${dir}: ${outdated.join(', ')}. Run \`npm run config:schema\` and commit.`,
  );
}
