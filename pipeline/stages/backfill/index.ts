import { upsertBudgetSettings } from '../../../db/queries/budget.ts';
import { budgetSettings } from '../../config/schema/budget.ts';
import type { WindowRules } from '../../domain/plan-window.ts';
import type { SourceName } from '../../domain/source.ts';
import { type Context, wallClock } from '../../runtime/context.ts';
import type { PaidSource } from '../../sources/source.ts';
import { sourceContext } from '../open-sources.ts';
import type { BackfillContext } from './plan-jobs.ts';

/** Saves the budget of the configuration, which is then in force. */
export async function saveBudget({ db, config }: Context): Promise<void> {
  await upsertBudgetSettings(db, budgetSettings(config.budget), wallClock());
}

/** The inputs for the plan of a source that costs money. */
export function backfillContext(
  context: Context,
  rules: WindowRules,
  source: SourceName,
  paid: PaidSource,
): BackfillContext {
  const { db, log, config } = context;
  const ofSource = sourceContext(context, source);
  return {
    source,
    db,
    log,
    rules,
    includeDamaged: paid.includesDamaged(ofSource),
    credits: paid.credits(ofSource),
    settings: budgetSettings(config.budget),
    estimateBytes: (window, repositories) => paid.estimateBytes(ofSource, window, repositories),
    clock: wallClock,
  };
}
