import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { rolldown } from 'rolldown';
import { fileOf, PACKED } from './packed-packages.ts';
import { projectFolder } from './run-command.ts';

/** Packs the packages for started commands. Their folder stands in the environment, where they see it. */
export async function packPackages(): Promise<void> {
  const folder = join(projectFolder, 'node_modules/.cache', `packed-${keyOfPacked()}`);
  if (!existsSync(folder)) await makePacked(folder);
  process.env.PACKED_PACKAGES = folder;
}

/** Other versions, or other packages, are packed anew. */
function keyOfPacked(): string {
  const locked = readFileSync(join(projectFolder, 'package-lock.json'));
  return createHash('sha256').update(locked).update(PACKED.join()).digest('hex').slice(0, 16);
}

/** The folder appears when it is complete. Another run of tests may have made it meanwhile. */
async function makePacked(folder: string): Promise<void> {
  await mkdir(dirname(folder), { recursive: true });
  const draft = await mkdtemp(`${folder}-`);
  const entries = await Promise.all(
    PACKED.map(async (name) => [fileOf(name), await writeEntry(draft, name)] as const),
  );
  const packed = await rolldown({
    input: Object.fromEntries(entries),
    platform: 'node',
    external: ['pg-native'],
    logLevel: 'silent',
  });
  await packed.write({ dir: draft, entryFileNames: '[name]' });
  await rename(draft, folder).catch(() => rm(draft, { recursive: true }));
}

/** A module that names all that a package exports: of a CommonJS package only Node knows them. */
async function writeEntry(folder: string, name: string): Promise<string> {
  const names = Object.keys(await import(name)).filter((key) => key !== 'module.exports');
  const file = join(folder, `entry-${fileOf(name)}`);
  await writeFile(file, `export { ${names.join(', ')} } from '${name}';\n`);
  return file;
}
