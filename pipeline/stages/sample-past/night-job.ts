import { admitCall, recordFailure, recordSuccess } from '../../../db/queries/breakers.ts';
import { claimJob, insertJobs } from '../../../db/queries/job-queue.ts';
import { completeJob, failJob, type Job, postponeJob } from '../../../db/queries/jobs.ts';
import type { BreakerPolicy } from '../../domain/breaker.ts';
import { SECOND_MS } from '../../domain/time.ts';
import type { Night, Trouble } from './nights.ts';
import type { PastRun } from './past-clock.ts';

/** The job of a night: what a worker does with it, at the moments of the night. */

const SOURCE = 'sample';
/** Nobody's name: no worker of now gets a job of then. */
const WORKER = 'sample-night';
/** How long an attempt lasts that goes wrong, in seconds. */
const IN_VAIN = 38;

export interface NightRules {
  readonly retryDelaysSeconds: readonly number[];
  readonly policy: BreakerPolicy;
  readonly repositoryIds: readonly number[];
}

export const queueNightJob = ({ db, id, step }: PastRun, { window }: Night, rules: NightRules) =>
  step(() =>
    insertJobs(db, id, [
      { source: SOURCE, jobType: 'incremental', repositoryIds: rules.repositoryIds, ...window },
    ]),
  );

/** Works the job off. Returns it, and whether it failed for good. */
export async function workOff(run: PastRun, night: Night, rules: NightRules) {
  const { trouble } = night;
  const job = await claim(run, night);
  if (trouble) await goWrong(run, job, trouble, rules);
  if (trouble?.kind === 'FAILED') return { job, hasFailed: true };
  const last = trouble ? await tryAgain(run, job, night, trouble, rules) : job;
  run.wait(night.seconds.scrape);
  const counts = {
    ...{ events: night.events, kept: night.kept, users: night.users, bots: 4, renamed: 0 },
    ...{ skipped: { type_not_scored: night.events - night.kept }, noticed: {} },
  };
  await run.step(async (now) => {
    // Elsewhere the breaker is closed already.
    if (trouble) await recordSuccess(run.db, SOURCE, now);
    await completeJob(run.db, last, counts);
  });
  note(run, job, 'info', 'job completed', counts);
  return { job, hasFailed: false };
}

async function claim(run: PastRun, { window }: Night): Promise<Job> {
  const job = await run.step(() => claimJob(run.db, WORKER, [SOURCE]));
  if (!job) throw new Error('the job of a night of the sample cannot be claimed');
  const fields = { source: SOURCE, repositories: job.repository_ids.length, ...window };
  note(run, job, 'info', 'job started', fields);
  return job;
}

/** The attempt fails, and with it the source: a quota that is used up opens its breaker at once. */
async function goWrong(
  run: PastRun,
  job: Job,
  { kind, errorClass, message }: Trouble,
  { retryDelaysSeconds, policy }: NightRules,
): Promise<void> {
  run.wait(IN_VAIN);
  const delay = await run.step(async (now) => {
    await recordFailure(run.db, SOURCE, policy, now, kind === 'WAITED');
    const delays = kind === 'FAILED' ? [] : retryDelaysSeconds;
    return failJob(run.db, job, { errorClass, message, retryDelaysSeconds: delays });
  });
  const fate = delay === null ? 'no retry' : `retry in ${delay} s`;
  note(run, job, 'warn', `job failed: ${fate}`, { source: SOURCE, errorClass, error: message });
  run.wait(delay ?? 0);
}

/** The next attempt; while the breaker is open, it waits, and does not count. */
async function tryAgain(
  run: PastRun,
  job: Job,
  night: Night,
  { kind }: Trouble,
  { policy }: NightRules,
): Promise<Job> {
  const held = await claim(run, night);
  if (kind !== 'WAITED') return held;
  const admission = await run.step((now) => admitCall(run.db, SOURCE, policy, now));
  if (admission.isAdmitted) return held;
  const { retryAt } = admission;
  await run.step(() => postponeJob(run.db, held, retryAt));
  const message = `${SOURCE}: circuit open after failures until ${retryAt.toISOString()}`;
  note(run, job, 'warn', message, { source: SOURCE, retryAt });
  run.wait((retryAt.getTime() - run.now().getTime()) / SECOND_MS);
  const trial = await claim(run, night);
  await run.step((now) => admitCall(run.db, SOURCE, policy, now));
  return trial;
}

const note = (
  run: PastRun,
  { id }: Job,
  level: 'info' | 'warn',
  message: string,
  fields: Readonly<Record<string, unknown>>,
) => run.log({ level, stage: 'scrape', jobId: id, message, fields });
