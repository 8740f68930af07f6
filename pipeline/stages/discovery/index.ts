import type { Db } from '../../../db/client.ts';
import { type NewJob, queueJobs, readLastJobId } from '../../../db/queries/job-queue.ts';
import {
  describeRepositories,
  type RepositoryToPlan,
  readRepositoriesToPlan,
  reconcileRepositories,
} from '../../../db/queries/repositories.ts';
import { resolveRenames } from '../../../db/queries/repository-renames.ts';
import { ARCHIVE_BEGINS } from '../../domain/archive-eras.ts';
import { fullStart, planWindow, type WindowRules } from '../../domain/plan-window.ts';
import type { ConfiguredRepository } from '../../domain/repository.ts';
import { fullName } from '../../domain/repository-name.ts';
import type { SourceName } from '../../domain/source.ts';
import { HOUR_MS } from '../../domain/time.ts';
import type { Context } from '../../runtime/context.ts';
import { SAMPLE_REPOSITORIES } from '../../sources/sample/sample.ts';
import type { Log } from '../../util/log.ts';
import { UsageError } from '../../util/usage-error.ts';
import { planBigQueryJobs } from '../backfill/plan-bigquery.ts';
import { bigQueryPlanContext, saveBudget } from '../open-bigquery.ts';
import { wantedRepositories } from './wanted-repositories.ts';

export interface DiscoveryContext {
  readonly db: Db;
  readonly log: Log;
  readonly runId: number | null;
  /** The repositories of the configuration. */
  readonly wanted: readonly ConfiguredRepository[];
  readonly sources: readonly SourceName[];
  readonly rules: WindowRules;
  readonly staleAfterHours: number;
  /** Most repositories of one run, for sources that cost something for each. */
  readonly maxRepositories: number;
  /** Only these (`owner/name`); null: all. */
  readonly only: readonly string[] | null;
  /** Sources that plan for themselves what of the due repositories is read: what costs money. */
  readonly planners?: Partial<Record<SourceName, PlanSource>>;
}

export type PlanSource = (due: readonly RepositoryToPlan[]) => Promise<NewJob[]>;

/** One scan of the archive serves all repositories of a window; the others are read one by one. */
const ONE_JOB_PER_WINDOW: readonly SourceName[] = ['gharchive', 'bigquery', 'sample'];

/**
 * Brings the tracked repositories in line with the configuration and queues
 * the jobs of all that are stale. Returns the jobs that were queued.
 */
export async function discovery(context: DiscoveryContext): Promise<NewJob[]> {
  const { db, log, wanted } = context;
  const reconciled = await db
    .transaction()
    .execute(async (trx) => reconcileRepositories(trx, await resolveRenames(trx, wanted)));
  log.info({ ...reconciled, wanted: wanted.length }, 'repositories reconciled');
  const planned: NewJob[] = [];
  const lastJobId = await readLastJobId(db);
  for (const source of context.sources) {
    const repositories = await readRepositoriesToPlan(db, source, fullStart(context.rules));
    const planner = context.planners?.[source];
    const due = dueRepositories(repositories, context);
    planned.push(...(planner ? await planner(due) : planJobs(source, due, context)));
  }
  const jobs = await queueJobs(db, context.runId, planned, lastJobId);
  const repositories = new Set(jobs.flatMap((job) => job.repositoryIds)).size;
  log.info({ jobs: jobs.length, repositories }, 'jobs queued');
  return jobs;
}

/** The jobs of one source for what is due: in windows, together where one scan serves all. */
export function planJobs(
  source: SourceName,
  due: readonly RepositoryToPlan[],
  { rules, maxRepositories }: Pick<DiscoveryContext, 'rules' | 'maxRepositories'>,
): NewJob[] {
  const isShared = ONE_JOB_PER_WINDOW.includes(source);
  const chosen = isShared ? due : due.slice(0, maxRepositories);
  const single = chosen.flatMap((repository) => planJob(source, repository, rules));
  return isShared ? shareWindows(single) : single;
}

/** The repositories that are to be read now. */
export function dueRepositories(
  repositories: readonly RepositoryToPlan[],
  context: Parameters<typeof isDue>[1],
): RepositoryToPlan[] {
  return repositories.filter((repository) => isDue(repository, context));
}

function isDue(
  repository: RepositoryToPlan,
  { rules, staleAfterHours, only }: Pick<DiscoveryContext, 'rules' | 'staleAfterHours' | 'only'>,
): boolean {
  if (repository.isQueued) return false;
  const slug = fullName(repository).toLowerCase();
  if (only && !only.some((wanted) => wanted.toLowerCase() === slug)) return false;
  // Who names a window, a repository or a type of job wants it read now.
  if (only || rules.from || rules.jobType) return true;
  if (repository.lastWindowEnd === null) return true;
  return isStale(repository.lastScrapedAt, rules.now, staleAfterHours);
}

/** Schedules run late one day and on time the next; that must not cost a whole day. */
const SCHEDULE_SLACK_HOURS = 1;

/** Whether a repository was last read longer ago than the configured hours, less the slack, or never. */
export function isStale(lastScrapedAt: Date | null, now: Date, staleAfterHours: number): boolean {
  if (lastScrapedAt === null) return true;
  return (
    now.getTime() - lastScrapedAt.getTime() > (staleAfterHours - SCHEDULE_SLACK_HOURS) * HOUR_MS
  );
}

function planJob(source: SourceName, repository: RepositoryToPlan, rules: WindowRules): NewJob[] {
  const plan = planWindow(repository, rules);
  if (plan === null) return [];
  return [{ source, jobType: plan.jobType, repositoryIds: [repository.id], ...plan.window }];
}

function shareWindows(jobs: readonly NewJob[]): NewJob[] {
  const byWindow = Map.groupBy(
    jobs,
    (job) => `${job.jobType} ${job.from.toISOString()} ${job.to.toISOString()}`,
  );
  return [...byWindow.values()].map((shared) => ({
    ...(shared[0] as NewJob),
    repositoryIds: shared.flatMap((job) => job.repositoryIds),
  }));
}

export async function runDiscovery(context: Context, runId: number | null) {
  const jobs = await discovery({ ...discoveryContext(context), runId });
  if (context.isSample) await describeRepositories(context.db, SAMPLE_REPOSITORIES);
  return jobs;
}

/** What discovery takes from the context; a dry run takes the same. */
export function discoveryContext(context: Context) {
  const { db, log, config, options, sources } = context;
  refuseOldFormat(context);
  refuseUnknown(context);
  return {
    db,
    log,
    sources,
    wanted: wantedRepositories(context),
    only: options.repositories,
    staleAfterHours: config.pipeline.stale_after_hours,
    maxRepositories: config.pipeline.max_repositories_per_run,
    rules: windowRules(context),
    planners: {
      bigquery: async (due: readonly RepositoryToPlan[]) => {
        await saveBudget(context);
        return planBigQueryJobs(due, bigQueryPlanContext(context, windowRules(context)));
      },
    },
  };
}

function windowRules({ config, options, now }: Context): WindowRules {
  return {
    windowYears: config.pipeline.window_years,
    overlapDays: config.pipeline.overlap_days,
    jobType: options.jobType,
    from: options.from,
    to: options.to,
    now,
  };
}

/** A window before 2015 that was asked for by hand is a mistake; a planned one just starts in 2015. */
function refuseOldFormat({ sources, options }: Context): void {
  if (!sources.includes('gharchive') || !options.from || options.from >= ARCHIVE_BEGINS) return;
  throw new UsageError(
    `--from ${options.from.toISOString()}: before 2015-01-01 GH Archive has another format, ` +
      'which is not read; give --from 2015-01-01 or later',
  );
}

/** A repository named by `--repo` must be a tracked one. */
function refuseUnknown(context: Context): void {
  const { options } = context;
  const slugs = new Set(
    wantedRepositories(context).map((repository) => fullName(repository).toLowerCase()),
  );
  const unknown = options.repositories?.find((slug) => !slugs.has(slug.toLowerCase()));
  if (unknown === undefined) return;
  throw new UsageError(
    `--repo ${unknown}: it is not in ${options.config}/repos.yaml; add it there`,
  );
}
