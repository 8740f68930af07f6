import { expect, it } from 'vitest';
import { formatPreview } from '../../../../pipeline/stages/preview/format-preview.ts';
import type { ConfigPreview } from '../../../../pipeline/stages/preview/index.ts';

const NOBODY = { before: 0, after: 0, moved: [], rescored: [], entered: [], left: [] };

const preview = (changes: Partial<ConfigPreview> = {}): ConfigPreview => ({
  isReweighted: false,
  repositories: { added: 0, archived: 0, restored: 0 },
  accountsChanged: 0,
  ranks: NOBODY,
  optedOut: 0,
  ...changes,
});

const CHANGED = preview({
  isReweighted: true,
  repositories: { added: 1, archived: 2, restored: 0 },
  accountsChanged: 3,
  ranks: {
    before: 1234,
    after: 1233,
    moved: [
      {
        id: 1,
        login: 'ada',
        before: { rank: 1200, score: 5.125 },
        after: { rank: 1, score: 1380 },
      },
      { id: 2, login: 'Bob', before: { rank: 1, score: 90 }, after: { rank: 2, score: 90 } },
    ],
    rescored: [],
    entered: [{ id: 3, login: 'cyd-the-long', rank: 7, score: 8 }],
    left: [{ id: 4, login: 'dan', rank: 1234, score: 3 }],
  },
  optedOut: 1,
});

it('is a table for a terminal', () => {
  expect(formatPreview(CHANGED, 'text')).toBe(
    `What this configuration does to the ranks

Global board, all time: 1,234 people before, 1,233 people after
2 move, 1 enter, 2 leave, 0 keep their rank with another score
Weights: changed; accounts that become or cease to be a bot, opted out or an alias: 3
Repositories: 1 new (they count once they are read), 2 removed, 0 back
Opted out, and therefore not named: 1

contributor   change   rank       score
ada           ▲ 1,199  1,200 → 1  5.125 → 1,380
Bob           ▼ 1      1 → 2      90 → 90
cyd-the-long  enters   – → 7      – → 8
dan           leaves   1,234 → –  3 → –

This is a preview: nothing is changed.
`,
  );
});

it('is Markdown for a pull request', () => {
  const text = formatPreview(CHANGED, 'markdown');
  expect(text).toContain('### What this configuration does\n\n- Global board, all time: 1,234');
  expect(text).toContain('| contributor | change | rank | score |\n|---|---|---|---|\n| `ada` | ▲');
  expect(text).toContain('| `dan` | leaves | 1,234 → – | 3 → – |');
});

it('has no table if nobody moves', () => {
  expect(formatPreview(preview(), 'markdown')).not.toContain('|');
  expect(formatPreview(preview(), 'text')).toContain('0 move, 0 enter, 0 leave');
});

it('shows twenty of each kind and the number of the others', () => {
  const entered = Array.from({ length: 23 }, (_, i) => ({
    id: i + 1,
    login: `user${i + 1}`,
    rank: i + 1,
    score: 1,
  }));
  const text = formatPreview(preview({ ranks: { ...NOBODY, after: 23, entered } }), 'text');
  expect(text.match(/enters/g)).toHaveLength(20);
  expect(text).toContain('Not shown below: 3 more');
});

/** Logins that could do harm if an account had one of them. */
const HOSTILE = [
  '@everyone',
  'a|b',
  'a`b',
  'a\\|b',
  '<img src=x onerror=alert(1)>',
  '[x](https://evil.example)',
  'a\n\n# b',
  'a\r| b',
  '\u001b[2J',
  '\u202egnp.exe',
  '',
];

it.each(HOSTILE)('shows %j as a name only', (login) => {
  const ranks = { ...NOBODY, after: 1, entered: [{ id: 1, login, rank: 1, score: 1 }] };
  const lines = formatPreview(preview({ ranks }), 'markdown').split('\n');
  const row = lines.find((line) => line.includes('enters')) ?? '';
  expect(row).toMatch(/^\| `[^`|\\\p{C}]+` \| enters \| – → 1 \| – → 1 \|$/u);
  expect(lines).toHaveLength(formatPreview(preview(), 'markdown').split('\n').length + 4);
  const text = formatPreview(preview({ ranks }), 'text');
  expect(text.replaceAll('\n', '')).not.toMatch(/\p{C}/u);
});
