import type { Checkpoint, JobCounts } from '../../../db/queries/jobs.ts';
import { type BotRules, isBot } from '../../domain/bots.ts';
import type { Gap } from '../../domain/gaps.ts';
import type { SourceBatch } from '../../domain/source.ts';
import type { Written } from './write-items.ts';

const NOTHING: JobCounts = {
  events: 0,
  kept: 0,
  users: 0,
  bots: 0,
  renamed: 0,
  skipped: {},
  noticed: {},
};

/** What the batches of one job brought, all together. */
export interface Tally {
  readonly gaps: Gap[];
  /** Repositories that could not be read: nothing is known of them. */
  readonly unavailable: Set<number>;
  /** Repositories that were not read to the end, with the reason. */
  readonly stopped: Map<number, string>;
  add(batch: SourceBatch, written: Written): void;
  counts(): JobCounts;
  /** What it cost of GitHub's allowance; nothing for a source that asks elsewhere. */
  usage(): { points?: number; requests?: number };
}

/**
 * Adds up what the batches of one job brought, on top of what it had brought at its checkpoint.
 * Who was seen before and after that counts as two in `users` and `bots`.
 */
export function createTally(bots: BotRules, before: Checkpoint | null): Tally {
  const users = new Set<number>();
  const botIds = new Set<number>();
  const base = before?.counts ?? NOTHING;
  const sums = { events: base.events, kept: base.kept, renamed: base.renamed };
  const skipped = { ...base.skipped };
  const noticed = { ...base.noticed };
  const gaps = [...(before?.gaps ?? [])];
  const unavailable = new Set<number>();
  const stopped = new Map<number, string>();
  const spent: { points?: number; requests?: number } = {};
  return {
    gaps,
    unavailable,
    stopped,
    add(batch, { renamed, refused }) {
      for (const sighting of batch.sightings) {
        users.add(sighting.id);
        if (isBot(sighting, bots)) botIds.add(sighting.id);
      }
      gaps.push(...batch.gaps);
      for (const { repositoryId } of batch.unavailable ?? []) unavailable.add(repositoryId);
      for (const { repositoryId, reason } of batch.stopped ?? []) stopped.set(repositoryId, reason);
      for (const { points, requests } of batch.usage ?? []) {
        spent.points = (spent.points ?? 0) + points;
        spent.requests = (spent.requests ?? 0) + requests;
      }
      sums.events += batch.read;
      // An archive's event may have brought more than one contribution.
      sums.kept += Math.max(batch.kept - refused, 0);
      sums.renamed += renamed;
      addCounts(skipped, batch.skipped);
      if (refused > 0) addCounts(skipped, { constraint: refused });
      addCounts(noticed, batch.noticed);
    },
    usage: () => spent,
    counts: () => ({
      ...sums,
      users: base.users + users.size,
      bots: base.bots + botIds.size,
      skipped,
      noticed,
    }),
  };
}

function addCounts(sums: Record<string, number>, counts: Readonly<Record<string, number>>): void {
  for (const [reason, count] of Object.entries(counts)) sums[reason] = (sums[reason] ?? 0) + count;
}
