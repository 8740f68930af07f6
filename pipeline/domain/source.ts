import type { Contribution } from './contribution.ts';
import type { Gap } from './gaps.ts';
import type { RepositoryMetadata } from './repository.ts';
import type { Sighting } from './sighting.ts';
import type { TimeWindow } from './window.ts';

/** The one signature of every source: a request in, batches of contributions out. */

/** What the product must know of a source that it has not loaded. */
interface SourceTraits {
  /** One reading of a window serves all repositories; else each repository is read by itself. */
  readonly sharesWindows: boolean;
  /** Reads GH Archive, and knows no more than what that holds: see `domain/coverage.ts`. */
  readonly isArchive: boolean;
}

/** Every source, by name. `pipeline/sources/registry.ts` loads them. */
export const SOURCE_TRAITS = {
  github: { sharesWindows: false, isArchive: false },
  bigquery: { sharesWindows: true, isArchive: true },
  gharchive: { sharesWindows: true, isArchive: true },
  sample: { sharesWindows: true, isArchive: false },
} as const satisfies Readonly<Record<string, SourceTraits>>;

export type SourceName = keyof typeof SOURCE_TRAITS;

export const SOURCE_NAMES = Object.keys(SOURCE_TRAITS) as SourceName[];

export interface TrackedRepository {
  /** Our id (`repositories.id`). */
  readonly id: number;
  readonly owner: string;
  readonly name: string;
  /** GitHub's numeric id where GitHub's API told it; it survives a rename. */
  readonly githubId: number | null;
  /** As configured or known; null means `main` or `master`. */
  readonly defaultBranch: string | null;
  /** As configured only: GitHub's own default may have been renamed since it was known. */
  readonly configuredBranch?: string | null;
  /** Nothing before it is read again. */
  readonly neverRescrapeBefore?: Date | null;
}

export interface SourceRequest {
  /** `scrape_jobs.id`, where there is a job: what it costs is booked under it. */
  readonly jobId?: number;
  readonly repositories: readonly TrackedRepository[];
  readonly window: TimeWindow;
  /** Where an earlier attempt told to go on; null: at the start. */
  readonly resumeAt?: Date | null;
  /** Aborts network calls and waits; the source stops at the next safe point. */
  readonly signal: AbortSignal;
  /** The clock of the run. */
  readonly now: Date;
  /** The job that wants the whole window read, known or not; a retry has the same id. */
  readonly fullJobId?: number | null;
  /** Contributors in a batch, about. */
  readonly batchSize: number;
  readonly onProgress: (progress: SourceProgress) => void;
}

/** How far the reading has come. */
export interface SourceProgress {
  /** What is counted: `files`, `pages`. */
  readonly unit: string;
  readonly done: number;
  /** Null where nobody knows how much there is. */
  readonly total: number | null;
  /** Raw bytes read so far; null where bytes are not what the work is about. */
  readonly bytes: number | null;
  /** Events kept so far. */
  readonly kept: number;
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
  /** Facts that are none any more: commits of a rewritten branch. */
  readonly removed?: readonly { readonly repositoryId: number; readonly eventId: string }[];
  /** How far the lists of a repository are read: stored in the transaction of the batch. */
  readonly cursors?: readonly Cursor[];
  /** What the repositories are called and look like now. */
  readonly metadata?: readonly RepositoryMetadata[];
  /** Repositories that can't be read, and why; the others go on. */
  readonly unavailable?: readonly { readonly repositoryId: number; readonly reason: string }[];
  /** Repositories whose reading stopped before its end, and why; a later request goes on there. */
  readonly stopped?: readonly { readonly repositoryId: number; readonly reason: string }[];
  /** Everything of the repository between two moments is known by now, earlier requests included. */
  readonly known?: readonly { readonly repositoryId: number; readonly window: TimeWindow }[];
  /** With this batch, all before it is read: where to go on if the reading is interrupted. */
  readonly resumeAt?: Date;
  /** What the batch cost of GitHub's allowance. */
  readonly usage?: readonly ApiUsage[];
}

/** How far one list (`commits`, `issues`, …) of a repository is read. */
export interface Cursor {
  readonly repositoryId: number;
  readonly list: string;
  /** The source's own; plain JSON. */
  readonly state: unknown;
}

export interface ApiUsage {
  readonly repositoryId: number;
  /** Points of GraphQL. */
  readonly points: number;
  /** Requests of REST and GraphQL together. */
  readonly requests: number;
}

export type ReadSource = (request: SourceRequest) => AsyncIterable<SourceBatch>;
