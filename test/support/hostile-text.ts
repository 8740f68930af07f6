import fc from 'fast-check';
import { expect } from 'vitest';

/** Texts from outside that act on a terminal or on GitHub Actions, and what a log may hold of them. */

const range = (first: number, last: number) =>
  Array.from({ length: last - first + 1 }, (_, i) => first + i);

/** What can't be seen, by the tables of Unicode and not by the patterns of the product. */
const GROUPS: Readonly<Record<string, readonly number[]>> = {
  C0: range(0x00, 0x1f),
  'delete and C1': range(0x7f, 0x9f),
  'soft hyphen, joiners and fillers': [0xad, 0x34f, 0x115f, 0x1160, 0x17b4, 0x180e, 0x3164, 0xffa0],
  'Arabic marks': [...range(0x600, 0x605), 0x61c, 0x6dd, 0x70f],
  'zero width and direction': range(0x200b, 0x200f),
  'separators and direction': range(0x2028, 0x202e),
  'word joiner, isolates and more': range(0x2060, 0x206f),
  'variation selectors': [...range(0xfe00, 0xfe0f), 0xe0100, 0xe01ef],
  'byte order and annotation': [0xfeff, 0xfff9, 0xfffa, 0xfffb],
  surrogates: [0xd800, 0xdbff, 0xdc00, 0xdfff],
  'private and unassigned': [0xe000, 0xf8ff, 0xffff, 0x10ffff],
  tags: [0xe0001, ...range(0xe0020, 0xe007f)],
};

/** Every control, format and separator character that Unicode has, tags among them. */
const CATEGORIES = range(0, 0x10ffff).filter((code) =>
  /^[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]$/u.test(String.fromCodePoint(code)),
);

export const INVISIBLE = [...new Set([...Object.values(GROUPS).flat(), ...CATEGORIES])].map(
  (code) => String.fromCodePoint(code),
);

const INVISIBLE_SET = new Set(INVISIBLE);

/** `U+200B`, as it is to be shown. */
export const codeOf = (character: string) =>
  `U+${character.codePointAt(0)?.toString(16).toUpperCase().padStart(4, '0')}`;

/** What would be a command at the beginning of a line, or anywhere on it. */
export const COMMANDS = [
  '::error::x',
  '::add-mask::x',
  '::stop-commands::x',
  '  ::error file=a.ts::x',
  '\u00a0\u3000::warning::x',
  '\u0085::error::x',
  '\u200b::error::x',
  'a\n::error::x',
  'a\r::error::x',
  'a\r\n \t::error::x',
  'a\u2028::error::x',
  '##[error]x',
  'a ##[add-mask]x',
  '###[error]x',
  '##\u200b[error]x',
];

/** Any mixture of these, of letters and of lines. */
export const hostileText = fc
  .array(
    fc.constantFrom(
      ...INVISIBLE,
      ...COMMANDS,
      '::',
      ':',
      '#',
      '##[',
      '[',
      ' ',
      '\n',
      'a',
      'é',
      '😀',
    ),
    { maxLength: 12 },
  )
  .map((parts) => parts.join(''));

/** Fails where a line would be a command, or holds what can't be seen. */
export function expectHarmless(printed: string): void {
  const lines = printed.split('\n');
  expect(lines.filter((line) => /^\s*::/.test(line))).toEqual([]);
  expect(printed).not.toContain('##[');
  const invisible = lines.flatMap((line) => [...line]).filter((one) => INVISIBLE_SET.has(one));
  expect(invisible.map(codeOf)).toEqual([]);
}
