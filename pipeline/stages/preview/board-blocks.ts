import {
  CONTRIBUTION_KIND_TABLE,
  SCORE_PARTS,
  type ScorePart,
} from '../../domain/contribution-kinds.ts';
import { causeOf } from './compare-boards.ts';
import { type Block, type Fold, partsOf, type Text } from './render-blocks.ts';
import type { BeforeAfter, BoardChange, Cause, Mover, Standing } from './report.ts';

/** What a preview shows of a board. */

export const ALL_REPOSITORIES = 'All repositories';

/** Scores have at most three decimals. Made once: a preview has a hundred thousand numbers. */
const FORMAT = new Intl.NumberFormat('en-US', { maximumFractionDigits: 3 });
export const number = (value: number) => FORMAT.format(value);

const percent = (share: number | null) => (share === null ? '–' : `${(share * 100).toFixed(1)} %`);

/** `3`, or `3 → 5`. */
export const change = <T>({ before, after }: BeforeAfter<T>, show: (value: T) => string) =>
  show(before) === show(after) ? show(after) : `${show(before)} → ${show(after)}`;

const PERIOD_NAMES = {
  all: 'all time',
  year: 'year',
  quarter: '90 days',
  month: '30 days',
  week: '7 days',
} as const;

export const periodName = ({ period }: Pick<BoardChange, 'period'>) => PERIOD_NAMES[period];

/** `▲ 3`; `enters`. */
function describeMove({ before, after }: Standing): string {
  if (!before) return 'enters';
  if (!after) return 'leaves';
  const steps = before.rank - after.rank;
  if (steps === 0) return '–';
  return `${steps > 0 ? '▲' : '▼'} ${number(Math.abs(steps))}`;
}

const WHY = { own: 'own score', others: 'others' } as const;

/** Empty where nobody moves. */
function whyOf({ before, after }: Standing): string {
  if (!before || !after || before.rank === after.rank) return '';
  return WHY[causeOf({ before, after })];
}

const HEAD = ['contributor', 'change', 'by', 'rank', 'score'] as const;

function standingRow(standing: Standing): Text[] {
  const { login, before, after } = standing;
  const show = (value: number | undefined) => (value === undefined ? '–' : number(value));
  return [
    [{ name: login }],
    describeMove(standing),
    whyOf(standing),
    change({ before: before?.rank, after: after?.rank }, show),
    change({ before: before?.score, after: after?.score }, show),
  ];
}

/** Who moves, and the first of a board, if there is anything to say. */
export const largestMove = ([first]: readonly Mover[]): Text =>
  first ? [{ name: first.login }, ` ${describeMove(first)}`] : '–';

/** One board in each period. */
export function periodsBlock(scope: Text, boards: readonly BoardChange[]): Block {
  return {
    title: [...partsOf(scope), ', by period'],
    table: {
      head: [
        ...['period', 'people', 'move by own score', 'move as others did', 'keep their rank'],
        ...['enter', 'leave', 'share of the first ten', 'median score'],
      ],
      rows: boards.map((board) => [
        periodName(board),
        change(board.people, number),
        number(board.moved.own),
        number(board.moved.others),
        number(board.kept),
        number(board.entered),
        number(board.left),
        change(
          { before: board.spread.before.top_ten_share, after: board.spread.after.top_ten_share },
          percent,
        ),
        change(
          { before: board.spread.before.median, after: board.spread.after.median },
          (median) => (median === null ? '–' : number(median)),
        ),
      ]),
    },
  };
}

/** The first ten of a board, the largest moves by own score, those as others did, and who enters and leaves. */
export function movesBlocks(scope: Text, board: BoardChange): Block[] {
  const where = whereOf(scope, board);
  const of = (cause: Cause) => board.movers.filter((mover) => mover.cause === cause);
  const [own, others] = [of('own'), of('others')];
  const moves = [...own, ...others, ...board.entering, ...board.leaving];
  const top: Block = {
    title: [...where, ': the first ten'],
    table: { head: HEAD, rows: board.top.map(standingRow) },
  };
  if (moves.length === 0) return [top];
  const hidden = [
    [board.moved.own - own.length, 'move by own score'],
    [board.moved.others - others.length, 'move as others did'],
    [board.entered - board.entering.length, 'enter'],
    [board.left - board.leaving.length, 'leave'],
  ] as const;
  const more = hidden.flatMap(([count, what]) => (count > 0 ? [`${number(count)} ${what}`] : []));
  const lines = more.length > 0 ? [`Not shown here: ${more.join(', ')}`] : [];
  const title = [...where, ': the largest moves'];
  return [top, { title, lines, table: { head: HEAD, rows: moves.map(standingRow) } }];
}

const whereOf = (scope: Text, board: BoardChange) => [...partsOf(scope), `, ${periodName(board)}`];

/** The same, to be opened. */
export const movesFold = (scope: Text, board: BoardChange): Fold => ({
  title: whereOf(scope, board),
  blocks: movesBlocks(scope, board),
});

const partName = (part: ScorePart) =>
  part === 'line_bonus' ? 'lines' : CONTRIBUTION_KIND_TABLE[part].name;

/** Where the points of a board come from, in each period. */
export function sharesBlock(scope: Text, boards: readonly BoardChange[]): Block {
  const parts = SCORE_PARTS.filter((part) => boards.some(({ shares }) => shares[part]));
  const none = { before: 0, after: 0 };
  return {
    title: [...partsOf(scope), ': share of all points by kind'],
    table: {
      head: ['kind', ...boards.map(periodName)],
      rows: parts.map((part) => [
        partName(part),
        ...boards.map(({ shares }) => change(shares[part] ?? none, percent)),
      ]),
    },
  };
}
