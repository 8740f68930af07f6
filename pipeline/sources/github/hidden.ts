import { z } from 'zod';
import type { Contribution } from '../../domain/contribution.ts';
import type { Outcome } from './outcome.ts';

/**
 * What was hidden on GitHub ("minimized") as spam or abuse counts only if the setting
 * `count_hidden` says so. What was hidden for another reason (outdated, resolved, off-topic,
 * duplicate) is work all the same, and counts.
 */

/** Of GraphQL's `Minimizable`: comments and reviews. */
export const HIDDEN_FIELDS = 'isMinimized minimizedReason';

export const hiddenSchema = z.object({
  isMinimized: z.boolean(),
  minimizedReason: z.string().nullable(),
});

/** GitHub's reasons are written in one way by GraphQL and in another by REST. */
const REASONS: readonly string[] = ['spam', 'abuse'];

/** Whether GitHub's reason for hiding something takes its credit away. */
export const isBadReason = (reason: string | null | undefined) =>
  REASONS.includes(reason?.toLowerCase() ?? '');

/** Whether something of GraphQL was hidden as spam or abuse. */
export const isHidden = ({ isMinimized, minimizedReason }: z.infer<typeof hiddenSchema>) =>
  isMinimized && isBadReason(minimizedReason);

/** The contribution; or, if what it is made of was hidden, that it does not count. */
export function unlessHidden(
  contribution: Contribution,
  isHiddenHere: boolean,
  { countHidden }: { readonly countHidden: boolean },
): Outcome {
  return isHiddenHere && !countHidden ? { skipped: 'hidden', hidden: contribution } : contribution;
}
