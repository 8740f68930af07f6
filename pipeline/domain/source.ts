import type { AccountObservation, Contribution } from './contribution.ts';
import type { FormerBranch } from './default-branch.ts';
import type { Gap } from './gaps.ts';
import type { MissingNumber, RepositoryIdentity, RepositoryMetadata } from './repository.ts';
import type { TimeWindow } from './window.ts';

/** The one signature of every source: a request in, batches of contributions out. */

/** The facts about a source that are needed before it is loaded. */
interface SourceTraits {
  /** A window is read once for all repositories; else each repository is read separately. */
  readonly sharesWindows: boolean;
  /** What it can know of each kind: the eras in `domain/known-kinds.ts`. */
  readonly eras: 'complete' | 'archive' | 'sample';
}

/** Every source, by name. `pipeline/sources/registry.ts` loads them. */
export const SOURCE_TRAITS = {
  github: { sharesWindows: false, eras: 'complete' },
  bigquery: { sharesWindows: true, eras: 'archive' },
  gharchive: { sharesWindows: true, eras: 'archive' },
  sample: { sharesWindows: true, eras: 'sample' },
} as const satisfies Readonly<Record<string, SourceTraits>>;

export type SourceName = keyof typeof SOURCE_TRAITS;

export const SOURCE_NAMES = Object.keys(SOURCE_TRAITS) as SourceName[];

export interface TrackedRepository {
  /** Our id (`repositories.id`). */
  readonly id: number;
  readonly owner: string;
  readonly name: string;
  /** GitHub's numeric id, which survives a rename; null while nobody has stated or shown it. */
  readonly githubId: number | null;
  /** When the archive saw the id last under the name; null or absent: GitHub has stated the id. */
  readonly idSeenAt?: Date | null;
  /** From the configuration, else from GitHub; null means `main` or `master`. */
  readonly defaultBranch: string | null;
  /** Only from the configuration: the default branch on GitHub may have been renamed since. */
  readonly configuredBranch?: string | null;
  /** Branches that were the default one before. */
  readonly formerBranches?: readonly FormerBranch[];
  /** The first push to the default branch that the archive has shown. */
  readonly firstPushAt?: Date | null;
  /** Nothing before it is read again. */
  readonly neverRescrapeBefore?: Date | null;
}

/** The id of a repository if GitHub has stated it; null for one that only the archive has shown. */
export const statedId = ({ githubId, idSeenAt }: TrackedRepository) => (idSeenAt ? null : githubId);

export interface SourceRequest {
  /** `scrape_jobs.id`, if there is a job; its costs are stored under this id. */
  readonly jobId?: number;
  readonly repositories: readonly TrackedRepository[];
  readonly window: TimeWindow;
  /** The `resumeAt` of an earlier attempt's last batch; null: read from the start. */
  readonly resumeAt?: Date | null;
  /** Its abort ends network calls and waits; the source stops at the next safe point. */
  readonly signal: AbortSignal;
  /** The clock of the run. */
  readonly now: Date;
  /** The job that reads the complete window again, known or not; a retry has the same id. */
  readonly fullJobId?: number | null;
  /** Only what is known is looked at again, in these lists (null: all), and no limit is waited for. */
  readonly recheck?: { readonly lists: readonly string[] | null } | null;
  /** Approximate number of contributors in a batch. */
  readonly batchSize: number;
  readonly onProgress: (progress: SourceProgress) => void;
}

/** The progress of reading a window. */
export interface SourceProgress {
  /** The unit of the counts: `files`, `pages`. */
  readonly unit: string;
  readonly done: number;
  /** Null if the total is unknown. */
  readonly total: number | null;
  /** Raw bytes read so far; null for a source that does not count bytes. */
  readonly bytes: number | null;
  /** Events kept so far; null for what are no events. */
  readonly kept: number | null;
}

/** The results of one batch. Each batch is committed by itself, as it comes. */
export interface SourceBatch {
  readonly contributions: readonly Contribution[];
  readonly observations: readonly AccountObservation[];
  readonly gaps: readonly Gap[];
  /** Events read for the tracked repositories; read = kept + the sum of `skipped`. */
  readonly read: number;
  readonly kept: number;
  /** Events that were skipped, by reason. */
  readonly skipped: Readonly<Record<string, number>>;
  /** Counts of faults of the input that lose no event (a foreign hour, a second gzip member). */
  readonly warnings: Readonly<Record<string, number>>;
  /** All before this moment is read with this batch; an interrupted job resumes here. */
  readonly resumeAt?: Date;
  /** What is known of the items counted as `constraint` in `skipped`. */
  readonly refused?: readonly RefusedItem[];
  /** What the source shows, in the window or not: none of it is gone. */
  readonly seen?: readonly Pick<Contribution, 'repositoryId' | 'eventId'>[];
  /** What the archive shows of the ids of repositories; stored before the contributions. */
  readonly identity?: BatchIdentity;
  /** News about repositories; stored in the batch's transaction, in this order. */
  readonly updates?: readonly RepositoryUpdate[];
}

export interface BatchIdentity {
  readonly sightings: readonly IdSighting[];
  /** GitHub's id of each repository (by our id) whose contributions are in the batch. */
  readonly githubIds: ReadonlyMap<number, number>;
  /** GitHub's id that each repository of the request (by our id) is taken for; null: none yet. */
  readonly believed: ReadonlyMap<number, number | null>;
  /** Our ids of repositories whose id was learned after events of them may have gone by. */
  readonly missed: readonly number[];
}

/** An id that events of the archive had under the name of a tracked repository. */
export interface IdSighting {
  readonly repositoryId: number;
  readonly githubId: number;
  readonly firstSeenAt: Date;
  readonly lastSeenAt: Date;
}

/** An item that can't be read or stored. It is put aside, and no other item is lost. */
export interface RefusedItem {
  readonly reason: string;
  /** What identifies it at its source; plain JSON. */
  readonly item: Readonly<Record<string, unknown>>;
  /** `refused`: the source does not show it; else (`constraint`) it can't be stored. */
  readonly errorClass?: 'refused' | 'constraint';
}

/** Something about a repository besides its contributions. */
export type RepositoryUpdate =
  /** A push to a branch that may be the default one; the only update of the archive. */
  | {
      readonly type: 'pushed';
      readonly repositoryId: number;
      readonly branch: string;
      readonly at: Date;
    }
  /** These contributions do not exist any more (commits of a rewritten branch), or were hidden. */
  | {
      readonly type: 'removed';
      readonly repositoryId: number;
      readonly eventIds: readonly string[];
    }
  /** These numbers are no issues or pull requests any more: all that belongs to them goes. */
  | {
      readonly type: 'gone';
      readonly repositoryId: number;
      readonly numbers: readonly MissingNumber[];
    }
  /** A look at all of a list begins: what is stored of it from a moment on is to be seen again. */
  | {
      readonly type: 'look_begun';
      readonly repositoryId: number;
      readonly list: string;
      readonly from: Date;
    }
  /** The look is complete; it began at this time. What was not seen is gone. */
  | {
      readonly type: 'look_ended';
      readonly repositoryId: number;
      readonly list: string;
      readonly at: Date;
    }
  /** Something of a list could not be read: nothing goes because the list does not show it. */
  | { readonly type: 'doubtful'; readonly repositoryId: number; readonly list: string }
  /** Their counts show that something came or went unseen: they are looked at again this night. */
  | {
      readonly type: 'doubted';
      readonly repositoryId: number;
      readonly lists: readonly string[];
    }
  /** Commits that are dated outside of what is read. */
  | ({ readonly type: 'dated_outside'; readonly repositoryId: number } & DatedOutside)
  /** New positions in the lists of a repository. */
  | { readonly type: 'positions'; readonly positions: readonly ListPosition[] }
  /** The present name and facts of the repository. */
  | { readonly type: 'metadata'; readonly metadata: RepositoryMetadata }
  /** The repository can't be read, for this reason; the other repositories are read. */
  | { readonly type: 'unavailable'; readonly repositoryId: number; readonly reason: string }
  /** Reading stopped before the end, for this reason; a later request resumes there. */
  | { readonly type: 'stopped'; readonly repositoryId: number; readonly reason: string }
  /** This window is now completely known, together with earlier requests. */
  | { readonly type: 'known'; readonly repositoryId: number; readonly window: TimeWindow }
  /** A repository was read, or needed no reading: stored with the end of the job. */
  | ({ readonly type: 'read' } & RepositoryRead)
  /** What the batch cost of GitHub's rate allowance. */
  | { readonly type: 'usage'; readonly usage: ApiUsage };

/** Commits of the branch that count for nothing, as their clocks were wrong or they are too old. */
export interface DatedOutside {
  /** Dated before what is read; null: not counted. */
  readonly before: number | null;
  /** Dated after the run by a day or more. */
  readonly after: number;
  /** All that there are, and not only further ones. */
  readonly isWhole: boolean;
}

export interface RepositoryRead {
  readonly repositoryId: number;
  /** What the source saw of the repository before it was read. */
  readonly positions: readonly ListPosition[];
  /** All that a former job has stored is all that there is. */
  readonly isUnchanged: boolean;
}

/** What a source has seen of some repositories before they are read. */
export interface ProbeBatch {
  readonly positions: readonly ListPosition[];
  readonly usage: readonly ApiUsage[];
}

/** Which repositories some names mean. */
export interface IdentityBatch {
  readonly identities: readonly RepositoryIdentity[];
  readonly usage: readonly ApiUsage[];
}

/** The position up to which a list (`commits`, `issues`, …) of a repository is read. */
export interface ListPosition {
  readonly repositoryId: number;
  readonly list: string;
  /** Plain JSON, which only the source understands. */
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
