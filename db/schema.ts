import type { ColumnType, Generated, JSONColumnType } from 'kysely';
import type { Breaker } from '../pipeline/domain/breaker.ts';
import type { AccountType } from '../pipeline/domain/contribution.ts';
import type {
  ContributionKind,
  CountColumn,
  ScorePart,
} from '../pipeline/domain/contribution-kinds.ts';
import type {
  MonthCorrection,
  MonthList,
  StoredMonthCoverage,
} from '../pipeline/domain/month-record.ts';
import type { PictureType } from '../pipeline/domain/picture.ts';
import type { StoredJobType } from '../pipeline/domain/plan-window.ts';
import type { MissingNumber } from '../pipeline/domain/repository.ts';
import type { LogLevel } from '../pipeline/domain/run.ts';
import type { Period } from '../pipeline/domain/time.ts';

/** A JSON column whose value is written as JSON text. */
type Json<T> = ColumnType<T, string, string>;
type NullableJson<T> = ColumnType<T | null, string | null, string | null>;
/** A timestamp the database fills in. */
type CreatedAt = ColumnType<Date, Date | undefined, never>;

/**
 * One row per repository that is or was tracked. Key: id; `owner/name` is unique without regard to
 * case.
 */
export interface RepositoriesTable {
  id: Generated<number>;
  owner: string;
  name: string;
  /** GitHub's numeric id, once GitHub's API has stated it or the archive has shown it. */
  github_id: number | null;
  /** False: the archive has shown the id, so that a later sighting or GitHub may replace it. */
  is_github_id_stated: Generated<boolean>;
  /** The archive was read while the id was not known: what happened under other names is missing. */
  is_read_by_name: Generated<boolean>;
  /** Commits of the branch that count for nothing, as they are dated before what is read, */
  commits_before_window: number | null;
  /** or after it; null: not known. */
  commits_after_window: number | null;
  /** PENDING until first scraped; ARCHIVED when it left the configuration. */
  status: 'PENDING' | 'ACTIVE' | 'FAILED' | 'ARCHIVED';
  failure_reason: string | null;
  configured_default_branch: string | null;
  never_rescrape_before: Date | null;
  default_branch: string | null;
  description: string | null;
  stars: number | null;
  forks: number | null;
  language: string | null;
  topics: NullableJson<string[]>;
  license: string | null;
  is_archived_on_github: Generated<boolean>;
  metadata_fetched_at: Date | null;
  last_scraped_at: Date | null;
  /** End of what is known: nothing later has been read. */
  data_until: Date | null;
  /** Not used: `contribution_changes` says what changed. Columns are never dropped. */
  is_dirty: Generated<boolean>;
  created_at: CreatedAt;
}

/** One row per GitHub account ever seen. Key: github_id (negative while only a login is known). */
export interface GithubUsersTable {
  github_id: number;
  /** Unique without regard to case; `{login}_old_{id}` when another account took it. */
  login: string;
  type: AccountType | null;
  is_bot: Generated<boolean>;
  is_opted_out: Generated<boolean>;
  /** The account that this one's contributions count for. */
  alias_of: number | null;
  display_name: string | null;
  avatar_url: string | null;
  company: string | null;
  location: string | null;
  email: string | null;
  profile_fetched_at: Date | null;
}

/** One row per account and login it was seen under. Key: (github_id, login). */
export interface GithubUserLoginsTable {
  github_id: number;
  login: string;
  first_seen_at: Date;
  last_seen_at: Date;
}

/**
 * One row per contribution. Key: (repository_id, event_id); the same fact from two sources is one
 * row.
 */
export interface ContributionEventsTable {
  repository_id: number;
  event_id: string;
  kind: ContributionKind;
  /** The account that is credited; null while it is not known. */
  user_id: number | null;
  occurred_at: Date;
  subject_number: number | null;
  lines_added: number | null;
  lines_deleted: number | null;
  /** Of a pull request, an issue or a release; of a commit its first line. */
  title: string | null;
  /** The tag of a release, the commit of a comment on a commit. */
  reference: string | null;
  source: string;
  /** The branch that a commit was pushed to, where the archive says it. */
  branch: string | null;
  /** The clock of the last calculation before it was stored, if it happened before: that lacked it. */
  missed_at: Generated<Date | null>;
}

/** Counts and score that both boards share. */
interface BoardColumns extends Record<CountColumn, number> {
  period: Period;
  user_id: number;
  rank: number;
  previous_rank: number | null;
  total_score: number;
  lines_added: number;
  lines_deleted: number;
  first_contribution_at: Date;
  last_contribution_at: Date;
  /** They sum to total_score. */
  points: Json<Record<ScorePart, number>>;
}

/** One row per repository, period and contributor. Key: (repository_id, period, user_id). */
export interface RepositoryLeaderboardsTable extends BoardColumns {
  repository_id: number;
}

/** One row per period and contributor over all repositories. Key: (period, user_id). */
export interface GlobalLeaderboardTable extends BoardColumns {
  repositories_contributed: number;
}

/**
 * One row per day, board, period and contributor. Key: (taken_on, repository_id, period, user_id).
 */
export interface LeaderboardSnapshotsTable {
  /** UTC date, `YYYY-MM-DD`. */
  taken_on: string;
  /** 0 is the global board. */
  repository_id: number;
  period: Period;
  user_id: number;
  rank: number;
  total_score: number;
}

/** One row per day of snapshots: how its boards were made. Key: taken_on. */
export interface BoardDaysTable {
  /** UTC date, `YYYY-MM-DD`. */
  taken_on: string;
  /** Contributions before it counted. */
  clock: Date;
  weights_version: string;
}

/** One row per version of the weights and kind of contribution. Key: (version, kind). */
export interface ScoringWeightsTable {
  version: string;
  kind: ContributionKind;
  points: number;
  /** Whether the lines of this kind count for the line bonus. */
  counts_lines: boolean;
  points_per_line_added: number;
  points_per_line_deleted: number;
  /** Most that lines can earn a contributor in a repository. */
  line_cap: number;
  is_current: boolean;
  created_at: CreatedAt;
}

/** One row per unit of scraping: one source, one window, one or more repositories. Key: id. */
export interface ScrapeJobsTable {
  id: Generated<number>;
  run_id: number | null;
  source: string;
  job_type: StoredJobType;
  status: 'QUEUED' | 'RUNNING' | 'RETRYING' | 'COMPLETED' | 'FAILED' | 'BUDGET_EXCEEDED';
  repository_ids: number[];
  window_from: Date;
  window_to: Date;
  attempts: Generated<number>;
  not_before: Date | null;
  lease_owner: string | null;
  lease_until: Date | null;
  error_class: string | null;
  error_message: string | null;
  events_processed: Generated<number>;
  /** Contributions that may count: an event may give several, or none. */
  contributions_kept: Generated<number>;
  users_processed: Generated<number>;
  bots_filtered: Generated<number>;
  renamed: Generated<number>;
  /** Events that were skipped, by reason. */
  skipped: NullableJson<Record<string, number>>;
  noticed: NullableJson<Record<string, number>>;
  /** Of a recheck: the lists that are looked at again; null: all of them. */
  lists: string[] | null;
  /** How far its source has read, with the counts up to there: see `Checkpoint`. */
  checkpoint: NullableJson<StoredCheckpoint>;
  /** Repositories whose id was learned after a part of the window was read: it is read again. */
  unread_repository_ids: Generated<number[]>;
  created_at: CreatedAt;
  started_at: Date | null;
  finished_at: Date | null;
}

/** A gap as JSON keeps it: moments are texts. */
export interface StoredGap {
  readonly from: string;
  readonly to: string;
  readonly reason: string;
}

export interface StoredCheckpoint {
  readonly resume_at: string;
  readonly gaps: readonly StoredGap[];
  readonly counts: {
    readonly events: number;
    readonly kept: number;
    readonly users: number;
    readonly bots: number;
    readonly renamed: number;
    readonly skipped: Readonly<Record<string, number>>;
    readonly noticed: Readonly<Record<string, number>>;
  };
}

/**
 * One row per repository, source and interval that has been read: intervals that overlap or adjoin
 * are one. Those of which nothing could be read have rows of their own.
 * Key: (repository_id, source, window_from, window_to).
 */
export interface ScrapeWindowsTable {
  repository_id: number;
  source: string;
  window_from: Date;
  window_to: Date;
  /** Share of the window that could be read, 0 to 1. */
  completeness: number;
  gaps: Json<StoredGap[]>;
}

/** One row per job or item that failed for good. Key: id. */
export interface DeadLettersTable {
  id: Generated<number>;
  job_id: number | null;
  source: string;
  error_class: string;
  error_message: string;
  payload: Json<unknown>;
  created_at: CreatedAt;
}

/** One row per source. Key: source. */
export interface CircuitBreakersTable {
  source: string;
  state: Breaker['state'];
  failures: number;
  opened_at: Date | null;
  updated_at: Date;
}

/** One row per paid query: reserved before it runs, settled after. Key: id. */
export interface CostRecordsTable {
  id: Generated<number>;
  job_id: number | null;
  source: string;
  /** UTC date whose budget it uses, `YYYY-MM-DD`. */
  charged_on: string;
  status: 'RESERVED' | 'SETTLED' | 'RELEASED';
  external_job_id: string | null;
  bytes_estimated: number;
  maximum_bytes_billed: number;
  usd_reserved: number;
  bytes_processed: number | null;
  bytes_billed: number | null;
  slot_millis: number | null;
  usd_settled: number | null;
  /** The price when it was reserved; it is settled at the same price. */
  price_per_tib_usd: Generated<number>;
  /** Bytes that the month's free allowance pays for. */
  free_bytes: Generated<number>;
  repository_ids: number[];
  lease_until: Date;
  created_at: CreatedAt;
  settled_at: Date | null;
}

/** One row per UTC date and source. Key: (charged_on, source). */
export interface DailyCostSummariesTable {
  charged_on: string;
  source: string;
  queries: number;
  bytes_processed: number;
  bytes_billed: number;
  usd: number;
  warned_at: Date | null;
}

/** One row: the current budget. Key: id = 1. Its row lock is also the lock of the budget. */
export interface BudgetConfigTable {
  id: number;
  daily_limit_usd: number;
  monthly_limit_usd: number;
  warning_threshold: number;
  price_per_tib_usd: number;
  free_tib_per_month: number;
  updated_at: Date;
}

/** One row per source that history is paid for: its latest forecast. Key: source. */
export interface BackfillForecastsTable {
  source: string;
  planned_at: Date;
  /** Days of history, UTC: read or planned, and still to be read. */
  done_days: number;
  remaining_days: number;
  /** The most that the remaining days may cost. */
  estimated_usd: number;
  /** UTC date; null if the budget never reaches it. */
  complete_on: string | null;
}

/** One row per action that an operator may want to trace. Key: id. */
export interface AuditLogTable {
  id: Generated<number>;
  at: CreatedAt;
  action: string;
  subject: string | null;
  details: Json<unknown>;
}

/** One row per contributor that was looked up. Key: github_id. */
export interface ContributorEnrichmentsTable {
  github_id: number;
  status: 'FOUND' | 'NOTHING' | 'FAILED';
  source: string;
  twitter: string | null;
  website: string | null;
  email: string | null;
  linkedin: string | null;
  /** Every social account as GitHub states it. */
  accounts: Json<{ provider: string; url: string }[]>;
  error_message: string | null;
  fetched_at: Date;
}

/** One row per run of the pipeline. Key: id. */
export interface PipelineRunsTable {
  id: Generated<number>;
  status: 'RUNNING' | 'COMPLETED' | 'FAILED';
  sources: Json<string[]>;
  /** The clock of the run: `--now` where given. */
  clock: Date;
  started_at: CreatedAt;
  finished_at: Date | null;
  error_message: string | null;
  counts: JSONColumnType<Record<string, number>> | null;
  /** The run of GitHub Actions, `github:123`: the commands of its jobs are one run. */
  external_id: string | null;
}

/** One row per line of the log of a run, from the level `info` up. Key: id. */
export interface RunLogTable {
  id: Generated<number>;
  run_id: number;
  at: Date;
  level: LogLevel;
  stage: string | null;
  /** The job may be deleted. */
  job_id: number | null;
  message: string;
  fields: Json<Record<string, unknown>>;
}

/**
 * One row per list (`commits`, `issues`, …) of a repository that is read from GitHub. Key:
 * (repository_id, list).
 */
export interface SourceCursorsTable {
  repository_id: number;
  list: string;
  /** How far it is read, in the format of the source. */
  state: Json<unknown>;
  updated_at: ColumnType<Date, Date | undefined, Date>;
  /** When the last complete look at all of it began, by the clock of the run; null: never yet. */
  looked_at: Date | null;
  /** Something of it could not be read or stored: it does not say what GitHub no longer has. */
  is_doubtful: Generated<boolean>;
}

/**
 * One row per contribution that a look at the whole of a list has not met yet. When the look is
 * complete, what is left is gone from GitHub. Key: (repository_id, event_id).
 */
export interface UnseenContributionsTable {
  repository_id: number;
  event_id: string;
  list: string;
}

/** One row per name that a repository had before. Key: slug. */
export interface RepositoryNamesTable {
  /** `owner/name` in lower case. */
  slug: string;
  repository_id: number;
  learned_at: Date;
}

/**
 * One row per tracked repository and GitHub's id that the archive saw under its name. Key:
 * (repository_id, github_id).
 */
export interface RepositoryIdsTable {
  repository_id: number;
  github_id: number;
  first_seen_at: Date;
  last_seen_at: Date;
}

/** One row per branch that was the default one. Key: (repository_id, branch). */
export interface FormerDefaultBranchesTable {
  repository_id: number;
  branch: string;
  /** When another one was stated or configured. */
  until: Date;
}

/** One row per branch that may be the default one. Key: (repository_id, branch). */
export interface BranchPushesTable {
  repository_id: number;
  branch: string;
  /** The first push that the archive shows. */
  first_pushed_at: Date;
}

/** One row per number that is neither an issue nor a pull request. Key: (repository_id, number). */
export interface MissingNumbersTable {
  repository_id: number;
  number: number;
  reason: MissingNumber['reason'];
  checked_at: Date;
}

/**
 * One row per repository and UTC date with requests to GitHub's API. Key: (repository_id, used_on).
 */
export interface GithubUsageTable {
  repository_id: number;
  used_on: string;
  /** Points of GraphQL. */
  points: number;
  /** Requests of REST and GraphQL together. */
  requests: number;
  /** Those of both that looked at the past again. */
  recheck_points: Generated<number>;
  recheck_requests: Generated<number>;
}

/** One row: the last id that was assigned to a repository. Key: id = 1. */
export interface RepositoryCounterTable {
  id: number;
  /** May be above the highest id in the table: merged rows are deleted. */
  last_id: number;
}

/** One row per lock that a run holds. Key: name. */
export interface RunLocksTable {
  name: string;
  /** The same for all processes of one run. */
  holder: string;
  /** The holder, for a person. */
  who: string;
  /** The process, if the run is one: see `ProcessIdentity`. */
  process: NullableJson<unknown>;
  since: CreatedAt;
  /** The lock is free after it, unless it is renewed. */
  lease_until: Date;
}

/**
 * One row per change of contributions since the last calculation, as triggers note it. No key: the
 * same change may be noted twice.
 */
export interface ContributionChangesTable {
  /** Null: everywhere. */
  repository_id: number | null;
  /** The account; 0: none, null: everybody. */
  user_id: number | null;
  /** Whether the calculation that is running takes it into account. */
  is_taken: Generated<boolean>;
}

/** One row: the last calculation of the boards. Key: id = 1. */
export interface CalculationsTable {
  id: number;
  /** Contributions before it counted. */
  clock: Date;
  /** A hash of what else the boards depend on, besides the tables. */
  rules: string;
}

/** One row per person of whom something counts. Key: user_id. */
export interface ContributorWeeksTable {
  user_id: number;
  /** Contributions by week and kind, as of the last calculation; oldest first. */
  weeks: Json<StoredWeek[]>;
}

/**
 * One row per person and repository, and one per person with repository 0, for all together.
 * Key: repository_id, user_id.
 */
export interface BoardWeeksTable {
  repository_id: number;
  user_id: number;
  /** Number of the week and contributions in it, as of the last calculation; oldest first. */
  weeks: Json<readonly (readonly [week: number, contributions: number])[]>;
}

/** One row per month that is over and read, as it was then. Key: month. */
export interface MonthsTable {
  /** `YYYY-MM`, UTC. */
  month: string;
  /** The clock of the run that closed it. */
  closed_at: Date;
  /** Nothing later was read then. */
  data_until: Date | null;
  weights_version: string;
  /** Enough was known of the time before it to tell whose contribution was their first. */
  is_past_known: boolean;
  coverage: Json<StoredMonthCoverage[]>;
  /** Why it was counted again, oldest first. */
  corrections: Json<MonthCorrection[]>;
}

/**
 * One row per closed month and person with repository 0, for all together, and one for each of the
 * first of a repository. Key: (month, repository_id, user_id).
 */
export interface MonthPeopleTable {
  month: string;
  repository_id: number;
  user_id: number;
  score: number;
  /** Contributions by kind, without zeros. */
  counts: Json<Partial<Record<ContributionKind, number>>>;
}

/**
 * One row per contribution that a closed month names: see `MONTH_LISTS`. Key: (month, list,
 * repository_id, event_id).
 */
export interface MonthEventsTable {
  month: string;
  list: MonthList;
  repository_id: number;
  event_id: string;
  kind: ContributionKind;
  user_id: number | null;
  occurred_at: Date;
  subject_number: number | null;
  title: string | null;
  reference: string | null;
}

/** One row per person whose picture was looked for. Key: user_id. */
export interface AvatarsTable {
  user_id: number;
  /** Null, as bytes then is: there is no picture. */
  type: PictureType | null;
  bytes: Buffer | null;
  /** What the host calls this version of the picture. */
  etag: string | null;
  looked_at: Date;
  /** Why the last look brought nothing; null: it did. A picture of before stays. */
  failure: string | null;
}

export interface StoredWeek {
  /** The Monday (UTC) it starts on, `YYYY-MM-DD`. */
  readonly week: string;
  readonly counts: Partial<Readonly<Record<ContributionKind, number>>>;
}

export interface Database {
  repositories: RepositoriesTable;
  github_users: GithubUsersTable;
  github_user_logins: GithubUserLoginsTable;
  contribution_events: ContributionEventsTable;
  repository_leaderboards: RepositoryLeaderboardsTable;
  global_leaderboard: GlobalLeaderboardTable;
  leaderboard_snapshots: LeaderboardSnapshotsTable;
  board_days: BoardDaysTable;
  scoring_weights: ScoringWeightsTable;
  scrape_jobs: ScrapeJobsTable;
  scrape_windows: ScrapeWindowsTable;
  dead_letters: DeadLettersTable;
  circuit_breakers: CircuitBreakersTable;
  cost_records: CostRecordsTable;
  daily_cost_summaries: DailyCostSummariesTable;
  budget_config: BudgetConfigTable;
  backfill_forecasts: BackfillForecastsTable;
  audit_log: AuditLogTable;
  contributor_enrichments: ContributorEnrichmentsTable;
  pipeline_runs: PipelineRunsTable;
  run_log: RunLogTable;
  source_cursors: SourceCursorsTable;
  unseen_contributions: UnseenContributionsTable;
  repository_names: RepositoryNamesTable;
  repository_ids: RepositoryIdsTable;
  former_default_branches: FormerDefaultBranchesTable;
  branch_pushes: BranchPushesTable;
  missing_numbers: MissingNumbersTable;
  github_usage: GithubUsageTable;
  repository_counter: RepositoryCounterTable;
  run_locks: RunLocksTable;
  contribution_changes: ContributionChangesTable;
  calculations: CalculationsTable;
  contributor_weeks: ContributorWeeksTable;
  board_weeks: BoardWeeksTable;
  months: MonthsTable;
  month_people: MonthPeopleTable;
  month_events: MonthEventsTable;
  avatars: AvatarsTable;
}
