import type { Db } from '../../../db/client.ts';
import { isLostConnection } from '../../../db/lost-connection.ts';
import { type NewJob, queueJobs, readLastJobId } from '../../../db/queries/job-queue.ts';
import { insertFailedPlan } from '../../../db/queries/jobs.ts';
import { readKnownRepositories } from '../../../db/queries/known-repositories.ts';
import {
  describeRepositories,
  type RepositoryToPlan,
  readRepositoriesToPlan,
  reconcileRepositories,
} from '../../../db/queries/repositories.ts';
import { resolveRenames, takeBackNames } from '../../../db/queries/repository-renames.ts';
import { classifyError, type ErrorClass } from '../../domain/error-class.ts';
import { asciiLower, fullName } from '../../domain/names.ts';
import { knownOf, withFollowed } from '../../domain/organisation.ts';
import {
  fullStart,
  hasFutureMark,
  latestMark,
  planWindow,
  type WindowRules,
  withoutFutureMarks,
} from '../../domain/plan-window.ts';
import type { ConfiguredRepository } from '../../domain/repository.ts';
import { SOURCE_TRAITS, type SourceName } from '../../domain/source.ts';
import { HOUR_MS } from '../../domain/time.ts';
import { earlierOf } from '../../domain/window.ts';
import type { Context } from '../../runtime/context.ts';
import { messageOf } from '../../runtime/stage.ts';
import { loadSource } from '../../sources/registry.ts';
import type { InventedRepository } from '../../sources/source.ts';
import type { Log } from '../../util/log.ts';
import { UsageError } from '../../util/usage-error.ts';
import { backfillContext, saveBudget } from '../backfill/index.ts';
import { type BackfillContext, planBackfillJobs } from '../backfill/plan-jobs.ts';
import { type Followed, followOrganisations, reportFollowed } from './follow-organisations.ts';
import { identifyRepositories } from './identify-repositories.ts';
import { planRechecks, type RecheckRules } from './plan-rechecks.ts';
import { probeRepositories } from './probe-repositories.ts';

export interface DiscoveryContext {
  readonly db: Db;
  readonly log: Log;
  readonly runId: number | null;
  /** The repositories of the configuration. */
  readonly wanted: readonly ConfiguredRepository[];
  readonly sources: readonly SourceName[];
  readonly rules: WindowRules;
  readonly staleAfterHours: number;
  /**
   * Most repositories that one run reads, for sources whose cost grows with each repository. Those
   * of which nothing is new do not count.
   */
  readonly maxRepositories: number;
  /** Only these (`owner/name`); null: all. */
  readonly only: readonly string[] | null;
  /** Planners of the sources that cost money: these plan their jobs inside the budget. */
  readonly planners?: Partial<Record<SourceName, PlanSource>>;
  /** Learns which repositories the names mean, before anything is planned. */
  readonly identify?: () => Promise<void>;
  /**
   * Sees what has changed of the repositories of planned jobs, before these are queued. Resolves to
   * the ids of those of which nothing is to be read.
   */
  readonly probe?: (jobs: readonly NewJob[]) => Promise<ReadonlySet<number>>;
  /** How the past is looked at again; absent: not at all. */
  readonly rechecks?: RecheckRules;
  readonly signal?: AbortSignal;
}

type PlanSource = (due: readonly RepositoryToPlan[]) => Promise<NewJob[]>;

export interface Discovered {
  /** The jobs that were queued. */
  readonly jobs: readonly NewJob[];
  /** Sources whose jobs could not be planned: each is stored as a job that failed. */
  readonly plansFailed: number;
}

/**
 * Brings the tracked repositories in line with the configuration and queues
 * the jobs of all that are stale.
 */
export async function discovery(context: DiscoveryContext): Promise<Discovered> {
  const { db, log, wanted } = context;
  const reconciled = await db.transaction().execute(async (trx) => {
    await takeBackNames(trx, wanted);
    return reconcileRepositories(trx, await resolveRenames(trx, wanted));
  });
  log.info({ ...reconciled, wanted: wanted.length }, 'repositories reconciled');
  await context.identify?.();

  // Read
  const lastJobId = await readLastJobId(db);
  const tracked = new Map<SourceName, RepositoryToPlan[]>();
  for (const source of context.sources) {
    tracked.set(source, await readBelieved(db, source, context));
  }

  // Decide
  const planned: NewJob[] = [];
  const failedPlans: FailedPlan[] = [];
  for (const [source, repositories] of tracked) {
    const due = dueRepositories(repositories, context);
    const plan = await planSource(context, source, due);
    if (Array.isArray(plan)) planned.push(...plan);
    else failedPlans.push(plan);
  }
  // Of a full read something is always to be read: beyond the limit, it is not worth a question.
  const possible = limitJobs(planned, context, (job) => job.jobType === 'incremental');
  const unchanged = (await context.probe?.(possible)) ?? new Set();
  const limited = limitJobs(possible, context, ({ repositoryIds }) =>
    repositoryIds.every((id) => unchanged.has(id)),
  );

  // Write
  const jobs = await queueJobs(db, context.runId, limited, lastJobId);
  await planRechecks(context, jobs);
  for (const { plan, failure } of failedPlans) {
    await insertFailedPlan(db, context.runId, plan, failure);
  }
  const repositories = new Set(jobs.flatMap((job) => job.repositoryIds)).size;
  log.info({ jobs: jobs.length, repositories }, 'jobs queued');
  return { jobs, plansFailed: failedPlans.length };
}

/** The jobs that could not be planned, as one, and why. */
interface FailedPlan {
  readonly plan: NewJob;
  readonly failure: { readonly errorClass: ErrorClass; readonly message: string };
}

/** The jobs of one source. Where its plan fails, the other sources are read. */
async function planSource(
  context: DiscoveryContext,
  source: SourceName,
  due: readonly RepositoryToPlan[],
): Promise<NewJob[] | FailedPlan> {
  const { log, planners, rules, signal } = context;
  const planner = planners?.[source];
  if (!planner) return planJobs(source, due, rules);
  try {
    return await planner(due);
  } catch (error) {
    signal?.throwIfAborted();
    const jobs = planJobs(source, due, rules);
    const [first] = jobs;
    if (isLostConnection(error) || error instanceof UsageError || !first) throw error;
    log.warn({ source, err: error }, `${source} could not be planned: the other sources are read`);
    const message = `its jobs could not be planned: ${messageOf(error)}`;
    const repositoryIds = jobs.flatMap((job) => job.repositoryIds);
    const [from, to] = [jobs.map((job) => job.from).reduce(earlierOf), rules.to ?? rules.now];
    return {
      plan: { ...first, repositoryIds, from, to },
      failure: { errorClass: classifyError(error), message },
    };
  }
}

/** The tracked repositories; marks that a wrong clock left are taken for none, with a warning. */
export async function readBelieved(
  db: Db,
  source: SourceName,
  { rules, log }: Pick<DiscoveryContext, 'rules' | 'log'>,
): Promise<RepositoryToPlan[]> {
  const { now } = rules;
  const all = await readRepositoriesToPlan(db, source, fullStart(rules), latestMark(now));
  const ahead = all.filter((one) => hasFutureMark(one, now)).length;
  if (ahead > 0) {
    const message =
      'repositories were read by a run whose clock was ahead of this one: they are read anew';
    log.warn({ source, repositories: ahead, now }, message);
  }
  return all.map((one) => withoutFutureMarks(one, now));
}

/** The jobs of one source. If it shares windows, one job serves all repositories of a window. */
export function planJobs(
  source: SourceName,
  due: readonly RepositoryToPlan[],
  rules: WindowRules,
): NewJob[] {
  const single = due.flatMap((repository) => planJob(source, repository, rules));
  return SOURCE_TRAITS[source].sharesWindows ? shareWindows(single) : single;
}

/**
 * The first jobs of each source that reads its repositories one by one, up to the limit, with all
 * of those that are `free`; and all jobs of the other sources.
 */
export function limitJobs(
  jobs: readonly NewJob[],
  { maxRepositories }: Pick<DiscoveryContext, 'maxRepositories'>,
  isFree: (job: NewJob) => boolean = () => false,
): NewJob[] {
  const counts = new Map<string, number>();
  return jobs.filter((job) => {
    if (SOURCE_TRAITS[job.source as SourceName].sharesWindows || isFree(job)) return true;
    const count = (counts.get(job.source) ?? 0) + 1;
    counts.set(job.source, count);
    return count <= maxRepositories;
  });
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
  const slug = asciiLower(fullName(repository));
  if (only && !only.some((wanted) => asciiLower(wanted) === slug)) return false;
  // A user who names a window, a repository or a type of job wants it read now.
  if (only || rules.from || rules.jobType) return true;
  if (repository.lastWindowEnd === null) return true;
  return isStale(repository.lastScrapedAt, rules.now, staleAfterHours);
}

/** A schedule may start late one day and on time the next: no day may be skipped because of it. */
const SCHEDULE_SLACK_HOURS = 1;

/** Whether the last read is older than the configured hours less the slack, or there was none. */
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

/** The stage, on the context of a command. */
export async function runDiscovery(context: Context, runId: number | null): Promise<Discovered> {
  const { backfills, arrived, unread, ...given } = await discoveryContext(context);
  const paid = Object.entries(backfills);
  if (paid.length > 0) await saveBudget(context);
  const planners = Object.fromEntries(
    paid.map(([name, backfill]): [string, PlanSource] => [
      name,
      (due) => planBackfillJobs(due, backfill),
    ]),
  );
  const probe = (jobs: readonly NewJob[]) => probeRepositories(context, jobs);
  const identify = () => identifyRepositories(context);
  const hooks = { planners, identify, probe, runId, signal: context.signal };
  const discovered = await discovery({ ...given, ...hooks });
  await describeRepositories(context.db, await inventedRepositories(context));
  reportFollowed(context, { arrived, unread });
  return discovered;
}

async function recheckRules({ sources, config }: Context): Promise<RecheckRules> {
  const lists: Partial<Record<SourceName, readonly string[]>> = {};
  for (const name of sources) lists[name] = (await loadSource(name)).rechecked ?? [];
  return { lists, days: config.pipeline.github.recheck_days };
}

/** The inputs of discovery from the context; a dry run has the same. */
export async function discoveryContext(context: Context) {
  const { db, log, config, options, sources } = context;
  const followed = await followWanted(context);
  refuseUnknown(followed.wanted, context);
  return {
    db,
    log,
    sources,
    ...followed,
    only: options.repositories,
    staleAfterHours: config.pipeline.stale_after_hours,
    maxRepositories: config.pipeline.max_repositories_per_run,
    rules: windowRules(context),
    backfills: await openBackfills(context),
    rechecks: await recheckRules(context),
  };
}

/** The sources that cost money. A source rejects a start that it cannot read. */
async function openBackfills(context: Context) {
  const backfills: Partial<Record<SourceName, BackfillContext>> = {};
  for (const name of context.sources) {
    const { paid, refuseStart } = await loadSource(name);
    if (context.options.from) refuseStart?.(context.options.from);
    if (paid) backfills[name] = backfillContext(context, windowRules(context), name, paid);
  }
  return backfills;
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

/** A repository named by `--repo` must be a tracked one. */
function refuseUnknown(wanted: readonly ConfiguredRepository[], { options }: Context): void {
  const slugs = new Set(wanted.map((repository) => asciiLower(fullName(repository))));
  const unknown = options.repositories?.find((slug) => !slugs.has(asciiLower(slug)));
  if (unknown === undefined) return;
  throw new UsageError(
    `--repo ${unknown}: it is not in ${options.config}/repos.yaml; add it there`,
  );
}

/**
 * The repositories of the boards: the configured ones with those that organisations had in the last
 * run, or the invented ones of the sample. GitHub is not asked.
 */
export async function wantedRepositories(
  context: Context,
): Promise<readonly ConfiguredRepository[]> {
  const invented = await inventedRepositories(context);
  if (invented.length > 0) return invented;
  const { repositories, organisations } = context.config;
  if (organisations.length === 0) return repositories;
  const known = await readKnownRepositories(context.db);
  const tracked = known.filter(({ isTracked }) => isTracked);
  return withFollowed(repositories, knownOf(organisations, tracked));
}

/** The same, with organisations as GitHub lists them now. */
async function followWanted(context: Context): Promise<Followed> {
  const invented = await inventedRepositories(context);
  if (invented.length > 0) return { wanted: invented, arrived: [], unread: [] };
  return followOrganisations(context);
}

export async function inventedRepositories({
  sources,
  now,
}: Context): Promise<readonly InventedRepository[]> {
  const loaded = await Promise.all(sources.map(loadSource));
  return loaded.flatMap((source) => source.inventRepositories?.(now) ?? []);
}
