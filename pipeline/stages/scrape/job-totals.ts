import type { Checkpoint, JobCounts } from '../../../db/queries/jobs.ts';
import { type BotRules, isBot } from '../../domain/bots.ts';
import { SourceError } from '../../domain/error-class.ts';
import type { Gap } from '../../domain/gaps.ts';
import type { RepositoryRead, RepositoryUpdate, SourceBatch } from '../../domain/source.ts';
import type { SaveResult } from './save-contributions.ts';
import type { UpdateResult } from './save-updates.ts';

const NOTHING: JobCounts = {
  events: 0,
  kept: 0,
  users: 0,
  bots: 0,
  renamed: 0,
  skipped: {},
  noticed: {},
};

/** Of the items of a job, this share may be unreadable or refused by the database and put aside, */
const REFUSED_SHARE = 0.01;
/** but always up to this number, since a few bad items are a large share of a small job, */
const FEWEST_ALLOWED = 10;
/** and never more: then it is not the items that are wrong. */
const MOST_ALLOWED = 100;

/** Too many items of a job were refused: nothing of its window may count as read. */
export class TooManyRefusedError extends SourceError {
  override readonly name = 'TooManyRefusedError';
  constructor(refused: number, items: number, allowed: number) {
    super(
      'constraint',
      `${refused} of ${items} items could not be stored, and at most ${allowed} may be put aside: ` +
        'the window does not count as read; the reasons are in dashboard/errors.json',
    );
  }
}

/**
 * Throws `TooManyRefusedError` if more items were refused than may be put aside. While a job is
 * being read its items are not counted yet, so that only the highest bound applies.
 */
export function requireFewRefused(
  { kept, skipped }: Pick<JobCounts, 'kept' | 'skipped'>,
  isRead: boolean,
): void {
  const refused = skipped.constraint ?? 0;
  const items = kept + refused;
  const share = Math.max(FEWEST_ALLOWED, Math.floor(items * REFUSED_SHARE));
  const allowed = isRead ? Math.min(share, MOST_ALLOWED) : MOST_ALLOWED;
  if (refused > allowed) throw new TooManyRefusedError(refused, items, allowed);
}

/** The sums over the batches of one job. */
export interface JobTotals {
  readonly gaps: Gap[];
  /** Repositories of which nothing could be read. */
  readonly unavailable: Set<number>;
  /** Repositories that were not read to the end, with the reason. */
  readonly stopped: Map<number, string>;
  /** Repositories that were read to the end by what was seen of them before. */
  readonly reads: RepositoryRead[];
  /** Lists that are to be looked at again this night, by repository. */
  readonly doubted: Map<number, readonly string[]>;
  add(batch: SourceBatch, written: SaveResult, updated: UpdateResult): void;
  /** Adds contributions that are gone from GitHub: they explain a fall of what is published. */
  addDeleted(deleted: number): void;
  counts(): JobCounts;
  /** The job's share of GitHub's rate allowance; empty for the other sources. */
  usage(): { points?: number; requests?: number };
}

/** What the updates of a job say of its repositories. */
function createRepositoryTotals() {
  const unavailable = new Set<number>();
  const stopped = new Map<number, string>();
  const reads: RepositoryRead[] = [];
  const doubted = new Map<number, readonly string[]>();
  const spent: { points?: number; requests?: number } = {};
  const addUpdate = (update: RepositoryUpdate) => {
    if (update.type === 'unavailable') unavailable.add(update.repositoryId);
    if (update.type === 'stopped') stopped.set(update.repositoryId, update.reason);
    if (update.type === 'read') reads.push(update);
    if (update.type === 'doubted') doubted.set(update.repositoryId, update.lists);
    if (update.type !== 'usage') return;
    spent.points = (spent.points ?? 0) + update.usage.points;
    spent.requests = (spent.requests ?? 0) + update.usage.requests;
  };
  return { unavailable, stopped, reads, doubted, spent, addUpdate };
}

/**
 * Adds up the batches of one job, on top of the counts at its checkpoint. An account that is seen
 * before and after the checkpoint counts twice in `users` and `bots`.
 */
export function createJobTotals(bots: BotRules, before: Checkpoint | null): JobTotals {
  const users = new Set<number>();
  const botIds = new Set<number>();
  const base = before?.counts ?? NOTHING;
  const sums = { events: base.events, kept: base.kept, renamed: base.renamed };
  const skipped = { ...base.skipped };
  const warnings = { ...base.noticed };
  const gaps = [...(before?.gaps ?? [])];
  const { addUpdate, spent, ...byRepository } = createRepositoryTotals();
  const addDeleted = (deleted: number) => {
    if (deleted > 0) addCounts(warnings, { deleted });
  };
  return {
    gaps,
    ...byRepository,
    add(batch, { renamed, refused }, { metadataRefused, deleted, replaced }) {
      for (const observation of batch.observations) {
        users.add(observation.id);
        if (isBot(observation, bots)) botIds.add(observation.id);
      }
      gaps.push(...batch.gaps);
      for (const update of batch.updates ?? []) addUpdate(update);
      sums.events += batch.read;
      // Contributions, as everywhere: an event of the archive may have given several.
      sums.kept += batch.contributions.length - refused;
      sums.renamed += renamed;
      addCounts(skipped, batch.skipped);
      if (refused > 0) addCounts(skipped, { constraint: refused });
      addCounts(warnings, batch.warnings);
      addDeleted(deleted);
      if (replaced > 0) addCounts(warnings, { replaced });
      if (metadataRefused > 0) addCounts(warnings, { metadata_refused: metadataRefused });
    },
    addDeleted,
    usage: () => spent,
    counts: () => ({
      ...sums,
      users: base.users + users.size,
      bots: base.bots + botIds.size,
      skipped,
      noticed: warnings,
    }),
  };
}

function addCounts(sums: Record<string, number>, counts: Readonly<Record<string, number>>): void {
  for (const [reason, count] of Object.entries(counts)) sums[reason] = (sums[reason] ?? 0) + count;
}
