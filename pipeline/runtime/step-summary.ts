import { appendFileSync, statSync } from 'node:fs';

/** GitHub refuses the summary of a step above 1 MiB. */
const MOST_BYTES = 1_000_000;

const NOTE = '\n\n(The rest is left out: GitHub takes no longer summary.)\n';

/** The file that takes the summary of a step; null outside of GitHub Actions. */
export const summaryPath = () => process.env.GITHUB_STEP_SUMMARY || null;

/** Appends Markdown to the summary of the step, as far as GitHub takes it. */
export function appendSummary(path: string, markdown: string): void {
  const used = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  appendFileSync(path, cutSummary(markdown, MOST_BYTES - used));
}

/** The first lines, as many as fit. */
export function cutSummary(markdown: string, bytes: number): string {
  if (Buffer.byteLength(markdown) <= bytes) return markdown;
  const room = bytes - Buffer.byteLength(NOTE);
  if (room <= 0) return '';
  // Half a character at the end is a part of the line that is left out.
  const start = Buffer.from(markdown).subarray(0, room).toString();
  return `${start.slice(0, start.lastIndexOf('\n') + 1)}${NOTE}`;
}
