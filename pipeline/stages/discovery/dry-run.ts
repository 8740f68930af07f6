import type { Db } from '../../../db/client.ts';
import { readRepositoriesToPlan, reconcileRepositories } from '../../../db/queries/repositories.ts';
import { resolveRenames } from '../../../db/queries/repository-renames.ts';
import { rolledBack } from '../../../db/transactions.ts';
import { fullStart } from '../../domain/plan-window.ts';
import { fullName } from '../../domain/repository-name.ts';
import type { SourceName } from '../../domain/source.ts';
import type { Context } from '../../runtime/context.ts';
import { EXIT } from '../../util/usage-error.ts';
import { describeJobs, describePlan } from '../backfill/describe-plan.ts';
import {
  type BigQueryPlanContext,
  planBigQuery,
  readBigQueryFacts,
} from '../backfill/plan-bigquery.ts';
import { bigQueryPlanContext } from '../open-bigquery.ts';
import { type DiscoveryContext, discoveryContext, dueRepositories, planJobs } from './index.ts';

/** What a rehearsal needs beside what discovery does. */
export interface Rehearsal extends Omit<DiscoveryContext, 'runId' | 'planners'> {
  /** Opened only where BigQuery is one of the sources. */
  readonly bigQuery: () => BigQueryPlanContext;
}

/**
 * Says what a run would read and what that would cost. Spends nothing and changes nothing, and
 * keeps no worker waiting: what it locked is free again before BigQuery is asked.
 */
export async function rehearse(rehearsal: Rehearsal): Promise<string[]> {
  const plans = await rolledBack(rehearsal.db, async (trx) => {
    await reconcileRepositories(trx, await resolveRenames(trx, rehearsal.wanted));
    const prepared: DescribePlan[] = [];
    for (const source of rehearsal.sources) prepared.push(await prepare(trx, source, rehearsal));
    return prepared;
  });
  const lines: string[] = [];
  for (const describe of plans) lines.push(...(await describe()));
  return lines;
}

type DescribePlan = () => Promise<string[]>;

/** Reads what the plan of a source is made from. */
async function prepare(trx: Db, source: SourceName, rehearsal: Rehearsal): Promise<DescribePlan> {
  const all = await readRepositoriesToPlan(trx, source, fullStart(rehearsal.rules));
  const due = dueRepositories(all, rehearsal);
  const names = new Map(all.map((repository) => [repository.id, fullName(repository)]));
  if (source !== 'bigquery') {
    return async () => describeJobs(source, planJobs(source, due, rehearsal), names);
  }
  const context = rehearsal.bigQuery();
  const facts = await readBigQueryFacts(trx, due, context);
  return async () => describePlan(await planBigQuery(facts, context), names);
}

/** `--dry-run`: prints what would be read and what it would cost. Returns the exit code. */
export async function printPlan(context: Context): Promise<number> {
  const plan = discoveryContext(context);
  const bigQuery = () => bigQueryPlanContext(context, plan.rules);
  const lines = await rehearse({ ...plan, bigQuery });
  process.stdout.write(`${lines.join('\n')}\n`);
  return EXIT.done;
}
