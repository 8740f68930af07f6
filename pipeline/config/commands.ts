import { UsageError } from '../util/usage-error.ts';
import { readConfig } from './load.ts';
import { findOutdatedSchemas, writeSchemaFiles } from './schema-files.ts';
import { summarizeConfig } from './summarize.ts';

/** Prints what the configuration holds; throws with every problem in it. */
export function checkConfig({ config }: { readonly config: string }): void {
  console.log(summarizeConfig(readConfig(config)));
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
    console.log(`Wrote ${writeSchemaFiles(dir).join(', ')} to ${dir}.`);
    return;
  }
  const outdated = findOutdatedSchemas(dir);
  if (outdated.length === 0) return;
  throw new UsageError(
    `Out of date in ${dir}: ${outdated.join(', ')}. Run \`npm run config:schema\` and commit.`,
  );
}
