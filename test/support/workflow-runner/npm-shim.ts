import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CLI, projectFolder } from '../run-command.ts';

/**
 * A folder for PATH with an `npm` that installs nothing, and runs the commands of the project as the
 * scripts of package.json do. `scripts` are scripts of bash that stand in for some of them.
 */
export function createNpm(folder: string, scripts: Readonly<Record<string, string>>): string {
  const bin = join(folder, 'bin');
  const standIns = join(folder, 'stand-ins');
  for (const dir of [bin, standIns]) mkdirSync(dir, { recursive: true });
  for (const [name, body] of Object.entries(scripts)) {
    writeExecutable(join(standIns, name), `#!/usr/bin/env bash\nset -euo pipefail\n${body}\n`);
  }
  writeExecutable(join(bin, 'cli'), cliScript());
  writeExecutable(join(bin, 'npm'), npmScript(standIns, join(bin, 'cli')));
  writeExecutable(join(bin, 'node'), nodeScript());
  return bin;
}

function writeExecutable(path: string, text: string): void {
  writeFileSync(path, text);
  chmodSync(path, 0o755);
}

const quote = (word: string) => `'${word.replaceAll("'", String.raw`'\''`)}'`;

const cliScript = () => `#!/usr/bin/env bash
exec ${[process.execPath, ...CLI].map(quote).join(' ')} "$@"
`;

/** `node`, which starts a command of the project as `npm run` does. */
const nodeScript = () => `#!/usr/bin/env bash
if [ "$1 $2 $3" = '--import ./pipeline/runtime/node-guard.mjs pipeline/cli.ts' ]; then
  name=$4
  shift 4
  exec npm run "$name" -- "$@"
fi
exec ${quote(process.execPath)} "$@"
`;

const npmScript = (standIns: string, cli: string) => `#!/usr/bin/env bash
if [ "$1" = ci ]; then echo "installed: $*"; exit 0; fi
if [ "$1" != run ]; then echo "unexpected: npm $*" >&2; exit 9; fi
name=$2
shift 2
if [ "\${1:-}" = -- ]; then shift; fi
export CLI=${quote(cli)}
# Astro finds its packages from the folder that it is started in.
if [ "$name" = site:build ]; then
  set -- --data "$PWD/site/data" --out "$PWD/site/dist" "$@"
  if [ ! -x ${quote(standIns)}/"$name" ]; then cd ${quote(projectFolder)}; fi
fi
if [ -x ${quote(standIns)}/"$name" ]; then exec ${quote(standIns)}/"$name" "$@"; fi
exec "$CLI" "$name" "$@"
`;
