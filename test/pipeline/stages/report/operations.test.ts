import { describe, expect, it } from 'vitest';
import { createRedact } from '../../../../pipeline/stages/report/operations.ts';
import { COMMANDS, codeOf, expectHarmless, INVISIBLE } from '../../../support/hostile-text.ts';

describe('a message that is safe to publish', () => {
  it.each([
    ['mail ada.l@example.org', 'mail …'],
    ['token ghp_abcdefgh12345678', 'token ghp_[hidden]'],
    ['nothing to hide', 'nothing to hide'],
  ])('%s becomes %s', (message, expected) => {
    expect(createRedact([])(message)).toBe(expected);
  });

  it('has no login of people who opted out, as a complete word in any case', () => {
    const redact = createRedact(['ada', 'x[bot]']);
    expect(redact('Ada, adamant and x[bot] of ada-lab')).toBe('…, adamant and … of ada-lab');
  });

  it('shows every character that can not be seen, and hides a name before one', () => {
    const redact = createRedact(['ada']);
    for (const one of INVISIBLE.filter((character) => character !== '\n')) {
      expect(redact(`x${one}y`)).toBe(`x${codeOf(one)}y`);
      expect(redact(`by ada${one}`)).toBe(`by …${codeOf(one)}`);
      expect(redact(`ada${one}@example.org`)).not.toContain('example');
    }
    for (const text of COMMANDS) expectHarmless(redact(text));
  });

  it('is not cut through a character', () => {
    expect(createRedact([])(`${'x'.repeat(499)}😀`)).toBe('x'.repeat(499));
  });

  it('is not longer than a paragraph', () => {
    expect(createRedact([])('x'.repeat(9_999))).toHaveLength(500);
  });
});
