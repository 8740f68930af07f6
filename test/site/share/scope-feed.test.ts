import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { mondayOf } from '../../../pipeline/domain/time.ts';
import { DAY_COLUMNS } from '../../../pipeline/published/downloads.ts';
import { buildDocuments, writeDocuments } from '../../support/documents.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'scope-feed-'));
  writeDocuments(folder, buildDocuments({ people: 9, contributorPages: 2 }));
  const zeros = DAY_COLUMNS.slice(3).map(() => 0);
  const rows = [
    ['meadow/next.js', '2025-11-09', 5, ...zeros],
    ['meadow/next.js', '2025-11-10', 2, ...zeros],
    ['meadow/garden', '2025-11-16', 1, ...zeros],
    // Of the week that is not over.
    ['meadow/garden', '2025-11-18', 7, ...zeros],
  ];
  mkdirSync(join(folder, 'api/v1/downloads'));
  const text = [DAY_COLUMNS.map(({ name }) => name), ...rows]
    .map((row) => row.join(','))
    .join('\r\n');
  writeFileSync(join(folder, 'api/v1/downloads/days.csv'), `${text}\r\n`);
  vi.stubEnv('SITE_DATA', folder);
});
afterAll(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

it('has an entry for each week that is over, with its contributions and newcomers', async () => {
  // They keep what another test read.
  vi.resetModules();
  const { readBoard } = await import('../../../site/src/lib/boards.ts');
  const { scopeFeedOf } = await import('../../../site/src/share/scope-feed.ts');
  const board = readBoard('global', 'all');
  const [first] = board.shards;
  // Two people begin in the week of 10 November, which is day 20,402.
  const days = first?.columns.username.map((_, row) => (row < 2 ? 20_402 + row : 20_000)) ?? [];
  // The week of 17 November goes on.
  const trend = first?.columns.username.map(
    (_, row) =>
      [
        [1, 9],
        [4, 2, 0],
        [2, 5],
        [3, 3],
      ][row] ?? [7],
  );
  const columns = {
    ...first?.columns,
    trend,
    first_contribution_day: days,
  } as (typeof board.shards)[0]['columns'];
  const feed = scopeFeedOf({
    ...board,
    shards: [{ ...first, columns } as (typeof board.shards)[0]],
  });
  const [one, two, three, four] = first?.columns.username ?? [];
  expect(feed.entries).toEqual([
    {
      id: 'tag:meadow.example,2025-11-10:/leaderboard/global/week',
      title: '10 Nov 2025 – 16 Nov 2025: 3 contributions, 2 newcomers',
      link: 'https://meadow.example/leaderboard/',
      updated: '2025-11-17T00:00:00.000Z',
      text: `Busiest: ${four} (3), ${[two, three].toSorted().join(' (2), ')} (2). New in this week: ${one}, ${two}.`,
    },
    expect.objectContaining({
      title: '3 Nov 2025 – 9 Nov 2025: 5 contributions',
      text: `Busiest: ${two} (4). 5 contributions, nobody for the first time.`,
    }),
    {
      id: 'tag:meadow.example,2025-10-01:/leaderboard/month',
      title: 'October 2025: at least 420 contributions by 31 people',
      link: 'https://meadow.example/leaderboard/2025/10/',
      updated: '2025-11-06T00:00:00Z',
      text: expect.stringMatching(
        /^Corrected on 2025-11-06: .* First by points: rosa-field \(1,201 points\), .* Newcomers: .* and 61 more\. /,
      ),
    },
    expect.objectContaining({ title: 'September 2025: at least 400 contributions by 33 people' }),
  ]);
  const partly = scopeFeedOf({
    ...board,
    unknownKinds: ['COMMIT'],
    shards: [{ ...first, columns } as (typeof board.shards)[0]],
  });
  expect(partly.entries[0]?.text).toContain(`Busiest, of what is known: ${four} (3), `);
  const own = scopeFeedOf(readBoard('meadow/next.js', 'all'));
  expect(own.page).toBe('https://meadow.example/leaderboard/repositories/meadow/next.js/');
  expect(own.entries.map(({ title }) => title.split(': ')[1])).toEqual([
    '2 contributions',
    '5 contributions',
  ]);
});

it('knows the Monday of a day', () => {
  const monday = (date: string) =>
    new Date(mondayOf(new Date(date)) * 86_400_000).toISOString().slice(0, 10);
  expect(['1969-12-31', '1970-01-04', '2025-11-16', '2025-11-17'].map(monday)).toEqual([
    '1969-12-29',
    '1969-12-29',
    '2025-11-10',
    '2025-11-17',
  ]);
});
