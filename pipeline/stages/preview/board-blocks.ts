import {
  CONTRIBUTION_KIND_TABLE,
  SCORE_PARTS,
  type ScorePart,
} from '../../domain/contribution-kinds.ts';
import type { Block, Fold, Text } from './render-blocks.ts';
import { type BeforeAfter, type BoardChange, LISTED, type Mover, type Standing } from './report.ts';

/** What a preview shows of boards. */

/** Scores have at most three decimals. */
export const number = (value: number) =>
  value.toLocaleString('en-US', { maximumFractionDigits: 3 });

const percent = (share: number | null) => (share === null ? '–' : `${(share * 100).toFixed(1)} %`);

/** `3`, or `3 → 5`. */
const change = <T>({ before, after }: BeforeAfter<T>, show: (value: T) => string) =>
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
const whyOf = (standing: Standing | Mover) => ('cause' in standing ? WHY[standing.cause] : '');

const HEAD = ['contributor', 'change', 'by', 'rank', 'score'] as const;

function standingRow(standing: Standing | Mover): Text[] {
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

/** The board of all repositories in each period. */
export function periodsBlock(boards: readonly BoardChange[]): Block {
  return {
    title: 'All repositories, by period',
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

/** The first ten and the largest moves of a board, and who enters and leaves. */
export function movesBlocks(board: BoardChange): Block[] {
  const where = whereOf(board);
  const rest = board.moved.own + board.moved.others - board.movers.length;
  const moves = [...board.movers, ...board.entering, ...board.leaving];
  const hidden =
    rest + (board.entered - board.entering.length) + (board.left - board.leaving.length);
  const top: Block = {
    title: `${where}: the first ten`,
    table: { head: HEAD, rows: board.top.map(standingRow) },
  };
  if (moves.length === 0) return [top];
  const lines = hidden > 0 ? [`Not shown here: ${number(hidden)} more`] : [];
  const title = `${where}: the largest moves`;
  return [top, { title, lines, table: { head: HEAD, rows: moves.map(standingRow) } }];
}

const whereOf = (board: BoardChange) => `All repositories, ${periodName(board)}`;

/** The same, to be opened. */
export const movesFold = (board: BoardChange): Fold => ({
  title: whereOf(board),
  blocks: movesBlocks(board),
});

const partName = (part: ScorePart) =>
  part === 'line_bonus' ? 'lines' : CONTRIBUTION_KIND_TABLE[part].name;

/** Where the points of all time come from. */
export function sharesBlock({ shares }: BoardChange): Block {
  const parts = SCORE_PARTS.flatMap((part) => {
    const share = shares[part];
    return share ? [{ part, share }] : [];
  });
  return {
    title: 'Share of all points by kind, all time',
    table: {
      head: ['kind', 'before', 'after'],
      rows: parts.map(({ part, share }) => [
        partName(part),
        percent(share.before),
        percent(share.after),
      ]),
    },
  };
}

const movesOn = ({ moved, entered, left }: BoardChange) =>
  moved.own + moved.others + entered + left;

/** Most boards of repositories that are listed. */
const BOARDS_LISTED = 2 * LISTED;

/** The boards of single repositories that change, those with most moves first. */
export function repositoriesBlock(boards: readonly BoardChange[], unchanged: number): Block[] {
  if (boards.length === 0) return [];
  const sorted = boards.toSorted((a, b) => movesOn(b) - movesOn(a));
  const hidden = Math.max(0, boards.length - BOARDS_LISTED);
  return [
    {
      title: 'Boards of repositories',
      lines: [
        `${number(boards.length)} change, ${number(unchanged)} do not`,
        ...(hidden > 0 ? [`Not shown here: ${number(hidden)} with fewer moves`] : []),
      ],
      table: {
        head: [
          ...['repository', 'period', 'people', 'move by own score', 'move as others did'],
          ...['enter', 'leave', 'largest move', 'first'],
        ],
        rows: sorted
          .slice(0, BOARDS_LISTED)
          .map((board) => [
            [{ name: board.scope }],
            periodName(board),
            change(board.people, number),
            number(board.moved.own),
            number(board.moved.others),
            number(board.entered),
            number(board.left),
            largestMove(board.movers),
            board.top[0] ? [{ name: board.top[0].login }] : '–',
          ]),
      },
    },
  ];
}
