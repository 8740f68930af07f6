import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { didYouMean, editDistance, nearest } from '../../../pipeline/util/nearest.ts';

describe('the distance of two words', () => {
  test.each([
    ['', '', 0],
    ['', 'abc', 3],
    ['cap', 'cap', 0],
    ['cap', 'cab', 1],
    ['cap', 'cp', 1],
    ['cap', 'caap', 1],
    ['cap', 'cpa', 1],
    ['kitten', 'sitting', 3],
  ])('%j and %j: %i', (one, other, distance) => {
    expect(editDistance(one, other)).toBe(distance);
  });

  test('is the same both ways and zero only for the same word', () => {
    const word = fc.string({ maxLength: 12 });
    fc.assert(
      fc.property(word, word, (one, other) => {
        expect(editDistance(one, other)).toBe(editDistance(other, one));
        expect(editDistance(one, other) === 0).toBe(one === other);
      }),
    );
  });
});

describe('the nearest known word', () => {
  const known = ['base_points', 'lines', 'id'];
  test.each([
    ['base_point', 'base_points'],
    ['basePoints', 'base_points'],
    ['BASE-POINTS', 'base_points'],
    ['lnies', 'lines'],
    ['ids', 'id'],
    ['weights', null],
    ['', null],
    ['b'.repeat(100_000), null],
  ])('%.20s: %s', (word, expected) => {
    expect(nearest(word, known)).toBe(expected);
  });

  test('is offered as a question, or not at all', () => {
    expect(didYouMean('line', known)).toBe('; did you mean `lines`?');
    expect(didYouMean('colour', known)).toBe('');
  });
});
