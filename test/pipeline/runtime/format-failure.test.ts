import { expect, test } from 'vitest';
import { formatFailure } from '../../../pipeline/runtime/format-failure.ts';
import { UsageError } from '../../../pipeline/util/usage-error.ts';

const refused = () =>
  Object.assign(new AggregateError([new Error('::1')]), { code: 'ECONNREFUSED' });

function circle(): Error {
  const [one, two] = [new Error('one'), new Error('two')];
  [one.cause, two.cause] = [two, one];
  return one;
}

test.each([
  ['an error', new Error('broken'), ['broken']],
  [
    'its causes',
    new Error('no board', { cause: new Error('no rows', { cause: refused() }) }),
    ['no board', '  caused by: no rows', '    caused by: ECONNREFUSED', '      caused by: ::1'],
  ],
  [
    'several at once',
    new AggregateError([new Error('one'), new Error('two')], 'both'),
    ['both', '  caused by: one', '  caused by: two'],
  ],
  ['a circle', circle(), ['one', '  caused by: two']],
  ['an error without words', new TypeError(), ['TypeError']],
  ['what is no error', 'just text', ['just text']],
  ['wrong use speaks for itself', new UsageError('do so', { cause: new Error('x') }), ['do so']],
])('%s', (_, error, lines) => {
  expect(formatFailure(error, false).split('\n')).toEqual(lines);
});

test('the stack is there where it is wanted', () => {
  expect(formatFailure(new Error('broken'), true)).toMatch(/^broken\nError: broken\n {4}at /);
});
