import type { Context } from '../../runtime/context.ts';
import { EXIT } from '../../util/usage-error.ts';
import { bigQueryPlanContext } from '../open-bigquery.ts';
import { discoveryContext } from '../run-stages.ts';
import { rehearse } from './dry-run.ts';

/** `--dry-run`: prints what would be read and what it would cost. Returns the exit code. */
export async function printPlan(context: Context): Promise<number> {
  const plan = discoveryContext(context);
  const bigQuery = () => bigQueryPlanContext(context, plan.rules);
  const lines = await rehearse({ ...plan, bigQuery });
  process.stdout.write(`${lines.join('\n')}\n`);
  return EXIT.done;
}
