import { type Manifest, manifestSchema } from '../../published/documents.ts';
import { documentPath } from '../../published/paths.ts';
import type { Report } from './context.ts';

/** Lists every file that was written, by path, so that a reader can tell whether one is whole. */
export function writeManifest({ head, folder }: Report): void {
  const files = [...folder.files].sort(([a], [b]) => (a < b ? -1 : 1));
  const document: Manifest = { ...head, files: Object.fromEntries(files) };
  folder.write(documentPath('manifest'), manifestSchema, document);
}
