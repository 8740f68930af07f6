import type { PreviewFormat } from '../../runtime/options.ts';
import { additionsBlock } from './addition-blocks.ts';
import {
  largestMove,
  movesBlocks,
  movesFold,
  number,
  periodsBlock,
  repositoriesBlock,
  sharesBlock,
} from './board-blocks.ts';
import { isChanged } from './compare-boards.ts';
import { type Block, type Fold, renderMarkdown, renderText, type Text } from './render-blocks.ts';
import { type BoardChange, LISTED, type PreviewReport, type Some } from './report.ts';

const END = 'This is a preview: nothing is changed.';

/** The changes of a configuration, for a terminal, for a comment on a pull request, or for programs. */
export function formatReport(report: PreviewReport, format: PreviewFormat): string {
  if (format === 'json') return `${JSON.stringify(report, null, 2)}\n`;
  const text = format === 'text' ? renderText(blocksOf(report)) : markdownOf(report).join('\n\n');
  return `${text}\n\n${END}\n`;
}

/** The same in Markdown, in parts of which the last may be left out. */
export const markdownOf = (report: PreviewReport): string[] => renderMarkdown(blocksOf(report));

function blocksOf(report: PreviewReport): (Block | Fold)[] {
  const global = report.boards.filter(({ scope }) => scope === 'global');
  const own = report.boards.filter(({ scope }) => scope !== 'global');
  const [all, ...periods] = global;
  const isDifferent = report.boards.some(isChanged);
  return [
    { title: 'What this configuration does', lines: summaryOf(report, all, isDifferent) },
    ...(isDifferent ? [periodsBlock(global)] : []),
    ...(all ? movesBlocks(all) : []),
    ...periods.filter(isChanged).map(movesFold),
    ...(all && isDifferent ? [sharesBlock(all)] : []),
    ...weightsBlock(report),
    ...additionsBlock(report.repositories.additions),
    ...removedBlocks(report),
    ...repositoriesBlock(own, report.unchanged_boards),
    ...hintBlocks(report),
  ];
}

function summaryOf(
  report: PreviewReport,
  all: BoardChange | undefined,
  isDifferent: boolean,
): Text[] {
  const { added, removed, restored, renamed } = report.repositories;
  return [
    ...(isDifferent && all
      ? boardLines(all)
      : ['Nobody moves, enters or leaves, and no score changes, on any board']),
    ...(report.published_at
      ? [`Compared with what was published with the data until ${minuteOf(report.published_at)}`]
      : []),
    `Weights: ${report.weights.map(({ key }) => key).join(', ') || 'the same'}`,
    ...peopleLines(report.people),
    ...names('New repositories, which count once they are read', added),
    ...names('Repositories that come back', restored),
    ...renamedLine(renamed),
    ...names(
      'Removed repositories',
      removed.map(({ repository }) => repository),
    ),
  ];
}

function boardLines({ people, moved, kept, rescored, entered, left }: BoardChange): string[] {
  return [
    `Of all time, ${count(people.before)} before, ${count(people.after)} after`,
    `${number(moved.own)} move by their own score, ${number(moved.others)} because others did, ` +
      `${number(kept)} keep their rank (${number(rescored)} with another score)`,
    `${number(entered)} enter, ${number(left)} leave`,
  ];
}

/** `2026-11-26 03:00 UTC` */
const minuteOf = (at: string) => `${at.slice(0, 10)} ${at.slice(11, 16)} UTC`;

const count = (people: number) => (people === 1 ? '1 person' : `${number(people)} people`);

function peopleLines(people: PreviewReport['people']): Text[] {
  const { opted_out, no_longer_opted_out: back } = people;
  return [
    ...someNames('Become bots', people.bots),
    ...someNames('Are bots no longer', people.no_longer_bots),
    ...aliasLine(people.aliases),
    ...someNames('Are aliases no longer', people.no_longer_aliases),
    ...(opted_out > 0 ? [`Opt out, and therefore not named: ${number(opted_out)}`] : []),
    ...(back > 0 ? [`Take their opt-out back: ${number(back)}`] : []),
  ];
}

const moreOf = (length: number, shown: number) =>
  length > shown ? ` and ${number(length - shown)} more` : '';

function joined(texts: readonly Exclude<Text, string>[]): Exclude<Text, string> {
  return texts.flatMap((text, place) => (place > 0 ? [', ', ...text] : text));
}

function someNames(what: string, { count: all, first }: Some<string>): Text[] {
  if (all === 0) return [];
  const list = joined(first.map((name) => [{ name }]));
  return [[`${what}: `, ...list, moreOf(all, first.length)]];
}

const names = (what: string, list: readonly string[]) =>
  someNames(what, { count: list.length, first: list.slice(0, 10) });

function aliasLine({ count: all, first }: PreviewReport['people']['aliases']): Text[] {
  if (all === 0) return [];
  const list = joined(first.map(({ login, of }) => [{ name: login }, ' of ', { name: of }]));
  return [['Become aliases, whose boards merge: ', ...list, moreOf(all, first.length)]];
}

function renamedLine(renamed: PreviewReport['repositories']['renamed']): Text[] {
  if (renamed.length === 0) return [];
  const list = joined(
    renamed.slice(0, LISTED).map(({ listed, now }) => [{ name: listed }, ' is ', { name: now }]),
  );
  return [['Listed under a former name: ', ...list, moreOf(renamed.length, LISTED)]];
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
        rows: weights.map(({ key, before, after, alone: [all], movers }) => [
          key,
          `${before} → ${after}`,
          number(all?.moved.own ?? 0),
          number(all?.moved.others ?? 0),
          number(all?.entered ?? 0),
          number(all?.left ?? 0),
          largestMove(movers),
        ]),
      },
    },
  ];
}

/** Removed repositories whose people are listed. */
const REMOVED_LISTED = 10;

function removedBlocks({ repositories: { removed } }: PreviewReport): Block[] {
  return removed.slice(0, REMOVED_LISTED).map(({ repository, people, points, losses }) => ({
    title: 'Who loses points with a removed repository',
    lines: [
      [{ name: repository }, `: ${count(people)} lose ${number(points)} points of all time`],
      ...(people > losses.length ? [`Not shown here: ${number(people - losses.length)} more`] : []),
    ],
    table: {
      head: ['contributor', 'points'],
      rows: losses.map((loss) => [[{ name: loss.login }], `−${number(loss.points)}`]),
    },
  }));
}

function hintBlocks({ likely_bots, unknown }: PreviewReport): Block[] {
  const bots: Text[] = likely_bots
    .slice(0, 10)
    .map(({ login, signs }) => [{ name: login }, `: ${signs.join(', ')}`]);
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
