import { releaseAllLeases } from '../../db/queries/job-queue.ts';
import { describeRepositories, type RepositoryToPlan } from '../../db/queries/repositories.ts';
import { ARCHIVE_BEGINS } from '../domain/archive-eras.ts';
import type { WindowRules } from '../domain/plan-window.ts';
import type { Context } from '../runtime/context.ts';
import { createProgress } from '../runtime/progress.ts';
import { SAMPLE_REPOSITORIES, sampleWindow } from '../sources/sample/sample.ts';
import { UsageError } from '../util/usage-error.ts';
import { planBigQueryJobs } from './backfill/plan-bigquery.ts';
import { recalculate } from './calculate/calculate.ts';
import { discovery } from './discovery/discovery.ts';
import { enrich } from './enrich/enrich.ts';
import { maintenance } from './maintenance/maintenance.ts';
import { reconcile } from './missing-numbers/reconcile.ts';
import { bigQueryPlanContext, putBudgetInForce } from './open-bigquery.ts';
import { openGithub } from './open-github.ts';
import { openReaders } from './open-readers.ts';
import { report } from './report/index.ts';
import { writeJobSummary } from './report/job-summary.ts';
import { requireOurFolder } from './report/output-folder.ts';
import { scrape } from './scrape/scrape.ts';

/** The stages as commands run them: each given what it needs of the context. */

export async function runDiscovery(context: Context, runId: number | null) {
  const jobs = await discovery({ ...discoveryContext(context), runId });
  if (context.isSample) await describeRepositories(context.db, SAMPLE_REPOSITORIES);
  return jobs;
}

/** What discovery is given; also for a rehearsal that changes nothing. */
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
        await putBudgetInForce(context);
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

export async function runScrape(context: Context) {
  const { pipeline, people } = context.config;
  // Nobody else can be at work here, so a job that is held was left by a process that died.
  if (context.isEmbedded) await releaseAllLeases(context.db);
  const progress = createProgress();
  const result = await scrape({
    ...context,
    readers: openReaders(context),
    batchSize: pipeline.batch_size,
    retryDelaysSeconds: pipeline.retries.delays_seconds,
    bots: people.bots,
    onProgress: progress.update,
  });
  progress.finish();
  return result;
}

/** Closes the holes between what the sources know, where GitHub may be asked. */
export async function runReconcile(context: Context): Promise<void> {
  if (!context.sources.includes('github')) return;
  await reconcile({ ...context, client: openGithub(context) });
}

/** Looks the first contributors up, where GitHub may be asked. */
export async function runEnrich(context: Context): Promise<void> {
  if (!context.sources.includes('github')) return;
  await enrichPeople(context, context.config.pipeline.github.enrich_top);
}

/** Looks up the first so many of the board (null: all), and leaves out whom that shows to be out. */
export async function enrichPeople(context: Context, top: number | null): Promise<void> {
  try {
    await enrich({ ...context, client: openGithub(context), top });
  } finally {
    await recalculate(context);
  }
}

export async function runReport(context: Context) {
  const { out } = context.options;
  await requireOurFolder(out);
  const result = await report({ ...context, out, sample: context.isSample });
  await writeJobSummary(context);
  return result;
}

export function runMaintenance(context: Context) {
  const { retention } = context.config.pipeline;
  return maintenance({ ...context, retention, dryRun: context.options.dryRun });
}

/** The repositories of the boards: the configured ones, or those that are invented. */
export function wantedRepositories({ isSample, config, now }: Context) {
  return isSample ? sampleRepositories(now) : config.repositories;
}

/** The sample's repositories; before it began there is nothing to read. */
function sampleRepositories(now: Date) {
  const { from } = sampleWindow(now);
  return SAMPLE_REPOSITORIES.map(({ owner, name, defaultBranch }) => ({
    owner,
    name,
    defaultBranch,
    neverRescrapeBefore: from,
  }));
}

/** Asked for by hand, a window before 2015 is a mistake; a planned one just starts there. */
function refuseOldFormat({ sources, options }: Context): void {
  if (!sources.includes('gharchive') || !options.from || options.from >= ARCHIVE_BEGINS) return;
  throw new UsageError(
    `--from ${options.from.toISOString()}: before 2015-01-01 GH Archive has another format, ` +
      'which is not read; give --from 2015-01-01 or later',
  );
}

/** A repository that is named by hand must be one of those that are tracked. */
function refuseUnknown(context: Context): void {
  const { options } = context;
  const slugs = new Set(
    wantedRepositories(context).map(({ owner, name }) => `${owner}/${name}`.toLowerCase()),
  );
  const unknown = options.repositories?.find((slug) => !slugs.has(slug.toLowerCase()));
  if (unknown === undefined) return;
  throw new UsageError(
    `--repo ${unknown}: it is not in ${options.config}/repos.yaml; add it there`,
  );
}
