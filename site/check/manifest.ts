import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { documentPath } from '../../pipeline/published/paths.ts';
import type { SiteFiles } from './files.ts';
import { error, type Finding, firstOf } from './finding.ts';

const ROOT = 'api/v1/';
const manifestSchema = z.object({
  files: z.record(z.string(), z.object({ bytes: z.number(), sha256: z.string() })),
});

/** Whether the documents and tables of a site are those that its manifest lists, byte for byte. */
export function checkManifest(out: string, { sizes }: SiteFiles): Finding[] {
  const own = ROOT + documentPath('manifest');
  // Documents that were written by an earlier version have none.
  if (!sizes.has(own)) return [];
  const { files } = manifestSchema.parse(JSON.parse(readFileSync(join(out, own), 'utf8')));
  const differing = Object.entries(files).flatMap(([path, { bytes, sha256 }]) => {
    const isSame =
      sizes.get(ROOT + path) === bytes &&
      createHash('sha256')
        .update(readFileSync(join(out, ROOT + path)))
        .digest('hex') === sha256;
    return isSame ? [] : [fault(path, 'is not as the manifest says')];
  });
  const others = [...sizes.keys()]
    .filter((path) => path.startsWith(ROOT) && path !== own)
    .map((path) => path.slice(ROOT.length))
    .filter((path) => !Object.hasOwn(files, path));
  return [
    ...firstOf(differing, 'documents'),
    ...firstOf(
      others.map((path) => fault(path, 'is not in the manifest')),
      'documents',
    ),
  ];
}

const fault = (path: string, what: string) =>
  error(`${ROOT}${path} ${what}: run npm run report, and build again.`);
