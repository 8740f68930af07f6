import { type NewJob, queueRechecks } from '../../../db/queries/job-queue.ts';
import { type Look, readLooks } from '../../../db/queries/looks.ts';
import type { SourceName } from '../../domain/source.ts';
import { type DiscoveryContext, isStale } from './index.ts';

export interface RecheckRules {
  /** In this time all is looked at again. */
  readonly days: number;
  /** The lists that each source can look at. */
  readonly lists: Readonly<Partial<Record<SourceName, readonly string[]>>>;
}

/**
 * Queues the jobs that look at the past again. They come after all others of the night and have what
 * these leave of the rate limit.
 */
export async function planRechecks(
  { db, log, runId, rules, only, rechecks }: DiscoveryContext,
  jobs: readonly NewJob[],
): Promise<void> {
  // A user who names what to read wants that, and nothing else.
  if (!rechecks || only !== null || rules.from !== null || rules.jobType !== null) return;
  const { now } = rules;
  for (const [source, lists] of Object.entries(rechecks.lists)) {
    const looks = await readLooks(db, lists);
    const isRead = new Set(jobs.filter(isFull).flatMap(({ repositoryIds }) => repositoryIds));
    const due = dueLooks(looks, now, rechecks.days).filter(
      (look) => !isRead.has(look.repositoryId),
    );
    const planned = jobsOf(source, due, now);
    await db.transaction().execute((trx) => queueRechecks(trx, runId, planned));
    if (due.length > 0) log.info({ source, lists: due.length }, 'the past is looked at again');
  }
}

const isFull = ({ jobType }: NewJob) => jobType === 'full';

/**
 * The lists to look at again tonight, oldest look first: one in `days` of all, so that a night costs
 * as much as another; and all whose look is older than that. None that was looked at today.
 */
export function dueLooks(looks: readonly Look[], now: Date, days: number): Look[] {
  const share = Math.ceil(looks.length / days);
  const isOverdue = ({ lookedAt }: Look) => lookedAt !== null && isStale(lookedAt, now, 24 * days);
  return looks.filter(
    (look, place) => isStale(look.lookedAt, now, 24) && (place < share || isOverdue(look)),
  );
}

/** One job of each repository, in the order of their oldest looks. */
function jobsOf(source: string, looks: readonly Look[], now: Date): NewJob[] {
  const byRepository = Map.groupBy(looks, ({ repositoryId }) => repositoryId);
  return [...byRepository].map(([id, own]) => ({
    source,
    jobType: 'recheck',
    repositoryIds: [id],
    lists: own.map(({ list }) => list),
    from: own[0]?.knownFrom ?? now,
    to: now,
  }));
}
