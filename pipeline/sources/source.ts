import type { Environment } from '../config/environment.ts';
import type { Config } from '../config/schema.ts';
import type { BudgetLedger } from '../domain/budget.ts';
import type { ListedRepository } from '../domain/organisation.ts';
import type { ConfiguredRepository, RepositoryDescription } from '../domain/repository.ts';
import type {
  IdentityBatch,
  ProbeBatch,
  ReadSource,
  SourceRequest,
  TrackedRepository,
} from '../domain/source.ts';
import type { TimeWindow } from '../domain/window.ts';
import type { GithubMemory } from './github/fetch-repository.ts';

/** What a source is given of a run. What needs the database is handed in: sources do not know it. */
export interface SourceContext {
  readonly environment: Environment;
  readonly config: Pick<Config, 'pipeline'>;
  readonly signal: AbortSignal;
  /** Folder for the files that a source keeps on this machine. */
  readonly dataFolder: string;
  /** How far earlier runs read the lists of a repository. */
  readonly memory: GithubMemory;
  /** The budget, for a source that costs money. */
  readonly ledger: BudgetLedger;
  /** The real time, for money and time-outs; a request has the clock of the run. */
  readonly wallClock: () => Date;
}

/** A source, as `index.ts` of its folder describes it. */
export interface Source {
  readonly open: (context: SourceContext) => ReadSource;
  /** Checks that it can be read, and returns what to log. Throws an error that says what to do. */
  readonly check?: (context: SourceContext) => Promise<string>;
  /** Finds the repositories that it refuses to show, before they are read. */
  readonly findRefusals?: FindRefusals;
  /** Sees what has changed of repositories, so that only that is read after it. */
  readonly probe?: Probe;
  /** The lists whose whole it can look at again, for what is gone since. */
  readonly rechecked?: readonly string[];
  /** States which repositories their names mean, some at a time. */
  readonly identify?: (
    context: SourceContext,
    repositories: readonly TrackedRepository[],
  ) => AsyncIterable<IdentityBatch>;
  /**
   * The public repositories of an organisation. @throws if they are not known in full: to leave one
   * out would take it off the boards
   */
  readonly listOrganisation?: (
    context: Pick<SourceContext, 'environment' | 'config' | 'signal'>,
    login: string,
  ) => Promise<readonly ListedRepository[]>;
  /** Refuses a start that was asked for by hand and that it cannot read. @throws UsageError */
  readonly refuseStart?: (from: Date) => void;
  /** Given by a source that costs money: its jobs are planned inside the budget. */
  readonly paid?: PaidSource;
  /** The repositories that it invents, in the place of those of the configuration. */
  readonly inventRepositories?: (now: Date) => readonly InventedRepository[];
}

/** What a source refuses, with what to do; null: it could not be asked for now. */
export type FindRefusals = (
  context: SourceContext,
  repositories: readonly ConfiguredRepository[],
) => Promise<readonly Refusal[] | null>;

export interface Refusal {
  /** `owner/name`. */
  readonly repository: string;
  readonly reason: string;
}

export interface Probe {
  /** Looks at repositories, some at a time. */
  readonly find: (
    context: SourceContext,
    repositories: readonly TrackedRepository[],
  ) => AsyncIterable<ProbeBatch>;
  /** Whether nothing is to be read of a repository, by what was stored of it. */
  readonly isUnchanged: (
    context: SourceContext,
    repository: TrackedRepository,
    request: Pick<SourceRequest, 'window' | 'now'>,
  ) => Promise<boolean>;
}

export interface PaidSource {
  /** Settles the reservations of workers that died; resolves to their number. */
  readonly recover: (context: SourceContext) => Promise<number>;
  /** Bytes that reading a window would process. Costs nothing. */
  readonly estimateBytes: (
    context: SourceContext,
    window: TimeWindow,
    repositories: readonly TrackedRepository[],
  ) => Promise<number>;
  /** Whether months in which the archive is known to be damaged are paid for, too. */
  readonly includesDamaged: (context: SourceContext) => boolean;
  /** False for a cheap mode that credits nothing. */
  readonly credits: (context: SourceContext) => boolean;
}

export type InventedRepository = ConfiguredRepository & RepositoryDescription;
