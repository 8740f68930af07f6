import { toPrintableLine } from './printable.ts';

/** Texts from outside in Markdown: the summary of a run, an issue, a comment. */

/**
 * Text on one line that is neither HTML nor Markdown, and may stand in a cell of a table. It names
 * no person and no issue, either: a zero-width space follows each `@` and `#`.
 */
export function escapeMarkdown(text: string): string {
  const line = toPrintableLine(text.replaceAll(/[ \n]+/g, ' '));
  return line
    .replaceAll(/[\\`*_[\]|~]/g, '\\$&')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll(/[@#]/g, '$&\u200B');
}

/** Lines of text in a block of code that is longer fenced than any fence in the text. */
export function codeBlock(lines: string): string {
  const longest = Math.max(2, ...[...lines.matchAll(/`+/g)].map(([ticks]) => ticks.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}text\n${lines}\n${fence}`;
}

/** A table; the cells of its rows are escaped. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [
    line(head),
    line(head.map(() => '---')),
    ...rows.map((row) => line(row.map(escapeMarkdown))),
  ].join('\n');
}
