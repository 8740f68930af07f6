import { sql } from 'kysely';
import {
  completenessOf,
  type Gap,
  ID_LEARNED_LATE,
  mergeScrapedWindows,
  partBefore,
  type ScrapedWindow,
} from '../../pipeline/domain/gaps.ts';
import { latestMark } from '../../pipeline/domain/plan-window.ts';
import { jsonWithoutSecrets } from '../../pipeline/util/secrets.ts';
import type { Db } from '../client.ts';
import type { StoredGap } from '../schema.ts';
import { markReadByName } from './repository-ids.ts';

/**
 * Stores the window that a job has read. It counts as not read for the repositories whose id was
 * learned too late in it; returns those.
 */
export async function recordJobWindow(
  trx: Db,
  job: { readonly id: number; readonly source: string },
  repositoryIds: readonly number[],
  { window, gaps }: ScrapedWindow,
): Promise<number[]> {
  const { source } = job;
  await lockForWindow(trx, repositoryIds);
  const unread = await trx
    .selectFrom('scrape_jobs')
    .select('unread_repository_ids as ids')
    .where('id', '=', job.id)
    .executeTakeFirst();
  const late = repositoryIds.filter((id) => unread?.ids.includes(id));
  const read = repositoryIds.filter((id) => !late.includes(id));
  await recordScrapedWindow(trx, { source, repositoryIds: read, window, gaps });
  const nothing = { window, gaps: [{ ...window, reason: ID_LEARNED_LATE }] };
  await recordScrapedWindow(trx, { source, repositoryIds: late, ...nothing });
  await markReadByName(trx, source, read);
  return late;
}

/** Workers that finish jobs of the same repositories wait for each other here. */
async function lockForWindow(trx: Db, repositoryIds: readonly number[]): Promise<void> {
  await sql`
    SELECT FROM repositories WHERE id = ANY(${repositoryIds}::bigint[])
    ORDER BY id FOR NO KEY UPDATE
  `.execute(trx);
}

/**
 * Stores that a source read a window of some repositories, merged with the windows that are stored
 * already: one row for each interval, however many nights it took to read. Until the transaction
 * ends, other workers wait before they finish a job of these repositories. No window is stored, and
 * none stays, that ends beyond the clock of this machine: what happens until then would count as read.
 */
export async function recordScrapedWindow(
  trx: Db,
  given: ScrapedWindow & {
    readonly source: string;
    readonly repositoryIds: readonly number[];
  },
): Promise<void> {
  const { source, repositoryIds } = given;
  const clock = new Date();
  const scraped = partBefore(given, clock);
  if (repositoryIds.length === 0 || scraped === null) return;
  await lockForWindow(trx, repositoryIds);
  const before = await takeScrapedWindows(trx, source, repositoryIds, latestMark(clock));
  // Most repositories of a job were always read together: equal windows are merged once.
  const alike = Map.groupBy(repositoryIds, (id) => JSON.stringify(before.get(id)));
  const rows = [...alike.values()].flatMap((ids) => {
    const merged = mergeScrapedWindows([...(before.get(ids[0] ?? 0) ?? []), scraped]);
    return ids.flatMap((id) => merged.map((one) => ({ id, ...one })));
  });
  await sql`
    INSERT INTO scrape_windows
      (repository_id, source, window_from, window_to, completeness, gaps)
    SELECT id, ${source}, window_from, window_to, completeness, gaps FROM unnest(
      ${rows.map(({ id }) => id)}::bigint[],
      ${rows.map(({ window }) => window.from.toISOString())}::timestamptz[],
      ${rows.map(({ window }) => window.to.toISOString())}::timestamptz[],
      ${rows.map(({ window, gaps }) => completenessOf(window, gaps))}::numeric[],
      ${rows.map(({ gaps }) => jsonWithoutSecrets(gaps))}::jsonb[]
    ) AS t (id, window_from, window_to, completeness, gaps)
  `.execute(trx);
}

/**
 * Deletes the stored windows of some repositories and returns them by repository, without those
 * that end after `until`.
 */
async function takeScrapedWindows(
  trx: Db,
  source: string,
  repositoryIds: readonly number[],
  until: Date,
): Promise<Map<number, ScrapedWindow[]>> {
  const rows = await trx
    .deleteFrom('scrape_windows')
    .where('source', '=', source)
    .where(sql<boolean>`repository_id = ANY(${repositoryIds}::bigint[])`)
    .returning(['repository_id', 'window_from as from', 'window_to as to', 'gaps'])
    .execute();
  const believed = rows.filter(({ to }) => to <= until);
  const byRepository = Map.groupBy(believed, (row) => row.repository_id);
  return new Map(
    [...byRepository].map(([id, own]) => [
      id,
      own.map(({ from, to, gaps }) => ({ window: { from, to }, gaps: gaps.map(toGap) })),
    ]),
  );
}

/** A stored gap with its moments as dates. */
export function toGap(gap: StoredGap): Gap {
  return { ...gap, from: new Date(gap.from), to: new Date(gap.to) };
}

/** Where what is known of a repository begins; null: nothing was read. */
export async function readFirstWindowStart(db: Db, repositoryId: number): Promise<Date | null> {
  const { first } = await db
    .selectFrom('scrape_windows')
    .select(({ fn }) => fn.min('window_from').as('first'))
    .where('repository_id', '=', repositoryId)
    .executeTakeFirstOrThrow();
  return first;
}

/** Whether anything was ever read, or queued to be read, from the sample or from another source. */
export async function holdsDataOf(db: Db, kind: 'sample' | 'real sources'): Promise<boolean> {
  const find = (table: 'scrape_jobs' | 'scrape_windows') =>
    db
      .selectFrom(table)
      .select('source')
      .where('source', kind === 'sample' ? '=' : '<>', 'sample')
      .limit(1)
      .executeTakeFirst();
  // Windows outlast their jobs, which maintenance deletes.
  const row = (await find('scrape_jobs')) ?? (await find('scrape_windows'));
  return row !== undefined;
}
