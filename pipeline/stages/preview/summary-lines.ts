import { number } from './board-blocks.ts';
import type { Text } from './render-blocks.ts';
import {
  type BoardChange,
  type KeyEffect,
  LISTED,
  type PreviewReport,
  type Some,
} from './report.ts';

/** The first lines of a preview: what changes, and what follows. */

/** @param all the board of all repositories, all time */
export function summaryLines(
  report: PreviewReport,
  all: BoardChange | undefined,
  isDifferent: boolean,
): Text[] {
  const { added, removed, restored, renamed } = report.repositories;
  return [
    ...weightsLine(report.weights),
    ...peopleLines(report.people),
    ...names('New repositories, which count once they are read', added),
    ...names('Repositories that come back', restored),
    ...renamedLine(renamed),
    ...names(
      'Removed repositories',
      removed.map(({ repository }) => repository),
    ),
    ...(isDifferent && all
      ? boardLines(all)
      : ['Nobody moves, enters or leaves, and no score changes, on any board']),
    ...(report.published_at
      ? [`Compared with the published boards, whose data ends ${minuteOf(report.published_at)}`]
      : []),
  ];
}

export const keyChange = ({ before, after }: KeyEffect) => `${before} → ${after}`;

function weightsLine(weights: PreviewReport['weights']): string[] {
  const keys = weights.map((one) => `${one.key} ${keyChange(one)}`);
  return keys.length > 0 ? [`Weights: ${keys.join(', ')}`] : [];
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

/** Of a list that is cut. */
export const moreLine = (hidden: number): string[] =>
  hidden > 0 ? [`Not shown here: ${number(hidden)} more`] : [];

export const count = (people: number) => (people === 1 ? '1 person' : `${number(people)} people`);

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

export const names = (what: string, list: readonly string[]) =>
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
