import '../../pipeline/runtime/node-guard.mjs';
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { buildSite } from '../../site/build.ts';
import { measure } from './measure.ts';
import type { StepCost } from './size.ts';

/**
 * One step of `size.ts`: builds the site of documents, or writes the pages of a built site again
 * by a plain loop, which is the least that it can take. Prints its cost as JSON.
 */

const [step, from = '', to = ''] = process.argv.slice(2);

function listFiles(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

const cost = step === 'build' ? await build() : await writePlainly();
console.log(JSON.stringify(cost));

/** The pages that were made, and the size of the whole site. */
async function build(): Promise<StepCost> {
  let [pages, bytes] = [0, 0];
  const took = await measure(async () => {
    ({ pages, bytes } = await buildSite({ data: from, out: to }));
  });
  return { ...took, memory: memory(), files: pages, megabytes: bytes / 1e6 };
}

async function writePlainly(): Promise<StepCost> {
  const pages = listFiles(from).filter((file) => file.endsWith('.html'));
  const texts = new Map(pages.map((file) => [file.slice(from.length), readFileSync(file)]));
  const took = await measure(async () => {
    for (const [path, text] of texts) {
      const file = join(to, path);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, text);
    }
  });
  const bytes = pages.reduce((sum, file) => sum + statSync(file).size, 0);
  return { ...took, memory: memory(), files: pages.length, megabytes: bytes / 1e6 };
}

function memory(): number {
  return process.resourceUsage().maxRSS / 1000;
}
