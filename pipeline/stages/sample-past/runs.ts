import { addUsage } from '../../../db/queries/github-lists.ts';
import { hasRuns, readClock } from '../../../db/queries/past-runs.ts';
import { reconcileRepositories } from '../../../db/queries/repositories.ts';
import { readNamesById } from '../../../db/queries/run-facts.ts';
import { insertRunLog } from '../../../db/queries/run-log.ts';
import { finishRun, insertRun } from '../../../db/queries/runs.ts';
import { endOfRun } from '../../domain/run.ts';
import { formatSeconds } from '../../domain/time.ts';
import { earlierOf } from '../../domain/window.ts';
import type { Context } from '../../runtime/context.ts';
import { saveBudget } from '../backfill/index.ts';
import { wantedRepositories } from '../discovery/index.ts';
import { endQuery, reserveQuery, writeForecast } from './night-costs.ts';
import { type NightRules, queueNightJob, workOff } from './night-job.ts';
import { listNights, type Night, type NightStage } from './nights.ts';
import { createPastRun, type PastRun } from './past-clock.ts';

/**
 * The sample is read in one run. So that the dashboard shows what many nights leave behind, the runs
 * of the nights before are written, too: with the functions that every run uses, each step moved to
 * the moment when it would have happened.
 */

/** Run it before the first run begins, whose id is to be the last. */
export async function writePastRuns(context: Context): Promise<void> {
  const { db, config, log } = context;
  if (await hasRuns(db)) return;
  const since = await readClock(db);
  const now = earlierOf(context.now, since);
  const wanted = await wantedRepositories(context);
  await db.transaction().execute((trx) => reconcileRepositories(trx, wanted));
  await saveBudget(context);
  const { circuit_breaker: breaker, retries } = config.pipeline;
  const rules: NightRules = {
    retryDelaysSeconds: retries.delays_seconds,
    policy: { failures: breaker.failures, resetMs: breaker.reset_seconds * 1000 },
    repositoryIds: [...(await readNamesById(db)).keys()].toSorted((a, b) => a - b),
  };
  const nights = listNights(now);
  for (const night of nights) {
    const id = await insertRun(db, ['sample'], night.startedAt);
    await writeNight(createPastRun(db, id, night.startedAt, since), night, rules);
  }
  await writeForecast(context, nights.length, now);
  log.info({ runs: nights.length }, 'runs of the nights before are made, as this is the sample');
}

async function writeNight(run: PastRun, night: Night, rules: NightRules): Promise<void> {
  const { db } = run;
  const stage = createStages(run, night);
  const reservation = await stage('discovery', async () => {
    await queueNightJob(run, night, rules);
    run.log({ stage: 'discovery', message: 'jobs queued', fields: { jobs: 1 } });
    return reserveQuery(run, night, rules.repositoryIds);
  });
  const hasFailed = await stage('scrape', async () => {
    const ended = await workOff(run, night, rules);
    if (reservation !== null) await endQuery(run, reservation, night, ended.hasFailed);
    return ended.hasFailed;
  });
  await stage('missing-numbers', () => addUsage(db, usageOf(night, rules), run.now()));
  await stage('calculate', nothing);
  await stage('enrich', nothing);
  const failed = Number(hasFailed);
  const jobs = { jobs_queued: 1, jobs_completed: 1 - failed, jobs_failed: failed };
  const end = endOfRun({ ...jobs, items_refused: 0, stages_failed: 0 });
  await run.step(() => finishRun(db, run.id, end));
  await insertRunLog(db, run.id, run.lines);
}

/** Does the work of a stage, which takes its time, and notes its end. */
function createStages(run: PastRun, night: Night) {
  return async <T>(stage: NightStage, work: () => Promise<T>): Promise<T> => {
    const begin = run.now().getTime();
    const result = await work();
    // A job takes the time of its stage itself.
    if (stage !== 'scrape') run.wait(night.seconds[stage]);
    const seconds = (run.now().getTime() - begin) / 1000;
    const message = `done in ${formatSeconds(seconds)}`;
    run.log({ stage, message, fields: { ended: 'COMPLETED', seconds } });
    return result;
  };
}

const nothing = async () => {};

const usageOf = ({ usage }: Night, { repositoryIds }: NightRules) =>
  usage.flatMap(({ place, points }) => {
    const repositoryId = repositoryIds[place];
    return repositoryId === undefined
      ? []
      : [{ repositoryId, points, requests: Math.round(points * 1.2) }];
  });
