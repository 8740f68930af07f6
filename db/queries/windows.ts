import { sql } from 'kysely';
import type { Gap } from '../../pipeline/domain/gaps.ts';
import type { TimeWindow } from '../../pipeline/domain/window.ts';
import type { Db } from '../client.ts';

export interface ReadWindow {
  readonly source: string;
  readonly repositoryIds: readonly number[];
  readonly window: TimeWindow;
  /** 0 to 1. */
  readonly completeness: number;
  readonly gaps: readonly Gap[];
}

/** Notes that a window was read. Reading it again replaces what was noted. */
export async function upsertWindows(trx: Db, read: ReadWindow): Promise<void> {
  await sql`
    INSERT INTO scrape_windows
      (repository_id, source, window_from, window_to, completeness, gaps)
    SELECT id, ${read.source}, ${read.window.from}, ${read.window.to}, ${read.completeness},
      ${JSON.stringify(read.gaps)}::jsonb
    FROM unnest(${read.repositoryIds}::bigint[]) AS t (id)
    ON CONFLICT (repository_id, source, window_from, window_to) DO UPDATE SET
      completeness = excluded.completeness, gaps = excluded.gaps
  `.execute(trx);
}
