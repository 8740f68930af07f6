import { describe, expect, it } from 'vitest';
import { createRedact } from '../../../../pipeline/stages/report/operations.ts';

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

  it('is not longer than a paragraph', () => {
    expect(createRedact([])('x'.repeat(9_999))).toHaveLength(500);
  });
});
