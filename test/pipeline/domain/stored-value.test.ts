import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Contribution, eventIds } from '../../../pipeline/domain/contribution.ts';
import {
  storageFault,
  storedCount,
  storedLogin,
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
