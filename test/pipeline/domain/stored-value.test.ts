import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Contribution, eventIds } from '../../../pipeline/domain/contribution.ts';
import {
  storageFault,
  storedCount,
  storedLogin,
  storedReference,
  storedTitle,
  toStoredText,
} from '../../../pipeline/domain/stored-value.ts';

describe('a text', () => {
  it.each([
    ['a\0b', 'a\ufffdb'],
    ['\ud83d', '\ufffd'],
    ['\ude00\ud83d', '\ufffd\ufffd'],
    ['\ud83d\ude00', '\ud83d\ude00'],
    ['abcdef', 'abcde'],
    ['abcd\ud83d\ude00', 'abcd'],
    ['abc\ud83d\ude00', 'abc\ud83d\ude00'],
    ['', ''],
  ])('%j becomes %j', (text, expected) => {
    expect(toStoredText(text, 5)).toBe(expected);
  });

  it('is always one that PostgreSQL takes, and no other is changed', () => {
    const unit = fc.integer({ min: 0, max: 0xffff }).map((code) => String.fromCharCode(code));
    const special = fc.constantFrom('\0', '\ud800', '\udfff', '\u{1f600}', 'a');
    const text = fc.array(fc.oneof(unit, special), { maxLength: 12 }).map((all) => all.join(''));
    fc.assert(
      fc.property(text, fc.integer({ min: 0, max: 12 }), (given, longest) => {
        const stored = toStoredText(given, longest);
        expect(stored.length).toBeLessThanOrEqual(longest);
        expect(stored.isWellFormed()).toBe(true);
        expect(stored).not.toContain('\0');
        expect(toStoredText(stored, longest)).toBe(stored);
        const isFit = given.isWellFormed() && !given.includes('\0') && given.length <= longest;
        if (isFit) expect(stored).toBe(given);
      }),
    );
  });
});

it.each([
  [-1, 0],
  [-1e300, 0],
  [1.9, 1],
  [2_147_483_648, 2_147_483_647],
  [1e300, 2_147_483_647],
  [42, 42],
])('the count %d becomes %d', (count, expected) => {
  expect(storedCount.parse(count)).toBe(expected);
});

it.each(['', 'a\0', 'a\u0001', 'a\u0085', 'a\ud800', 'ann_old_1', 'x'.repeat(101)])(
  'the login %j is refused',
  (login) => {
    expect(storedLogin.safeParse(login).success).toBe(false);
  },
);

describe('a contribution', () => {
  const good: Contribution = {
    repositoryId: 1,
    eventId: eventIds.pullRequestMerged(7),
    kind: 'PR_MERGED',
    account: { id: 1, login: 'ann', type: 'User' },
    occurredAt: new Date(0),
    subjectNumber: 7,
    linesAdded: 0,
    linesDeleted: 2_147_483_647,
  };

  it.each<[Partial<Contribution>, boolean]>([
    [{}, true],
    [{ account: null, subjectNumber: null, linesAdded: null, linesDeleted: null }, true],
    [{ eventId: 'pr:\0:merged' }, false],
    [{ eventId: `commit:${'a'.repeat(300)}` }, false],
    [{ account: { id: -1, login: 'ann', type: null } }, false],
    [{ account: { id: 2 ** 60, login: 'ann', type: null } }, false],
    [{ subjectNumber: 2 ** 31 }, false],
    [{ linesAdded: -1 }, false],
    [{ linesDeleted: 0.5 }, false],
  ])('with %j can be stored: %s', (changes, expected) => {
    expect(storageFault({ ...good, ...changes }) === null).toBe(expected);
  });
});

describe('a title', () => {
  it.each([
    ['Add a parser', 'Add a parser'],
    ['  Add a parser \r\n\nand more', 'Add a parser'],
    ['one\u2028two', 'one'],
    ['tab\tand \u0007bell', 'tab and bell'],
    ['NUL \0 and half a pair \ud800', 'NUL \ufffd and half a pair \ufffd'],
    ['<script>alert(1)</script>', '<script>alert(1)</script>'],
    ['\u202eright to left', '\u202eright to left'],
    ['x'.repeat(300), 'x'.repeat(200)],
    [`${'x'.repeat(199)}😀`, 'x'.repeat(199)],
    ['', null],
    ['\n', null],
    [7, null],
    [undefined, null],
    [{ title: 'x' }, null],
  ])('%j is stored as %j', (text, title) => {
    expect(storedTitle.parse(text)).toBe(title);
  });

  it.each([
    ['v1.0', 'v1.0'],
    ['@octo/one@2', '@octo/one@2'],
    ['two words', null],
    ['\u200b', null],
    ['x'.repeat(300), null],
    [7, null],
    [null, null],
    [undefined, null],
  ])('a reference %j is stored as %j', (text, reference) => {
    expect(storedReference.parse(text)).toBe(reference);
  });
});
