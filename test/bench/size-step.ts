import '../../pipeline/runtime/node-guard.mjs';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { openDatabase } from '../../db/client.ts';
import { migrate } from '../../db/migrate.ts';
import { calculate } from '../../pipeline/stages/calculate/index.ts';
import { previewPublished } from '../../pipeline/stages/preview/index.ts';
import { report } from '../../pipeline/stages/report/index.ts';
import { configOf, NOW, quiet } from '../support/community.ts';
import { fillShape } from '../support/fill-shape.ts';
import { previewUnchanged } from '../support/preview-community.ts';
import { SHAPES } from '../support/real-shape.ts';
import { measure } from './measure.ts';
import type { SizeName, Step, StepCost } from './size.ts';

/** One step of `size.ts`: prints its cost as JSON. */

const [step, size, folder] = process.argv.slice(2) as [Step, SizeName, string];
const out = join(folder, 'out');
const db = await openDatabase(join(folder, 'database'));
await migrate(db);
const context = { db, config: configOf(), now: NOW, log: quiet };

/** A comment counts for more; nothing else changes. */
const changed = {
  ...configOf({ weights: { base_points: { COMMENT: 4 } } }),
  ...(step === 'preview' && { repositories: await checkPreview() }),
};

const STEPS: Readonly<Record<Step, () => Promise<unknown>>> = {
  fill: () => fillShape(db, SHAPES[size], NOW),
  calculate: () => calculate(context),
  report: () => report({ ...context, out, sample: false }),
  preview: () =>
    previewPublished(out, changed, { signal: new AbortController().signal, lookUp: null }),
};

const cost = await measure(STEPS[step]);
const files = step === 'report' ? sizesOf(out) : [];
await db.destroy();
const result: StepCost = {
  ...cost,
  memory: process.resourceUsage().maxRSS / 1000,
  files: files.length,
  megabytes: files.reduce((sum, bytes) => sum + bytes, 0) / 1e6,
};
console.log(JSON.stringify(result));

/** The repositories that were published. @throws if an unchanged configuration changes a rank or a score */
async function checkPreview() {
  const { published, previewed, wanted } = await previewUnchanged(out);
  if (published.join('\n') !== previewed.join('\n'))
    throw new Error('the preview of an unchanged configuration is not what was published');
  return wanted;
}

function sizesOf(path: string): number[] {
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => statSync(join(entry.parentPath, entry.name)).size);
}
