import type { Db } from '../../db/client.ts';
import { withPresentNames } from '../../db/queries/metadata.ts';
import { readRepositoriesToPlan, reconcileRepositories } from '../../db/queries/repositories.ts';
import { fullStart } from '../domain/plan-window.ts';
import { describeJobs, describePlan } from './describe-plan.ts';
import { type DiscoveryContext, dueRepositories, planJobs } from './discovery.ts';
import { type BigQueryPlanContext, planBigQuery } from './plan-bigquery.ts';
import { rolledBack } from './rolled-back.ts';

/** What a rehearsal needs beside what discovery does, given the transaction it happens in. */
export interface Rehearsal extends Omit<DiscoveryContext, 'runId' | 'planners'> {
  readonly bigQuery: (trx: Db) => Promise<BigQueryPlanContext>;
}

/** Says what a run would read and what that would cost. Spends nothing and changes nothing. */
export async function rehearse(rehearsal: Rehearsal): Promise<string[]> {
  return await rolledBack(rehearsal.db, async (trx) => {
    await reconcileRepositories(trx, await withPresentNames(trx, rehearsal.wanted));
    const lines: string[] = [];
    for (const source of rehearsal.sources) {
      const all = await readRepositoriesToPlan(trx, source, fullStart(rehearsal.rules));
      const due = dueRepositories(all, rehearsal);
      const names = new Map(all.map(({ id, owner, name }) => [id, `${owner}/${name}`]));
      lines.push(
        ...(source === 'bigquery'
          ? describePlan(await planBigQuery(due, await rehearsal.bigQuery(trx)), names)
          : describeJobs(source, planJobs(source, due, rehearsal), names)),
      );
    }
    return lines;
  });
}
