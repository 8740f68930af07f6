import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  accountOfAddress,
  appOfAddress,
  coAuthorsOf,
} from '../../../pipeline/domain/commit-people.ts';

const NO_REPLY = '@users.noreply.github.com';
const trailer = (id: number, login: string) =>
  `Co-authored-by: Somebody <${id}+${login}${NO_REPLY}>`;

const namesOf = (message: string) => {
  const { accounts, unknown } = coAuthorsOf(message);
  return [...accounts.map(({ id, login }) => `${id} ${login}`), ...(unknown ? [unknown] : [])];
};

describe('the co-authors of a message', () => {
  it.each([
    ['none', 'Fix it', []],
    ['one', `Fix it\n\n${trailer(7, 'ada')}`, ['7 ada']],
    ['one, at the end of a message of one line', trailer(7, 'ada'), ['7 ada']],
    [
      'two',
      `Fix\n\nMore.\n\n${trailer(7, 'ada')}\n${trailer(8, 'ben_corp')}`,
      ['7 ada', '8 ben_corp'],
    ],
    [
      'lines of Windows',
      `Fix\r\n\r\n${trailer(7, 'ada')}\r\n${trailer(8, 'b')}\r\n`,
      ['7 ada', '8 b'],
    ],
    ['others between', `Fix\n\nSigned-off-by: x <x@y>\n${trailer(7, 'ada')}\nRefs: #1`, ['7 ada']],
    ['another case', `Fix\n\nCO-AUTHORED-BY: A <7+Ada@USERS.noreply.GitHub.com>\n\n`, ['7 Ada']],
    ['an app', `Fix\n\n${trailer(9, 'helper[bot]')}`, ['9 helper[bot]']],
    [
      'one twice',
      `Fix\n\n${trailer(7, 'ada')}\n${trailer(7, 'Ada')}\n${trailer(7, 'lovelace')}`,
      ['7 lovelace'],
    ],
    ['one whose account is not known', 'Fix\n\nCo-authored-by: A <a@b.example>', [1]],
    ['an address of the old form', `Fix\n\nCo-authored-by: A <ada${NO_REPLY}>`, [1]],
    [
      'an address of another server',
      'Fix\n\nCo-authored-by: A <7+a@users.noreply.git.example>',
      [1],
    ],
    ['no address', 'Fix\n\nCo-authored-by: Ada', []],
    ['one in the middle of the text', `${trailer(7, 'ada')}\n\nMore of it.`, []],
    ['one that is quoted', `Fix\n\n> ${trailer(7, 'ada')}`, []],
    ['the deleted user', `Fix\n\n${trailer(10137, 'ghost')}`, [1]],
    ['an id that is none', `Fix\n\n${trailer(0, 'ada')}`, [1]],
    [
      'an id that no number holds',
      `Fix\n\nCo-authored-by: A <${'9'.repeat(30)}+a${NO_REPLY}>`,
      [1],
    ],
    ['a login that is none', `Fix\n\nCo-authored-by: A <7+a\u200bb${NO_REPLY}>`, [1]],
  ])('%s', (_, message, named) => {
    expect(namesOf(message)).toEqual(named);
  });

  it('are found in any text, each once, by accounts that can be stored', () => {
    const part = fc.constantFrom(
      '\n',
      '\r\n',
      ' ',
      'Co-authored-by: ',
      '<',
      '>',
      trailer(7, 'a'),
      'x',
      '8+b',
      NO_REPLY,
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 30 }), (parts) => {
        const { accounts, unknown } = coAuthorsOf(parts.join(''));
        expect(new Set(accounts.map(({ id }) => id)).size).toBe(accounts.length);
        expect(unknown).toBeGreaterThanOrEqual(0);
        for (const { isClaimed, type } of accounts) expect([isClaimed, type]).toEqual([true, null]);
      }),
    );
  });
});

it('an address names an app by its suffix', () => {
  expect(appOfAddress(`9+helper[bot]${NO_REPLY}`)).toMatchObject({ id: 9, login: 'helper[bot]' });
  expect(appOfAddress(`7+ada${NO_REPLY}`)).toBeNull();
  expect(accountOfAddress(null)).toBeNull();
});
