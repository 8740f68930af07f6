import { expect, it } from 'vitest';
import { formatReport } from '../../../../pipeline/stages/preview/format-report.ts';
import { reportNaming } from '../../../support/preview-report.ts';

it.each(['text', 'markdown', 'json'] as const)('is written as %s', async (format) => {
  const golden = `../../../golden/preview/report.${format === 'text' ? 'txt' : format}`;
  await expect(formatReport(reportNaming('ada'), format)).toMatchFileSnapshot(golden);
});

it('says that nothing changes, and shows the first ten all the same', () => {
  const report = reportNaming('ada');
  const still = { moved: { own: 0, others: 0 }, entered: 0, left: 0, rescored: 0, movers: [] };
  const boards = report.boards
    .filter(({ scope }) => scope === 'global')
    .map((board) => ({ ...board, ...still, entering: [], leaving: [] }));
  const text = formatReport({ ...report, boards }, 'text');
  expect(text).toContain('Nobody moves, enters or leaves, and no score changes, on any board');
  expect(text).toContain('All repositories, all time: the first ten');
  expect(text).not.toContain('by period');
});

it('says of each removed repository what is lost, and how many are not shown', () => {
  const report = reportNaming('ada');
  const removed = Array.from({ length: 63 }, (_, place) => ({
    ...{ repository: `octo/r${place}`, people: 1, points: 2 },
    losses: [{ login: 'ada', points: 2 }],
  }));
  const repositories = { ...report.repositories, removed };
  const text = formatReport({ ...report, repositories }, 'text');
  expect(text.match(/^Who loses points/gm)).toHaveLength(10);
  expect(text.match(/^ {2}octo\/r\d+: 1 person loses 2 points of all time$/gm)).toHaveLength(60);
  expect(text).toContain(
    '  octo/r59: 1 person loses 2 points of all time\n  Not shown here: 3 more\n',
  );
});

/** Names that could do harm if an account had one of them. */
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

it.each(HOSTILE)('shows %j as a name only', (name) => {
  const usual = formatReport(reportNaming('ada'), 'markdown').split('\n');
  const lines = formatReport(reportNaming(name), 'markdown').split('\n');
  expect(lines).toHaveLength(usual.length);
  for (const [place, line] of lines.entries()) {
    // Each name stands in a code span: without the spans, the line is that of any other name.
    const shape = (text: string) =>
      text.replaceAll(/`[^`]+`/g, '`').replace(/<code>[\w./\ufffd-]+<\/code>/, '`');
    expect(shape(line)).toBe(shape(usual[place] ?? ''));
    for (const [span] of line.matchAll(/`[^`]+`/g)) expect(span).not.toMatch(/[|\\\p{C}]/u);
  }
  const text = formatReport(reportNaming(name), 'text');
  expect(text.replaceAll('\n', '')).not.toMatch(/\p{C}/u);
  expect(JSON.parse(formatReport(reportNaming(name), 'json'))).toEqual(reportNaming(name));
});
