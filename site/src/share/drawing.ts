import type { Entry } from '../../../pipeline/published/documents.ts';
import { type Html, html } from '../lib/html.ts';
import { GROUPS, type groupOf, groupPoints } from '../lib/kinds.ts';

/** What badges, cards and pictures are drawn with. They are files of their own, without style sheets. */

type Group = ReturnType<typeof groupOf>;

/** The colours of kinds on light and on dark ground; neighbours differ for colour-blind people, too. */
export const COLOURS: Readonly<Record<Group, readonly [light: string, dark: string]>> = {
  pr: ['#5a39c0', '#7670f0'],
  review: ['#3b9e80', '#5fe3c4'],
  commit: ['#155a9c', '#5c98e6'],
  issue: ['#e2660f', '#f09a52'],
  comment: ['#606a79', '#8b96a5'],
  release: ['#ad8230', '#f2d27c'],
  lines: ['#8a2a72', '#c23c86'],
};
const ORDER = Object.keys(COLOURS) as Group[];

/** What no XML document can hold: control characters, lone surrogates and two others. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out
const NO_XML = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Surrogate}/gu;

/** A text from outside as XML can hold it; `html` escapes it. */
export const cleanXml = (text: string): string => text.replace(NO_XML, '');

/** A text of at most so many characters. */
export function clip(text: string, most: number): string {
  const characters = [...new Intl.Segmenter('en').segment(text)];
  if (characters.length <= most) return text;
  return `${characters
    .slice(0, most - 1)
    .map(({ segment }) => segment)
    .join('')
    .trimEnd()}…`;
}

interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** A score in its parts: a rectangle for each, in the order of kinds. @param paint its colour */
export function scoreBar(
  points: Entry['points'],
  { x, y, width, height }: Box,
  paint: (group: Group) => Html,
): Html {
  const sums = new Map(GROUPS.map(({ id }, place) => [id, groupPoints(points)[place] ?? 0]));
  const total = [...sums.values()].reduce((sum, one) => sum + one, 0);
  let start = x;
  return html`${ORDER.map((group) => {
    const part = total > 0 ? ((sums.get(group) ?? 0) / total) * width : 0;
    const from = start;
    start += part;
    // A hair of ground parts the colours.
    const shown = Math.max(0, part - 1.5);
    return (
      shown > 0 &&
      html`<rect x="${round(from)}" y="${y}" width="${round(shown)}" height="${height}" ${paint(group)}/>`
    );
  })}`;
}

export const round = (value: number): number => Math.round(value * 10) / 10;

/** A line over weeks, from zero at the foot to the most of them at the top. */
export function trendPath(values: readonly number[], { x, y, width, height }: Box): string {
  const most = Math.max(1, ...values);
  const step = width / Math.max(1, values.length - 1);
  return values
    .map((value, place) => {
      const at = `${round(x + place * step)} ${round(y + height - (value / most) * height)}`;
      return `${place === 0 ? 'M' : 'L'}${at}`;
    })
    .join('');
}
