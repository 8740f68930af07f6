import { beforeEach, describe, expect, it } from 'vitest';
import { updateMetadata } from '../../../db/queries/repository-renames.ts';
import type { ReadSource } from '../../../pipeline/domain/source.ts';
import { archiveEvent, push, sha } from '../../support/archive-events.ts';
import { archiveNight, withHourFiles } from '../../support/archive-nights.ts';
import { emptyTables, useDatabase } from '../../support/databases.ts';
import type { RawEvent } from '../../support/read-events.ts';

/** What counted as default branch when it was pushed counts. */

const database = useDatabase();
beforeEach(() => emptyTables(database.db));

const at = (hour: number) => new Date(Date.UTC(2024, 5, 1, hour));
const pushed = (hour: number, branch: string, commits = [hour]): RawEvent =>
  archiveEvent({
    id: `${hour}`,
    ...push(
      `refs/heads/${branch}`,
      commits.map((number) => ({ sha: sha(number), distinct: true })),
    ),
    created_at: new Date(at(hour).getTime() + 600_000).toISOString(),
  }) as RawEvent;

const HOURS = [0, 1, 2, 3, 4, 5];
const part = (hour: number) => ({ from: at(hour), to: at(hour + 1) });
const WHOLE = { from: at(0), to: at(6) };

async function read(
  source: ReadSource,
  branch: string | null,
  windows: readonly (typeof WHOLE)[],
): Promise<number[]> {
  const repository = branch === null ? 'acme/tool' : { repo: 'acme/tool', branch };
  for (const window of windows) {
    const night = { repositories: [repository], source: 'gharchive', read: source } as const;
    await archiveNight(database.db, { ...night, window, now: WHOLE.to });
  }
  return stored();
}

/** The hours whose commits are stored. */
async function stored(): Promise<number[]> {
  const rows = await database.db
    .selectFrom('contribution_events')
    .select('event_id')
    .orderBy('event_id')
    .execute();
  return rows.map(({ event_id }) => Number.parseInt(event_id.slice('commit:'.length), 16));
}

describe('a default branch that was renamed', () => {
  it.each([
    ['from master to main', 'main', [pushed(0, 'master'), pushed(2, 'main')], [0, 2]],
    [
      'back to master',
      'master',
      [pushed(0, 'main'), pushed(2, 'master'), pushed(3, 'main')],
      [0, 2],
    ],
    [
      'with the old branch left behind',
      'main',
      [
        pushed(0, 'master'),
        pushed(1, 'topic'),
        pushed(2, 'main'),
        pushed(3, 'master'),
        pushed(4, 'main'),
      ],
      [0, 2, 4],
    ],
    [
      'by a push without commits',
      'main',
      [pushed(0, 'master'), pushed(2, 'main', []), pushed(3, 'master')],
      [0],
    ],
    ['to a name that is not known', null, [pushed(0, 'master'), pushed(2, 'main')], [0, 2]],
    [
      'to develop, which says nothing of main',
      'develop',
      [pushed(0, 'main'), pushed(2, 'develop')],
      [2],
    ],
  ] as const)(
    '%s: in order, in parts, twice, and newest first',
    async (_, branch, events, kept) => {
      await withHourFiles(events, async (source) => {
        const parts = HOURS.map(part);
        for (const windows of [[WHOLE], parts, [WHOLE, WHOLE], parts.toReversed()]) {
          await emptyTables(database.db);
          expect(await read(source, branch, windows)).toEqual(kept);
        }
      });
    },
  );
});

describe('a branch that is learned today', () => {
  const events = [pushed(0, 'trunk'), pushed(2, 'trunk'), pushed(3, 'next')];

  it('does not reach back, where it is configured', async () => {
    await withHourFiles(events, async (source) => {
      expect(await read(source, 'trunk', [WHOLE])).toEqual([0, 2]);
      expect(await read(source, 'next', [WHOLE])).toEqual([0, 2, 3]);
    });
  });

  it('does not reach back, where GitHub states it', async () => {
    const { db } = database;
    const state = (defaultBranch: string, hour: number) =>
      db.transaction().execute((trx) =>
        updateMetadata(
          trx,
          {
            ...{ repositoryId: 1, githubId: 10, owner: 'acme', name: 'tool', defaultBranch },
            ...{ description: null, stars: 0, forks: 0, language: null, topics: [] },
            ...{ license: null, isArchived: false },
          },
          at(hour),
        ),
      );
    await withHourFiles([...events, pushed(4, 'trunk')], async (source) => {
      await read(source, null, [part(5)]);
      await state('trunk', 0);
      await state('next', 3);
      expect(await read(source, null, [WHOLE])).toEqual([0, 2, 3]);
    });
  });
});
