import {
  change,
  largestMove,
  movesBlocks,
  number,
  periodName,
  periodsBlock,
  sharesBlock,
} from './board-blocks.ts';
import { isChanged } from './compare-boards.ts';
import type { Block, Fold, Text } from './render-blocks.ts';
import { type BoardChange, LISTED } from './report.ts';

/** What a preview shows of the boards of single repositories. */

const movesOn = ({ moved, entered, left }: BoardChange) =>
  moved.own + moved.others + entered + left;

/** Most boards in the table of all of them. */
const BOARDS_LISTED = 2 * LISTED;

/** A table of the boards that change, those with most moves first. */
export function repositoriesBlock(boards: readonly BoardChange[], unchanged: number): Block[] {
  if (boards.length === 0) return [];
  const sorted = boards.toSorted((a, b) => movesOn(b) - movesOn(a));
  const hidden = Math.max(0, boards.length - BOARDS_LISTED);
  return [
    {
      title: 'Boards of repositories',
      lines: [
        `${number(boards.length)} change, ${number(unchanged)} do not`,
        ...(hidden > 0 ? [`Not in this table: ${number(hidden)} with fewer moves`] : []),
      ],
      table: {
        head: [
          ...['repository', 'period', 'people', 'move by own score', 'move as others did'],
          ...['keep their rank', 'enter', 'leave', 'largest move', 'first'],
        ],
        rows: sorted.slice(0, BOARDS_LISTED).map(boardRow),
      },
    },
  ];
}

const boardRow = (board: BoardChange): Text[] => [
  [{ name: board.scope }],
  periodName(board),
  change(board.people, number),
  number(board.moved.own),
  number(board.moved.others),
  number(board.kept),
  number(board.entered),
  number(board.left),
  largestMove(board.movers),
  board.top[0] ? [{ name: board.top[0].login }] : '–',
];

/**
 * Each repository whose boards change, to be opened: those with most moves first.
 * @param most repositories; a board costs time to write
 */
export function repositoryFolds(
  boards: readonly BoardChange[],
  most = Number.POSITIVE_INFINITY,
): Fold[] {
  const moves = (some: readonly BoardChange[]) => some.reduce((sum, one) => sum + movesOn(one), 0);
  return [...Map.groupBy(boards, ({ scope }) => scope)]
    .toSorted(([, a], [, b]) => moves(b) - moves(a))
    .slice(0, most)
    .map(([name, own]) => {
      const scope = [{ name }];
      const blocks = own.filter(isChanged).flatMap((board) => movesBlocks(scope, board));
      return {
        title: scope,
        blocks: [periodsBlock(scope, own), ...blocks, sharesBlock(scope, own)],
      };
    });
}
