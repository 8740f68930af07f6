import { formatProblem } from '../config/issue.ts';
import { markdownOf } from '../stages/preview/format-report.ts';
import { codeBlock } from '../util/markdown.ts';
import { toPrintableLine } from '../util/printable.ts';
import type { ConfigPreview } from './config-preview-document.ts';

/** The preview of a pull request in Markdown: the summary of its run, and the comment on it. */

/** The comment begins with it, and is found again by it. */
export const COMMENT_MARKER = '<!-- leaderboard-config-preview:v1 -->';

/** Bytes. GitHub takes 65,536 characters in a comment. */
const MOST_OF_COMMENT = 64_000;

/** Bytes. GitHub takes 1 MiB in a summary. */
const MOST_OF_SUMMARY = 900_000;

/** Problems that are listed; the page of the run has all of them. */
const PROBLEMS_LISTED = 20;

export const summaryText = (document: ConfigPreview): string =>
  `${withRoom([headOf(document)], document, [END], MOST_OF_SUMMARY, SUMMARY_CUT)}\n`;

const SUMMARY_CUT =
  'The rest is too long for a summary: `npm run config:preview -- --published URL --format markdown` has it.';

interface CommentPlace {
  /** The page of the run that made the preview. */
  readonly runUrl: string;
  /** Whether the pull request changes the workflow that made the preview. */
  readonly changesWorkflows: boolean;
}

export function commentText(document: ConfigPreview, place: CommentPlace): string {
  const before = [COMMENT_MARKER, headOf(document), ...(place.changesWorkflows ? [UNTRUSTED] : [])];
  const after = `${END} Each push brings this comment up to date. [The run](${place.runUrl}) has it as its summary.`;
  const cut = `The rest is too long for a comment: [the summary of the run](${place.runUrl}) has it.`;
  return withRoom(before, document, [after], MOST_OF_COMMENT, cut);
}

/** As many parts of the preview as there is room for. @param cut is said where that is not all */
function withRoom(
  before: readonly string[],
  document: ConfigPreview,
  after: readonly string[],
  most: number,
  cut: string,
): string {
  const size = (part: string) => Buffer.byteLength(part) + 2;
  let room = most - [...before, cut, ...after].reduce((sum, part) => sum + size(part), 0);
  const body = bodyOf(document);
  const end = body.findIndex((part) => {
    room -= size(part);
    return room < 0;
  });
  const shown = end < 0 ? body : [...body.slice(0, end), cut];
  return [...before, ...shown, ...after].join('\n\n');
}

const UNTRUSTED =
  '**This pull request also changes files under `.github/`**: it may have written itself what ' +
  'stands here. Read those files first.';

const END = 'Nothing is changed before the pull request is merged and the next run has ended.';

const headOf = ({ commit, problems }: ConfigPreview) =>
  problems.length > 0
    ? `Commit ${commit}: **the configuration is not valid.** It can be merged once this is put right:`
    : `Commit ${commit}: the configuration is valid.`;

function bodyOf({ problems, preview, obstacle }: ConfigPreview): string[] {
  if (problems.length > 0) return describeProblems(problems);
  if (preview) return markdownOf(preview);
  return obstacle ? ['There is no preview:', codeBlock(toPrintableLine(obstacle))] : [];
}

function describeProblems(problems: ConfigPreview['problems']): string[] {
  const shown = problems.slice(0, PROBLEMS_LISTED).map(formatProblem);
  const more = problems.length - shown.length;
  return [codeBlock(shown.join('\n')), ...(more > 0 ? [`And ${more} more.`] : [])];
}
