import fc from 'fast-check';
import { expect, test } from 'vitest';
import { toPrintable, toPrintableLine, withoutCommands } from '../../../pipeline/util/printable.ts';
import { codeOf, expectHarmless, hostileText, INVISIBLE } from '../../support/hostile-text.ts';

test.each([
  ['', ''],
  ['Zoë Ångström 李 😀 a: b::c #[1] [x]', 'Zoë Ångström 李 😀 a: b::c #[1] [x]'],
  ['first\n  second\n', 'first\n  second\n'],
  ['a\u200bb', 'aU+200Bb'],
  ['\u001b[31mred', 'U+001B[31mred'],
  ['a\r\nb\tc', 'aU+000D\nbU+0009c'],
  ['\ud800', 'U+D800'],
  ['\u{e0041}', 'U+E0041'],
  ['::error::x', 'U+003A:error::x'],
  ['a\n  ::add-mask::x', 'a\n  U+003A:add-mask::x'],
  ['a ::error::x', 'a ::error::x'],
  ['a ##[error]x', 'a U+0023#[error]x'],
])('%j is printed as %j', (text, printed) => {
  expect(toPrintable(text)).toBe(printed);
});

test('on one line, line ends are shown too', () => {
  expect(toPrintableLine('a\n::error::x')).toBe('aU+000A::error::x');
});

test('every character that can not be seen is shown by its number', () => {
  for (const one of INVISIBLE) expect(toPrintableLine(`a${one}b`)).toBe(`a${codeOf(one)}b`);
});

test('no text starts a command, and printing it again changes nothing', () => {
  fc.assert(
    fc.property(hostileText, (text) => {
      const printed = toPrintable(text);
      expectHarmless(printed);
      expect(toPrintable(printed)).toBe(printed);
      expectHarmless(toPrintableLine(text));
      expect(toPrintableLine(text)).not.toContain('\n');
    }),
    { numRuns: 2_000 },
  );
});

test('colours of the log itself stay', () => {
  expect(withoutCommands('\u001b[32mINFO\u001b[39m\n::x')).toBe(
    '\u001b[32mINFO\u001b[39m\nU+003A:x',
  );
});

// A cost that grows with the square takes minutes.
test('a megabyte of anything does not take long', { timeout: 30_000 }, () => {
  for (const part of [' ', '\n', ':', '#', '\u200b', ' \n:']) {
    expect(toPrintable(part.repeat(1e6 / part.length)).length).toBeGreaterThan(0);
  }
});
