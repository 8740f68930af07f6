import type { Db } from '../../../db/client.ts';
import { upsertContributions } from '../../../db/queries/contributions.ts';
import { recordAccounts } from '../../../db/queries/contributors.ts';
import { removeDeadLetters, type StoredLetter } from '../../../db/queries/dead-letters.ts';
import { type NewJob, queueJobs, readLastJobId } from '../../../db/queries/job-queue.ts';
import { readPlanOfJob } from '../../../db/queries/jobs.ts';
import { readRepositoriesById } from '../../../db/queries/repositories.ts';
import { refusalOf } from '../../../db/transactions.ts';
import { type FailedPart, parseLetter } from './parse-letter.ts';

/** What became of a letter that was to be tried again. */
export interface RetryResult {
  readonly isRetried: boolean;
  readonly message: string;
}

/** Stores the item of a letter, or queues its job again; then the letter is deleted. */
export async function retryLetter(db: Db, letter: StoredLetter): Promise<RetryResult> {
  const part = parseLetter(letter);
  if (part.type === 'item') return storeItem(db, letter, part);
  if (part.type === 'plan') return leaveToNextRun(db, letter);
  const planned = part.type === 'job' ? planAgain(letter, part) : await planPart(db, letter, part);
  if (planned) return queueAgain(db, letter, planned);
  const message =
    'the job that read it is gone: name its repository with `--repo` and `--job-type full`';
  return { isRetried: false, message };
}

async function leaveToNextRun(db: Db, { id }: StoredLetter): Promise<RetryResult> {
  await removeDeadLetters(db, 'DEAD_LETTER_RETRIED', [id]);
  return { isRetried: true, message: 'the next run plans it again' };
}

async function storeItem(
  db: Db,
  { id, source }: StoredLetter,
  { contribution, observation }: Extract<FailedPart, { type: 'item' }>,
): Promise<RetryResult> {
  const { account, occurredAt } = contribution ?? {};
  const seen =
    account && occurredAt ? { ...account, firstSeenAt: occurredAt, lastSeenAt: occurredAt } : null;
  const people = [observation, seen].filter((one) => one !== null);
  const refusal = await db.transaction().execute((trx) =>
    refusalOf(trx, async () => {
      await recordAccounts(trx, people);
      await upsertContributions(trx, source, contribution ? [contribution] : []);
      await removeDeadLetters(trx, 'DEAD_LETTER_RETRIED', [id]);
    }),
  );
  if (refusal !== null) return { isRetried: false, message: `refused again: ${refusal}` };
  return { isRetried: true, message: 'stored: the next calculation counts it' };
}

function planAgain(
  { source }: StoredLetter,
  { jobType, repositoryIds, from, to }: Extract<FailedPart, { type: 'job' }>,
): NewJob {
  return { source, jobType, repositoryIds, from, to };
}

/** All of what its job read of the repository: only that shows the item again. */
async function planPart(
  db: Db,
  { source, job_id }: StoredLetter,
  { repositoryId }: Extract<FailedPart, { type: 'part' }>,
): Promise<NewJob | null> {
  if (repositoryId === null || job_id === null) return null;
  const window = await readPlanOfJob(db, job_id);
  return window && { source, jobType: 'full', repositoryIds: [repositoryId], ...window };
}

async function queueAgain(db: Db, { id }: StoredLetter, planned: NewJob): Promise<RetryResult> {
  const repositories = await readRepositoriesById(db, planned.repositoryIds);
  const repositoryIds = repositories.map((repository) => repository.id);
  if (repositoryIds.length === 0) {
    return { isRetried: false, message: 'none of its repositories is tracked any more: drop it' };
  }
  const jobs = await queueJobs(db, null, [{ ...planned, repositoryIds }], await readLastJobId(db));
  if (jobs.length === 0) {
    return { isRetried: false, message: 'another job of its repositories is in the queue: later' };
  }
  await removeDeadLetters(db, 'DEAD_LETTER_RETRIED', [id]);
  return { isRetried: true, message: 'queued again: the next run reads it' };
}
