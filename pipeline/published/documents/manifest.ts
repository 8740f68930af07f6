import { z } from 'zod';
import { count, head } from './fields.ts';

/**
 * `manifest.json`: every file under `api/v1/` but itself. It is written last: who finds a file as it
 * says has a file of this run, whole.
 */
export const manifestSchema = z.strictObject({
  ...head,
  /** By path, relative to the manifest. */
  files: z.record(
    z.string(),
    z.strictObject({ bytes: count, sha256: z.string().regex(/^[0-9a-f]{64}$/) }),
  ),
});
export type Manifest = z.infer<typeof manifestSchema>;
