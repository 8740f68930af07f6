import { readRenames } from '../../../db/queries/report/renames.ts';
import { renamesSchema } from '../../published/documents.ts';
import { documentPath, SAFE_LOGIN } from '../../published/paths.ts';
import type { Report } from './context.ts';

/** Writes which login a former one is now. */
export async function writeRenames({ db, head, folder }: Report): Promise<void> {
  const renames = await readRenames(db, SAFE_LOGIN);
  folder.write(documentPath('renames'), renamesSchema, { ...head, renames });
}
