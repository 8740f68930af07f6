import { toPrintableLine, withoutCommands } from '../../util/printable.ts';

/** Parts of a report, for a terminal or as Markdown for a summary or a comment. */

/** A name from outside: it is shown as a name only. */
export interface Name {
  readonly name: string;
}

/** A text of our own, with names among it. */
export type Text = string | readonly (string | Name)[];

export interface Block {
  readonly title: Text;
  readonly lines?: readonly Text[];
  readonly table?: {
    readonly head: readonly string[];
    readonly rows: readonly (readonly Text[])[];
  };
}

/** Blocks that Markdown shows once they are opened. */
export interface Fold {
  readonly title: Text;
  readonly blocks: readonly Block[];
}

export const partsOf = (text: Text) => (typeof text === 'string' ? [text] : text);

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

/** In HTML, where no Markdown is read. What no name on GitHub has is replaced. */
const html = (text: Text): string =>
  partsOf(text)
    .map((part) => (typeof part === 'string' ? part : htmlCode(part.name)))
    .join('');

const htmlCode = (name: string) =>
  `<code>${toPrintableLine(name).replace(/[^\w./-]/g, '\ufffd') || '\ufffd'}</code>`;

export function renderText(blocks: readonly (Block | Fold)[]): string {
  const parts = blocks
    .flatMap((block) => ('blocks' in block ? block.blocks : block))
    .map(({ title, lines = [], table }) =>
      [
        plain(title),
        ...lines.map((line) => `  ${plain(line)}`),
        ...(table ? textTable(table) : []),
      ].join('\n'),
    );
  // A name and what follows it may make a command together.
  return withoutCommands(parts.join('\n\n'));
}

function textTable({ head, rows }: NonNullable<Block['table']>): string[] {
  const all = [head, ...rows.map((row) => row.map(plain))];
  const widths = head.map((_, i) => Math.max(...all.map((row) => [...(row[i] ?? '')].length)));
  return all.map((row) =>
    `  ${row.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join('  ')}`.trimEnd(),
  );
}

/** Each block or fold; empty lines go between them. */
export const renderMarkdown = (blocks: readonly (Block | Fold)[]): string[] =>
  blocks.map((block, place) =>
    'blocks' in block ? markdownFold(block) : markdownBlock(block, place === 0 ? '###' : '####'),
  );

function markdownFold({ title, blocks }: Fold): string {
  const parts = blocks.map((block) => markdownBlock(block, '#####'));
  return [`<details><summary>${html(title)}</summary>`, ...parts, '</details>'].join('\n\n');
}

function markdownBlock({ title, lines = [], table }: Block, heading: string): string {
  return [
    `${heading} ${marked(title)}`,
    ...(lines.length > 0 ? [lines.map((line) => `- ${marked(line)}`).join('\n')] : []),
    ...(table ? [markdownTable(table)] : []),
  ].join('\n\n');
}

function markdownTable({ head, rows }: NonNullable<Block['table']>): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  const body = rows.map((row) => line(row.map(marked)));
  return [line(head), `|${'---|'.repeat(head.length)}`, ...body].join('\n');
}
