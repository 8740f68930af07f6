import { sql } from 'kysely';
import type { KindWeight } from '../../pipeline/domain/weights.ts';
import type { Db } from '../client.ts';

export interface VersionedWeights {
  readonly version: string;
  readonly weights: readonly KindWeight[];
}

/** Stores a version of the weights. A version never changes, so existing rows stay. */
export async function upsertWeights(db: Db, { version, weights }: VersionedWeights): Promise<void> {
  const rows = weights.map((weight) => ({
    version,
    kind: weight.kind,
    points: weight.points,
    counts_lines: weight.countsLines,
    points_per_line_added: weight.pointsPerLineAdded,
    points_per_line_deleted: weight.pointsPerLineDeleted,
    line_cap: weight.lineCap,
    is_current: false,
  }));
  await db
    .insertInto('scoring_weights')
    .values(rows)
    .onConflict((conflict) => conflict.columns(['version', 'kind']).doNothing())
    .execute();
}

/** Makes a stored version the only current one. */
export async function activateWeights(db: Db, version: string): Promise<void> {
  await sql`
    UPDATE scoring_weights SET is_current = (version = ${version})
    WHERE is_current <> (version = ${version})
  `.execute(db);
}

/** The current weights; null before the first calculation. */
export async function readCurrentWeights(db: Db): Promise<VersionedWeights | null> {
  const rows = await db
    .selectFrom('scoring_weights')
    .where('is_current', '=', true)
    .select(['version', 'kind', 'points', 'counts_lines as countsLines'])
    .select('points_per_line_added as pointsPerLineAdded')
    .select('points_per_line_deleted as pointsPerLineDeleted')
    .select('line_cap as lineCap')
    .execute();
  const [first] = rows;
  if (!first) return null;
  return { version: first.version, weights: rows.map(({ version: _, ...weight }) => weight) };
}
