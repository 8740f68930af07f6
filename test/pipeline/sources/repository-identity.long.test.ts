import { beforeEach, describe, expect, it } from 'vitest';
import { readOtherIds } from '../../../db/queries/repository-ids.ts';
import type { ReadSource } from '../../../pipeline/domain/source.ts';
import { createBigQuerySource } from '../../../pipeline/sources/bigquery/index.ts';
import { archiveEvent } from '../../support/archive-events.ts';
import { archiveNight, storedContributions, withHourFiles } from '../../support/archive-nights.ts';
import { archiveTables } from '../../support/bigquery/archive-tables.ts';
import { depsFor, useLocalBigQuery } from '../../support/bigquery/harness.ts';
import { emptyTables, useDatabase } from '../../support/databases.ts';
import type { RawEvent } from '../../support/read-events.ts';

/** A repository is its numeric id, whatever names it had and whoever had its name before. */

const ADA = { id: 901, login: 'ada' };
const BEN = { id: 902, login: 'ben' };
const DAY = '2024-06-01';
const WINDOW = { from: new Date(`${DAY}T00:00:00Z`), to: new Date(`${DAY}T06:00:00Z`) };
const NOW = WINDOW.to;

/** A pull request that is opened in an hour of the day. */
function opened(hour: number, id: number, name: string, number: number, actor = ADA): RawEvent {
  return archiveEvent({
    id: `${hour}${id}${number}`,
    type: 'PullRequestEvent',
    actor,
    repo: { id, name },
    created_at: `${DAY}T0${hour}:10:00Z`,
    payload: { action: 'opened', pull_request: { number, user: actor } },
  }) as RawEvent;
}

interface Case {
  readonly name: string;
  readonly repositories: readonly string[];
  readonly events: readonly RawEvent[];
  /** What is stored in the end. */
  readonly stored: Record<string, readonly string[]>;
  /** Other repositories that had the names. */
  readonly others: readonly number[];
}

const CASES: readonly Case[] = [
  {
    name: 'a repository that was renamed',
    repositories: ['acme/tool'],
    events: [opened(0, 10, 'oldorg/oldname', 1), opened(2, 10, 'acme/tool', 2, BEN)],
    stored: { 'acme/tool': ['pr:1:opened 901 06-01T00:10', 'pr:2:opened 902 06-01T02:10'] },
    others: [],
  },
  {
    name: 'a repository that was transferred and renamed, and is renamed again',
    repositories: ['acme/tool'],
    events: [
      opened(0, 10, 'ada/draft', 1),
      opened(1, 10, 'Acme/Draft', 2),
      opened(2, 10, 'ACME/Tool', 3, BEN),
      opened(3, 10, 'acme/newest', 4),
    ],
    stored: {
      'acme/tool': [
        'pr:1:opened 901 06-01T00:10',
        'pr:2:opened 901 06-01T01:10',
        'pr:3:opened 902 06-01T02:10',
        'pr:4:opened 901 06-01T03:10',
      ],
    },
    others: [],
  },
  {
    name: 'a name that another repository had before',
    repositories: ['acme/tool'],
    events: [opened(0, 10, 'acme/tool', 1), opened(2, 77, 'acme/tool', 1, BEN)],
    stored: { 'acme/tool': ['pr:1:opened 902 06-01T02:10'] },
    others: [10],
  },
  {
    name: 'a name that three repositories had, in turns',
    repositories: ['acme/tool'],
    events: [
      opened(0, 77, 'acme/tool', 1, BEN),
      opened(1, 10, 'acme/tool', 1),
      opened(2, 5, 'acme/tool', 1),
      opened(3, 77, 'acme/elsewhere', 2, BEN),
      opened(4, 77, 'acme/tool', 3, BEN),
    ],
    stored: {
      'acme/tool': [
        'pr:1:opened 902 06-01T00:10',
        'pr:2:opened 902 06-01T03:10',
        'pr:3:opened 902 06-01T04:10',
      ],
    },
    others: [10, 5],
  },
  {
    name: 'a fork that took the name of a repository that moved away',
    repositories: ['acme/core', 'acme/tool'],
    events: [
      opened(0, 10, 'acme/tool', 1),
      opened(1, 10, 'acme/core', 2),
      opened(2, 400, 'acme/tool', 1, BEN),
      opened(3, 10, 'acme/core', 3),
    ],
    stored: {
      'acme/core': [
        'pr:1:opened 901 06-01T00:10',
        'pr:2:opened 901 06-01T01:10',
        'pr:3:opened 901 06-01T03:10',
      ],
      'acme/tool': ['pr:1:opened 902 06-01T02:10'],
    },
    others: [10],
  },
  {
    name: 'a repository that is configured under two of its names',
    repositories: ['oldorg/oldname', 'acme/tool'],
    events: [opened(0, 10, 'oldorg/oldname', 1), opened(2, 10, 'acme/tool', 2, BEN)],
    stored: { 'acme/tool': ['pr:1:opened 901 06-01T00:10', 'pr:2:opened 902 06-01T02:10'] },
    others: [10],
  },
];

const bigquery = useLocalBigQuery();
const database = useDatabase();
beforeEach(() => emptyTables(database.db));

type Use = <T>(events: readonly RawEvent[], use: (read: ReadSource) => Promise<T>) => Promise<T>;

const withTables: Use = (events, use) => {
  bigquery.local.reset();
  bigquery.local.tables.clear();
  for (const [name, table] of archiveTables(events)) bigquery.local.tables.set(name, table);
  const options = { payload: true, checksHours: false };
  return use(createBigQuerySource(depsFor(bigquery.local), options));
};

const SOURCES = [
  ['gharchive', withHourFiles as Use],
  ['bigquery', withTables],
] as const;

async function others(): Promise<number[]> {
  return (await readOtherIds(database.db)).map((row) => row.github_id);
}

describe.each(SOURCES)('from %s alone', (source, withArchive) => {
  const nightsOf = async (
    { repositories, events }: Case,
    windows: readonly (typeof WINDOW)[],
    batchSize = 1,
  ) =>
    withArchive(events, async (read) => {
      const left: Record<string, number>[] = [];
      for (const window of windows) {
        const night = { repositories, source, read, window, now: NOW, batchSize };
        left.push(await archiveNight(database.db, night));
      }
      return left;
    });

  it.each(CASES)('$name: read twice, all of its own counts', async (one) => {
    await nightsOf(one, [WINDOW, WINDOW]);
    expect(await storedContributions(database.db)).toEqual(one.stored);
    expect((await others()).toSorted()).toEqual(one.others.toSorted());
  });

  // Each query of the local BigQuery takes long: two kinds of cases are enough there.
  const inParts = source === 'gharchive' ? CASES : CASES.slice(1, 3);
  it.each(inParts)('$name: in parts, newest first, and again', async (one) => {
    const [part, rest] = [3, 2].map((hour) => new Date(`${DAY}T0${hour}:00:00Z`));
    const parts = [
      { from: part as Date, to: WINDOW.to },
      { from: rest as Date, to: part as Date },
      { from: WINDOW.from, to: rest as Date },
    ];
    await nightsOf(one, [...parts, ...parts]);
    expect(await storedContributions(database.db)).toEqual(one.stored);
  });

  // An id that two configured names had in turn.
  it.each(CASES.slice(4, 6))('$name: one night and a planned one', async (one) => {
    const { db } = database;
    await withArchive(one.events.slice(0, 3), async (read) => {
      const night = { repositories: one.repositories, source, read } as const;
      await archiveNight(db, { ...night, window: WINDOW, now: NOW });
      await archiveNight(db, { ...night, now: new Date(`${DAY}T06:30:00Z`) });
      const planned = await storedContributions(db);
      await archiveNight(db, { ...night, window: WINDOW, now: NOW });
      expect(planned).toEqual(await storedContributions(db));
    });
    const rows = await db.selectFrom('scrape_windows').select('gaps').execute();
    const reasons = rows.flatMap(({ gaps }) => gaps.map(({ reason }) => reason));
    expect(reasons).not.toContain('id_learned_late');
  });

  it('counts what is of another repository as left out', async () => {
    const [, , reused] = CASES as [Case, Case, Case];
    const nights = await nightsOf(reused, [WINDOW, WINDOW], 100);
    expect(nights).toEqual([{ other_repository: 1 }, { other_repository: 1 }]);
  });
});

it('counts what was stored before the other id was seen as deleted', async () => {
  const [, , reused] = CASES as [Case, Case, Case];
  await withHourFiles(reused.events, async (read) => {
    const night = { repositories: reused.repositories, source: 'gharchive', read } as const;
    await archiveNight(database.db, { ...night, window: WINDOW, now: NOW, batchSize: 1 });
  });
  const job = database.db.selectFrom('scrape_jobs').select('noticed');
  expect(await job.executeTakeFirst()).toEqual({ noticed: { deleted: 1 } });
});

describe('an id that is learned late', () => {
  const [renamed] = CASES as [Case];

  it('is reported as a gap, which the next night reads', async () => {
    const { db } = database;
    await withHourFiles(renamed.events, async (read) => {
      const night = { repositories: renamed.repositories, source: 'gharchive', read } as const;
      await archiveNight(db, { ...night, window: WINDOW, now: NOW });
      expect(await windows()).toEqual([['0.0000', 'id_learned_late']]);
      await archiveNight(db, { ...night, now: new Date(`${DAY}T06:30:00Z`) });
      expect(await storedContributions(db)).toEqual(renamed.stored);
      expect((await windows()).flat()).not.toContain('id_learned_late');
    });
  });

  it('makes what earlier nights read by name be read again', async () => {
    const { db } = database;
    await withHourFiles(renamed.events, async (read) => {
      const night = { repositories: renamed.repositories, source: 'gharchive', read } as const;
      const middle = new Date(`${DAY}T01:00:00Z`);
      await archiveNight(db, { ...night, window: { from: WINDOW.from, to: middle }, now: middle });
      expect(await storedContributions(db)).toEqual({});
      await archiveNight(db, { ...night, now: NOW });
      await archiveNight(db, { ...night, now: new Date(`${DAY}T06:30:00Z`) });
      expect(await storedContributions(db)).toEqual(renamed.stored);
    });
  });

  it('is none where no event of it went by', async () => {
    const { db } = database;
    const events = [opened(0, 11, 'oldorg/other', 1), opened(2, 10, 'acme/tool', 2, BEN)];
    await withHourFiles(events, async (read) => {
      const night = { repositories: ['acme/tool'], source: 'gharchive', read } as const;
      await archiveNight(db, { ...night, window: WINDOW, now: NOW });
      expect((await windows()).flat()).not.toContain('id_learned_late');
    });
  });

  async function windows() {
    const rows = await database.db.selectFrom('scrape_windows').selectAll().execute();
    return rows.map(({ completeness, gaps }) => [
      Number(completeness).toFixed(4),
      ...new Set(gaps.map(({ reason }) => reason)),
    ]);
  }
});
