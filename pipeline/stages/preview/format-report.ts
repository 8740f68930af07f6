import type { PreviewFormat } from '../../runtime/options.ts';
import { additionsBlock } from './addition-blocks.ts';
import {
  ALL_REPOSITORIES,
  largestMove,
  movesBlocks,
  movesFold,
  number,
  periodsBlock,
  sharesBlock,
} from './board-blocks.ts';
import { isChanged } from './compare-boards.ts';
import { type Block, type Fold, renderMarkdown, renderText, type Text } from './render-blocks.ts';
import { LISTED, type PreviewReport, type RemovedRepository } from './report.ts';
import { repositoriesBlock, repositoryFolds } from './repository-blocks.ts';
import { count, keyChange, moreLine, names, summaryLines } from './summary-lines.ts';

const END = 'This is a preview: nothing is changed.';

/** The changes of a configuration, for a terminal, for a comment on a pull request, or for programs. */
export function formatReport(report: PreviewReport, format: PreviewFormat): string {
  if (format === 'json') return `${JSON.stringify(report, null, 2)}\n`;
  const text = format === 'text' ? textOf(report) : markdownOf(report).join('\n\n');
  return `${text}\n\n${END}\n`;
}

/** Repositories of which a terminal shows who moves. */
const IN_TEXT = 5;

function textOf(report: PreviewReport): string {
  const { own } = boardsOf(report);
  const hidden = new Set(own.map(({ scope }) => scope)).size - IN_TEXT;
  const more =
    hidden > 0
      ? [`Boards of ${number(hidden)} more repositories: with \`--format markdown\` or \`json\``]
      : [];
  return [renderText([...blocksOf(report), ...repositoryFolds(own, IN_TEXT)]), ...more].join(
    '\n\n',
  );
}

/** The same in Markdown, in parts of which the last may be left out. */
export const markdownOf = (report: PreviewReport): string[] =>
  renderMarkdown([...blocksOf(report), ...repositoryFolds(boardsOf(report).own)]);

const boardsOf = ({ boards }: PreviewReport) => ({
  global: boards.filter(({ scope }) => scope === 'global'),
  own: boards.filter(({ scope }) => scope !== 'global'),
});

/** All but the boards of single repositories one by one. */
function blocksOf(report: PreviewReport): (Block | Fold)[] {
  const { global, own } = boardsOf(report);
  const [all, ...periods] = global;
  const isDifferent = report.boards.some(isChanged);
  return [
    { title: 'What this configuration does', lines: summaryLines(report, all, isDifferent) },
    ...(isDifferent ? [periodsBlock(ALL_REPOSITORIES, global)] : []),
    ...(all ? movesBlocks(ALL_REPOSITORIES, all) : []),
    ...periods.filter(isChanged).map((board) => movesFold(ALL_REPOSITORIES, board)),
    ...(isDifferent ? [sharesBlock(ALL_REPOSITORIES, global)] : []),
    ...weightsBlock(report),
    ...additionsBlock(report.repositories.additions),
    ...removedBlocks(report),
    ...repositoriesBlock(own, report.unchanged_boards),
    ...hintBlocks(report),
  ];
}

/** A change of several weights is understood by the effect of each. */
function weightsBlock({ weights }: PreviewReport): Block[] {
  if (weights.length === 0) return [];
  return [
    {
      title: 'Each changed weight alone, all repositories, all time',
      table: {
        head: [
          ...['weight', 'value', 'move by own score', 'move as others did', 'enter', 'leave'],
          'largest move',
        ],
        rows: weights.map((one) => {
          const [all] = one.alone;
          return [
            one.key,
            keyChange(one),
            ...[all?.moved.own, all?.moved.others, all?.entered, all?.left].map((moves = 0) =>
              number(moves),
            ),
            largestMove(one.movers),
          ];
        }),
      },
    },
  ];
}

/** Removed repositories whose people are listed, and those of which the sums are. */
const [WITH_PEOPLE, WITH_SUMS] = [10, 50];

function removedBlocks({ repositories: { removed } }: PreviewReport): Block[] {
  const rest = removed.slice(WITH_PEOPLE, WITH_PEOPLE + WITH_SUMS);
  const hidden = removed.length - WITH_PEOPLE - rest.length;
  const lines = [...rest.map(sumLine), ...moreLine(hidden)];
  return [
    ...removed.slice(0, WITH_PEOPLE).map(withPeople),
    ...(rest.length > 0 ? [{ title: 'Points lost with other removed repositories', lines }] : []),
  ];
}

const sumLine = ({ repository, people, points }: RemovedRepository): Text => [
  { name: repository },
  `: ${count(people)} ${people === 1 ? 'loses' : 'lose'} ${number(points)} points of all time`,
];

const withPeople = (removed: RemovedRepository): Block => ({
  title: 'Who loses points with a removed repository',
  lines: [sumLine(removed), ...moreLine(removed.people - removed.losses.length)],
  table: {
    head: ['contributor', 'points'],
    rows: removed.losses.map(({ login, points }) => [[{ name: login }], `−${number(points)}`]),
  },
});

function hintBlocks({ likely_bots, unknown }: PreviewReport): Block[] {
  const shown = likely_bots.slice(0, LISTED);
  const bots: Text[] = [
    ...shown.map(({ login, signs }): Text => [{ name: login }, `: ${signs.join(', ')}`]),
    ...moreLine(likely_bots.length - shown.length),
  ];
  return [
    ...(bots.length > 0
      ? [{ title: 'Likely bots among the ranked: a hint, nobody is removed by it', lines: bots }]
      : []),
    ...(unknown.length > 0
      ? [{ title: 'What this preview cannot know', lines: unknown.flatMap(unknownLine) }]
      : []),
  ];
}

const unknownLine = ({ what, names: list }: PreviewReport['unknown'][number]): Text[] =>
  list.length > 0 ? names(what, list) : [what];
