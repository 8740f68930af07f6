import type { Db } from '../../../db/client.ts';
import { readLastUsage } from '../../../db/queries/github-lists.ts';
import { reconcileRepositories } from '../../../db/queries/repositories.ts';
import { resolveRenames } from '../../../db/queries/repository-renames.ts';
import { rolledBack } from '../../../db/transactions.ts';
import { fullName } from '../../domain/names.ts';
import type { SourceName } from '../../domain/source.ts';
import type { Context } from '../../runtime/context.ts';
import { print, toPrintableLine } from '../../util/printable.ts';
import { EXIT, UsageError } from '../../util/usage-error.ts';
import {
  describeFileJobs,
  describeGithubJobs,
  describePlan,
  describeRechecks,
} from '../backfill/describe-plan.ts';
import { type BackfillContext, planWindows, readBackfillFacts } from '../backfill/plan-jobs.ts';
import { checkForDryRun } from '../preflight/index.ts';
import {
  type DiscoveryContext,
  discoveryContext,
  dueRepositories,
  limitJobs,
  planJobs,
  readBelieved,
} from './index.ts';
import { rechecksOf } from './plan-rechecks.ts';

interface DryRunContext extends Omit<DiscoveryContext, 'runId' | 'planners'> {
  /** For the sources that cost money. */
  readonly backfills: Partial<Record<SourceName, BackfillContext>>;
}

/**
 * Describes what a run would read and its price. Spends nothing and changes nothing. No worker
 * has to wait, because the locks are released before a source is asked for estimates.
 */
export async function dryRun(context: DryRunContext): Promise<string[]> {
  const plans = await rolledBack(context.db, async (trx) => {
    await reconcileRepositories(trx, await resolveRenames(trx, context.wanted));
    const prepared: DescribePlan[] = [];
    for (const source of context.sources) prepared.push(await prepare(trx, source, context));
    return prepared;
  });
  const lines: string[] = [];
  for (const describe of plans) lines.push(...(await describe()));
  return lines;
}

type DescribePlan = () => Promise<string[]>;

/** Reads the inputs for the plan of a source. */
async function prepare(trx: Db, source: SourceName, context: DryRunContext): Promise<DescribePlan> {
  const all = await readBelieved(trx, source, context);
  const due = dueRepositories(all, context);
  const names = new Map(all.map((repository) => [repository.id, fullName(repository)]));
  const backfill = context.backfills[source];
  if (!backfill) {
    const jobs = limitJobs(planJobs(source, due, context.rules), context);
    if (source !== 'github') return async () => describeFileJobs(source, jobs, names);
    const usage = await readLastUsage(trx);
    const rechecks = await rechecksOf(trx, source, context, jobs);
    return async () => [
      ...describeGithubJobs(source, jobs, names, usage),
      ...describeRechecks(source, rechecks, names),
    ];
  }
  const facts = await readBackfillFacts(trx, due, backfill);
  return async () => describePlan(source, await planWindows(facts, backfill), names);
}

/**
 * `--dry-run`: prints the plan and its price, as far as it can be made, and everything that would
 * stop the real run. Returns the exit code.
 */
export async function printPlan(context: Context): Promise<number> {
  const problem = await problemOf(() => checkForDryRun(context));
  const planProblem = await problemOf(async () => {
    if (context.databaseProblem) return;
    const lines = await dryRun(await discoveryContext(context));
    print(lines.map(toPrintableLine).join('\n'));
  });
  if (planProblem instanceof UsageError && problem === null) throw planProblem;
  if (problem === null && planProblem === null) return EXIT.done;
  const problems = [problem, planProblem].flatMap((error) => error?.message.split('\n') ?? []);
  throw new Error(`The run would stop:\n${[...new Set(problems)].join('\n')}`, {
    cause: planProblem?.cause,
  });
}

async function problemOf(work: () => Promise<unknown>): Promise<Error | null> {
  try {
    await work();
    return null;
  } catch (error) {
    if (error instanceof Error) return error;
    throw error;
  }
}
