import { z } from 'zod';
import type { BudgetSettings } from '../../domain/budget.ts';

export const budgetSchema = z
  .strictObject({
    daily_limit_usd: z
      .number()
      .min(0)
      .default(5)
      .describe('Most that the queries of a UTC day may cost, in US dollars. 0: none is made.'),
    monthly_limit_usd: z
      .number()
      .min(0)
      .default(50)
      .describe('Most that the queries of a UTC month may cost, in US dollars.'),
    warning_threshold: z
      .number()
      .min(0)
      .max(1)
      .default(0.8)
      .describe('Share of a limit, 0 to 1, from which a warning is given.'),
    price_per_tib_usd: z
      .number()
      .min(0)
      .default(6.25)
      .describe("BigQuery's price for a TiB (2^40 bytes) read, in US dollars."),
    free_tib_per_month: z
      .number()
      .min(0)
      .default(0)
      .describe('TiB a month that cost nothing (BigQuery gives 1 to a billing account).'),
  })
  .meta({ title: 'Budget', description: 'What BigQuery may cost.' });

/** `config/budget.yaml` as the rules of the budget take it. */
export function budgetSettings(budget: z.infer<typeof budgetSchema>): BudgetSettings {
  return {
    dailyLimitUsd: budget.daily_limit_usd,
    monthlyLimitUsd: budget.monthly_limit_usd,
    warningThreshold: budget.warning_threshold,
    pricePerTibUsd: budget.price_per_tib_usd,
    freeTibPerMonth: budget.free_tib_per_month,
  };
}
