import { describe, expect, it } from 'vitest';
import { createHideMentions } from '../../../../pipeline/stages/report/hide-mentions.ts';

const hide = createHideMentions(['ben', 'fix', '-old-name-', 'a.b']);

describe('a title that is published', () => {
  it.each([
    ['Thanks @ben for this', 'Thanks @… for this'],
    ['Thanks @BEN!', 'Thanks @…!'],
    ['@ben, @ada and @ben', '@…, @ada and @…'],
    ['@ben-too and @benny stay', '@ben-too and @benny stay'],
    ['by @-old-name-', 'by @…'],
    ['Merge pull request #5 from ben/topic', 'Merge pull request #5 from …/topic'],
    ['Merge ben:topic', 'Merge …:topic'],
    ['fix the fix of @fix', 'fix the fix of @…'],
    ['fix: an error', 'fix: an error'],
    ['mail to ben@example.com', 'mail to …'],
    ['<b>@ben</b>', '<b>@…</b>'],
    ['\u202e@ben', '\u202e@…'],
  ])('%s becomes %s', (title, shown) => {
    expect(hide(title)).toBe(shown);
  });

  it('stays as it is where nobody has opted out', () => {
    expect(createHideMentions([])('Thanks @ben and ada/topic')).toBe('Thanks @ben and ada/topic');
  });
});
