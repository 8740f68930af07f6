import type { AccountType, Contribution } from '../domain/contribution.ts';
import type { TimeWindow } from '../domain/window.ts';

/** The one signature of every source: a request in, batches of contributions out. */

export const SOURCE_NAMES = ['github', 'bigquery', 'gharchive', 'sample'] as const;

export type SourceName = (typeof SOURCE_NAMES)[number];

export interface TrackedRepository {
  /** Our id (`repositories.id`). */
  readonly id: number;
  readonly owner: string;
  readonly name: string;
  /** GitHub's numeric id where GitHub's API told it; it survives a rename. */
  readonly githubId: number | null;
  /** As configured or known; null means `main` or `master`. */
  readonly defaultBranch: string | null;
}

export interface SourceRequest {
  readonly repositories: readonly TrackedRepository[];
  readonly window: TimeWindow;
  /** Aborts network calls and waits; the source stops at the next safe point. */
  readonly signal: AbortSignal;
  /** The clock of the run. */
  readonly now: Date;
  /** Contributors in a batch, about. */
  readonly batchSize: number;
  readonly onProgress: (progress: SourceProgress) => void;
}

/** How far the reading has come. */
export interface SourceProgress {
  /** Files, or pages where they are known. */
  readonly done: number;
  readonly total: number | null;
  /** Raw bytes read so far. */
  readonly bytes: number;
  /** Events kept so far. */
  readonly kept: number;
}

/** An account as last seen under a login: the raw material of the rename rule. */
export interface Sighting {
  readonly id: number;
  readonly login: string;
  readonly type: AccountType | null;
  readonly firstSeenAt: Date;
  readonly lastSeenAt: Date;
}

/** A stretch of the window that could not be read, and why. */
export interface Gap {
  readonly from: Date;
  readonly to: Date;
  readonly reason: string;
}

/** What one batch of reading gave. Batches are committed as they come, each by itself. */
export interface SourceBatch {
  readonly contributions: readonly Contribution[];
  readonly sightings: readonly Sighting[];
  readonly gaps: readonly Gap[];
  /** Events read for the tracked repositories; read = kept + the sum of `skipped`. */
  readonly read: number;
  readonly kept: number;
  /** Events passed over, by reason. */
  readonly skipped: Readonly<Record<string, number>>;
  /** Things that are wrong with the input but lose no event (a foreign hour, a second gzip member). */
  readonly noticed: Readonly<Record<string, number>>;
}

export type ReadSource = (request: SourceRequest) => AsyncIterable<SourceBatch>;
