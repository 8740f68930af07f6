import '../../pipeline/runtime/node-guard.mjs';
import { parseArgs } from 'node:util';
import { benchArchive } from './archive.ts';
import { benchBoard } from './board.ts';
import { benchDatabase } from './database.ts';
import { benchGithub, benchNights } from './github.ts';
import { benchSizes, SIZES, type SizeName } from './size.ts';

/**
 * All measurements in one run, or those that are named: `npm run bench -- size --sizes S,M`, and
 * against another commit (`--against HEAD~1`). Ratios count; the absolute numbers are this machine's.
 */
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    sizes: { type: 'string', default: SIZES.join(',') },
    /** A commit whose code is measured, too. */
    against: { type: 'string' },
  },
});

const PARTS: Readonly<Record<string, () => Promise<void>>> = {
  archive: benchArchive,
  board: benchBoard,
  database: benchDatabase,
  github: benchGithub,
  nights: benchNights,
  size: () => benchSizes(values.sizes.split(',').filter(isSize), values.against ?? null),
};

function isSize(name: string): name is SizeName {
  if ((SIZES as readonly string[]).includes(name)) return true;
  throw new Error(`there is no size ${name}: ${SIZES.join(', ')}`);
}

const chosen = positionals.length > 0 ? positionals : Object.keys(PARTS);
for (const name of chosen) {
  const part = PARTS[name];
  if (!part) throw new Error(`there is no measurement ${name}: ${Object.keys(PARTS).join(', ')}`);
  await part();
}
