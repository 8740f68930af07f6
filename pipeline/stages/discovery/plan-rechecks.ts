import type { Db } from '../../../db/client.ts';
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
  context: DiscoveryContext,
  jobs: readonly NewJob[],
): Promise<void> {
  const { db, log, runId, rechecks } = context;
  for (const source of Object.keys(rechecks?.lists ?? {}) as SourceName[]) {
    const planned = await rechecksOf(db, source, context, jobs);
    await db.transaction().execute((trx) => queueRechecks(trx, runId, planned));
    const lists = planned.flatMap((job) => job.lists).length;
    if (lists > 0) log.info({ source, lists }, 'the past is looked at again');
  }
}

/** The jobs of a source that look at the past again, beside the other ones of the night. */
export async function rechecksOf(
  db: Db,
  source: SourceName,
  { rules, only, rechecks }: Pick<DiscoveryContext, 'rules' | 'only' | 'rechecks'>,
  jobs: readonly NewJob[],
): Promise<NewJob[]> {
  const lists = rechecks?.lists[source];
  // A user who names what to read wants that, and nothing else.
  if (!rechecks || !lists || only !== null || rules.from !== null || rules.jobType !== null) {
    return [];
  }
  const looks = await readLooks(db, lists);
  const isRead = new Set(jobs.filter(isFull).flatMap(({ repositoryIds }) => repositoryIds));
  const due = dueLooks(looks, rules.now, rechecks.days);
  const wanted = due.filter((look) => !isRead.has(look.repositoryId));
  return jobsOf(source, wanted, rules.now);
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
