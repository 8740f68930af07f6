import './runtime/node-guard.ts';
import { findOutdatedSchemas, writeSchemaFiles } from './config/schema-files.ts';
import { createConfigCommand, parseCommand } from './runtime/command.ts';
import { runMain } from './runtime/main.ts';
import { UsageError } from './util/usage-error.ts';

const command = createConfigCommand(
  'config:schema',
  'Writes the JSON Schemas of config/*.yaml, which editors use.',
).option('--check', 'write nothing; fail if a schema is out of date');

/** Writes the schemas beside the configuration, or with `--check` tells whether they are current. */
await runMain(async () => {
  const { config, check = false } = parseCommand<{ config: string; check?: boolean }>(command);
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
});
