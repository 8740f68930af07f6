import { toPrintableLine } from '../../util/printable.ts';

/** Parts of a report, for a terminal or as Markdown for a summary or a comment. */

/** A name from outside: it is shown as a name only. */
export interface Name {
  readonly name: string;
}

/** A text of our own, with names among it. */
export type Text = string | readonly (string | Name)[];

export interface Block {
  readonly title: string;
  readonly lines?: readonly Text[];
  readonly table?: {
    readonly head: readonly string[];
    readonly rows: readonly (readonly Text[])[];
  };
  /** In Markdown it is shown once it is opened. */
  readonly isFolded?: boolean;
}

const partsOf = (text: Text) => (typeof text === 'string' ? [text] : text);

const plain = (text: Text): string =>
  partsOf(text)
    .map((part) => (typeof part === 'string' ? part : toPrintableLine(part.name)))
    .join('');

const marked = (text: Text): string =>
  partsOf(text)
    .map((part) => (typeof part === 'string' ? part : code(part.name)))
    .join('');

/**
 * In a code span, no text is HTML, a link, or a mention that notifies somebody. Characters that
 * could end the span or the cell do not occur in GitHub's logins and are replaced.
 */
const code = (name: string) =>
  `\`${
    toPrintableLine(name)
      .replace(/[`|\\]/g, '\ufffd')
      .trim() || '\ufffd'
  }\``;

export function renderText(blocks: readonly Block[]): string {
  return blocks
    .map(({ title, lines = [], table }) =>
      [title, ...lines.map((line) => `  ${plain(line)}`), ...(table ? textTable(table) : [])].join(
        '\n',
      ),
    )
    .join('\n\n');
}

function textTable({ head, rows }: NonNullable<Block['table']>): string[] {
  const all = [head, ...rows.map((row) => row.map(plain))];
  const widths = head.map((_, i) => Math.max(...all.map((row) => [...(row[i] ?? '')].length)));
  return all.map((row) =>
    `  ${row.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join('  ')}`.trimEnd(),
  );
}

/** Each block; empty lines go between them. */
export const renderMarkdown = (blocks: readonly Block[]): string[] => blocks.map(markdownBlock);

function markdownBlock({ title, lines = [], table, isFolded }: Block, place: number): string {
  const parts = [
    ...(lines.length > 0 ? [lines.map((line) => `- ${marked(line)}`).join('\n')] : []),
    ...(table ? [markdownTable(table)] : []),
  ];
  if (isFolded)
    return [`<details><summary>${title}</summary>`, ...parts, '</details>'].join('\n\n');
  return [`${place === 0 ? '###' : '####'} ${title}`, ...parts].join('\n\n');
}

function markdownTable({ head, rows }: NonNullable<Block['table']>): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  const body = rows.map((row) => line(row.map(marked)));
  return [line(head), `|${'---|'.repeat(head.length)}`, ...body].join('\n');
}
