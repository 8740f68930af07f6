import type { AccountObservation } from './account-observation.ts';
import type { Contribution } from './contribution.ts';
import type { Gap } from './gaps.ts';
import type { RepositoryMetadata } from './repository.ts';
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
  /** GitHub's numeric id, known once GitHub's API was asked; it survives a rename. */
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
  /** The `resumeAt` of an earlier attempt's last batch; null: read from the start. */
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
  /** Null where the total is unknown. */
  readonly total: number | null;
  /** Raw bytes read so far; null where bytes are not what the work is about. */
  readonly bytes: number | null;
  /** Events kept so far. */
  readonly kept: number;
}

/** What one batch of reading gave. Batches are committed as they come, each by itself. */
export interface SourceBatch {
  readonly contributions: readonly Contribution[];
  readonly observations: readonly AccountObservation[];
  readonly gaps: readonly Gap[];
  /** Events read for the tracked repositories; read = kept + the sum of `skipped`. */
  readonly read: number;
  readonly kept: number;
  /** Events that were skipped, by reason. */
  readonly skipped: Readonly<Record<string, number>>;
  /** What is wrong with the input but loses no event, counted (a foreign hour, a second gzip member). */
  readonly warnings: Readonly<Record<string, number>>;
  /** Everything before it is read with this batch: where to resume if the reading is interrupted. */
  readonly resumeAt?: Date;
  /** What the batch says about repositories; stored in the batch's transaction, in this order. */
  readonly updates?: readonly RepositoryUpdate[];
}

/** Something about a repository besides its contributions. Only `github` knows such things. */
export type RepositoryUpdate =
  /** These contributions no longer exist: commits of a rewritten branch. */
  | {
      readonly type: 'removed';
      readonly repositoryId: number;
      readonly eventIds: readonly string[];
    }
  /** How far some lists are read. */
  | { readonly type: 'positions'; readonly positions: readonly ListPosition[] }
  /** What the repository is called and looks like now. */
  | { readonly type: 'metadata'; readonly metadata: RepositoryMetadata }
  /** It can't be read, and why; the other repositories are read. */
  | { readonly type: 'unavailable'; readonly repositoryId: number; readonly reason: string }
  /** Its reading stopped before its end, and why; a later request resumes there. */
  | { readonly type: 'stopped'; readonly repositoryId: number; readonly reason: string }
  /** Everything in this window is known now, earlier requests included. */
  | { readonly type: 'known'; readonly repositoryId: number; readonly window: TimeWindow }
  /** What the batch cost of GitHub's rate allowance. */
  | { readonly type: 'usage'; readonly usage: ApiUsage };

/** How far one list (`commits`, `issues`, …) of a repository is read. */
export interface ListPosition {
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
