import type { Move, Place, RankedPerson } from '../../domain/compare-ranks.ts';
import type { PreviewFormat } from '../../runtime/options.ts';
import type { ConfigPreview } from './index.ts';

/** Most people shown of each group (moved, entered, left), so that a comment stays readable. */
const SHOWN = 20;

const HEADINGS = ['contributor', 'change', 'rank', 'score'] as const;

type Row = readonly [login: string, change: string, rank: string, score: string];

/** The changes of a configuration, for a terminal or for a comment on a pull request. */
export function formatPreview(preview: ConfigPreview, format: PreviewFormat): string {
  const rows = rowsOf(preview);
  const summary = summaryOf(preview);
  const isText = format === 'text';
  const table = isText ? textTable(rows) : markdownTable(rows);
  const blocks = [
    isText ? 'What this configuration does to the ranks' : '### What this configuration does',
    (isText ? summary : summary.map((line) => `- ${line}`)).join('\n'),
    ...(rows.length > 0 ? [table] : []),
    'This is a preview: nothing is changed.',
  ];
  return `${blocks.join('\n\n')}\n`;
}

function summaryOf({ ranks, repositories, ...preview }: ConfigPreview): string[] {
  const { moved, rescored, entered, left } = ranks;
  const leaving = left.length + preview.optedOut;
  const hidden = [moved, entered, left].reduce((sum, { length }) => sum + over(length), 0);
  const { added, archived, restored } = repositories;
  return [
    `Global board, all time: ${count(ranks.before)} before, ${count(ranks.after)} after`,
    `${number(moved.length)} move, ${number(entered.length)} enter, ${number(leaving)} leave, ` +
      `${number(rescored.length)} keep their rank with another score`,
    `Weights: ${preview.isReweighted ? 'changed' : 'the same'}; accounts that become or cease ` +
      `to be a bot, opted out or an alias: ${number(preview.accountsChanged)}`,
    `Repositories: ${added} new (they count once they are read), ${archived} removed, ` +
      `${restored} back`,
    ...(preview.optedOut > 0 ? [`Opted out, and therefore not named: ${preview.optedOut}`] : []),
    ...(hidden > 0 ? [`Not shown below: ${number(hidden)} more`] : []),
  ];
}

const over = (length: number) => Math.max(length - SHOWN, 0);

function rowsOf({ ranks }: ConfigPreview): Row[] {
  const first = <T>(people: readonly T[]) => people.slice(0, SHOWN);
  return [
    ...first(ranks.moved).map(moveRow),
    ...first(ranks.entered).map((person) => rowOf(person, 'enters', null, person)),
    ...first(ranks.left).map((person) => rowOf(person, 'leaves', person, null)),
  ];
}

function moveRow(move: Move): Row {
  const steps = move.before.rank - move.after.rank;
  const change = `${steps > 0 ? '▲' : '▼'} ${number(Math.abs(steps))}`;
  return rowOf(move, change, move.before, move.after);
}

function rowOf(
  { login }: Pick<RankedPerson, 'login'>,
  change: string,
  before: Place | null,
  after: Place | null,
): Row {
  const arrow = (part: keyof Place) => `${shown(before?.[part])} → ${shown(after?.[part])}`;
  return [login, change, arrow('rank'), arrow('score')];
}

const shown = (value: number | undefined) => (value === undefined ? '–' : number(value));

/** Scores have at most three decimals. */
const number = (value: number) => value.toLocaleString('en-US', { maximumFractionDigits: 3 });
const count = (people: number) => (people === 1 ? '1 person' : `${number(people)} people`);

function textTable(rows: readonly Row[]): string {
  const all = [HEADINGS, ...rows.map(([login, ...rest]) => [plain(login), ...rest])];
  const widths = HEADINGS.map((_, i) => Math.max(...all.map((row) => [...(row[i] ?? '')].length)));
  const line = (row: readonly string[]) =>
    row.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join('  ');
  return all.map((row) => line(row).trimEnd()).join('\n');
}

function markdownTable(rows: readonly Row[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  const body = rows.map(([login, ...rest]) => line([code(login), ...rest]));
  return [line(HEADINGS), '|---|---|---|---|', ...body].join('\n');
}

/** Replaces characters that move the cursor of a terminal or reverse the text. */
const plain = (login: string) => login.replace(/[\p{C}\p{Zl}\p{Zp}]/gu, '\ufffd');

/**
 * In a code span, no text is HTML, a link, or a mention that notifies somebody. Characters that
 * could end the span or the cell do not occur in GitHub's logins and are replaced.
 */
const code = (login: string) => `\`${plain(login).replace(/[`|\\]/g, '\ufffd') || '\ufffd'}\``;
