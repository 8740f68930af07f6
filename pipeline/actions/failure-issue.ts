import { z } from 'zod';
import { adviceFor } from '../domain/error-class.ts';
import { codeBlock, escapeMarkdown } from '../util/markdown.ts';
import { toPrintable } from '../util/printable.ts';
import { withoutSecrets } from '../util/secrets.ts';
import type { FinishedRun, RunFailure } from './finished-run.ts';
import { createMarker } from './marker.ts';

/** The texts of the issue about a failing workflow, and the marker that it is found again by. */

/** What an issue remembers: the workflow, its last failed run, and the last comment. */
const memorySchema = z.strictObject({
  workflow: z.string(),
  run: z.int().positive(),
  attempt: z.int().positive(),
  failures: z.int().positive(),
  commented_at: z.iso.datetime(),
});

export type IssueMemory = z.infer<typeof memorySchema>;

export const issueMarker = createMarker('leaderboard-run-report:v1', memorySchema);

/** Whether a run came after another: a later attempt of the same run did, too. */
export function isAfter(
  run: { readonly run: number; readonly attempt: number },
  other: { readonly run: number; readonly attempt: number },
): boolean {
  return run.run > other.run || (run.run === other.run && run.attempt > other.attempt);
}

/** Characters of an excerpt; GitHub takes 65,536 in a body. */
const MOST_EXCERPT = 6_000;
const MOST_NAMED = 20;

export const issueTitle = (run: FinishedRun) => `The workflow ${run.name} fails`;

/** The failure of a run: its stage, repositories, kind of error, excerpt, and what to do. */
export function describeFailure(run: FinishedRun, failure: RunFailure): string {
  const classes = failure.errorClasses.length > 0 ? failure.errorClasses : ['unknown'];
  const excerpt = toPrintable(withoutSecrets(failure.excerpt)).slice(-MOST_EXCERPT);
  return [
    `[Run ${run.run_number}, attempt ${run.run_attempt}](${run.html_url}) failed.`,
    [
      `- Stage: ${list(failure.stages)}`,
      `- Repositories: ${list(failure.repositories)}`,
      `- Error class: ${list(classes)}`,
    ].join('\n'),
    ...(excerpt ? [codeBlock(excerpt)] : []),
    `**What to do**\n\n${adviceFor(classes)
      .map((line) => `- ${line}`)
      .join('\n')}`,
  ].join('\n\n');
}

function list(names: readonly string[]): string {
  if (names.length === 0) return 'none named';
  const shown = names.slice(0, MOST_NAMED).map(escapeMarkdown);
  const more = names.length - shown.length;
  return more > 0 ? `${shown.join(', ')} and ${more} more` : shown.join(', ');
}

/** The body of a new issue. */
export function issueBody(run: FinishedRun, failure: RunFailure, memory: IssueMemory): string {
  return [
    describeFailure(run, failure),
    'This issue is kept up to date by the workflow *Run report*, which closes it after a good run.',
    issueMarker.write(memory),
  ].join('\n\n');
}

export const repeatComment = (run: FinishedRun, failure: RunFailure, { failures }: IssueMemory) =>
  `${describeFailure(run, failure)}\n\nIt failed ${failures} times since this issue was opened.`;

export const recoveryComment = (run: FinishedRun, { failures }: IssueMemory) =>
  `[Run ${run.run_number}](${run.html_url}) succeeded, after ${failures} failed before it.`;
