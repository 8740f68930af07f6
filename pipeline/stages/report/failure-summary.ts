import { formatSeconds } from '../../domain/time.ts';
import type { Journal } from '../../runtime/journal.ts';
import { codeBlock, escapeMarkdown, table } from '../../util/markdown.ts';
import { toPrintable } from '../../util/printable.ts';

/** Characters of a message. */
const MOST = 10_000;

/** The summary of a run that failed before its documents were written, as Markdown. */
export function buildFailureSummary({ command, stages }: Pick<Journal, 'command' | 'stages'>) {
  const failed = stages.findLast(({ status }) => status === 'FAILED');
  const rows = stages.map((stage) => [
    stage.stage,
    stage.status.toLowerCase(),
    formatSeconds(stage.seconds),
  ]);
  return [
    `## ${escapeMarkdown(command)} failed${failed ? ` in ${escapeMarkdown(failed.stage)}` : ''}`,
    codeBlock(toPrintable(failed?.message ?? 'no message').slice(0, MOST)),
    'What was published before stays as it was.',
    table(['Stage', 'Ended', 'Took'], rows),
    '',
  ].join('\n\n');
}
