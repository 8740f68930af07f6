import fc from 'fast-check';
import { expect, it } from 'vitest';
import { reconcileRepositories } from '../../../db/queries/repositories.ts';
import { identifyRepository } from '../../../db/queries/repository-renames.ts';
import type { TimeWindow } from '../../../pipeline/domain/window.ts';
import { archiveEvent, push, sha } from '../../support/archive-events.ts';
import { archiveNight, storedContributions, withHourFiles } from '../../support/archive-nights.ts';
import { emptyTables, useDatabase } from '../../support/databases.ts';
import type { RawEvent } from '../../support/read-events.ts';
import { runs } from '../../support/runs.ts';

/** Invented lives of repositories: renames, transfers, names that are used again, renamed branches. */

const database = useDatabase();

const NAMES = ['acme/tool', 'Acme/Tool', 'acme/core', 'old/name', 'fork/tool'];
const CONFIGURED = 'acme/tool';
const HOURS = 6;
const at = (hour: number, minute = 0) => new Date(Date.UTC(2024, 5, 1, hour, minute));
const WHOLE = { from: at(0), to: at(HOURS) };

interface Moment {
  readonly hour: number;
  readonly id: number;
  readonly name: string;
  readonly kind: 'pull' | 'push';
}

/** A life: who has which name changes as it likes, but two repositories never have one at a time. */
const life = fc
  .array(
    fc.record({
      hour: fc.nat(HOURS - 1),
      id: fc.constantFrom(10, 77, 400),
      name: fc.constantFrom(...NAMES),
      kind: fc.constantFrom('pull' as const, 'push' as const),
    }),
    { minLength: 1, maxLength: 10 },
  )
  .map((moments) => moments.toSorted((a, b) => a.hour - b.hour));

/** Of the moments, the minute is the place: no two happen at once. Master is pushed to until hour 3. */
function eventsOf(moments: readonly Moment[]): RawEvent[] {
  return moments.map(({ hour, id, name, kind }, index) => {
    const actor = { id: 900 + id, login: `of${id}` };
    const common = {
      id: `${index}`,
      actor,
      repo: { id, name },
      created_at: at(hour, index).toISOString(),
    };
    // Numbers are those of each repository, so that two of them have the same keys.
    const number = moments.slice(0, index).filter((one) => one.id === id).length + 1;
    const payload = { action: 'opened', pull_request: { number, user: actor } };
    const commit = { sha: sha(id * 1_000 + number), distinct: true };
    const what =
      kind === 'pull'
        ? { type: 'PullRequestEvent', payload }
        : push(`refs/heads/${hour < 3 ? 'master' : 'main'}`, [commit]);
    return archiveEvent({ ...common, ...what }) as RawEvent;
  });
}

/** The oracle: all that happened to the repository that had the name last, under any name. */
function expected(moments: readonly Moment[], id = lastHolder(moments)) {
  const lines = moments.flatMap((one, index) => {
    if (one.id !== id) return [];
    const number = moments.slice(0, index).filter((other) => other.id === id).length + 1;
    const key = one.kind === 'pull' ? `pr:${number}:opened` : `commit:${sha(id * 1_000 + number)}`;
    return [`${key} ${900 + id} ${at(one.hour, index).toISOString().slice(5, 16)}`];
  });
  return lines.length === 0 ? {} : { [CONFIGURED]: lines.toSorted() };
}

const lastHolder = (moments: readonly Moment[]) =>
  moments.findLast(({ name }) => name.toLowerCase() === CONFIGURED)?.id ?? null;

/** The parts of a way to read: some hours each, in any order, and then all of them again. */
const parts = fc
  .uniqueArray(fc.integer({ min: 1, max: HOURS - 1 }), { maxLength: 3 })
  .map((cuts) => [0, ...cuts.toSorted((a, b) => a - b), HOURS])
  .map((ends) => ends.slice(1).map((end, i) => ({ from: at(ends[i] as number), to: at(end) })))
  .chain((windows) => fc.shuffledSubarray(windows, { minLength: windows.length }));

async function readAll(moments: readonly Moment[], windows: readonly TimeWindow[], batchSize = 1) {
  const { db } = database;
  await withHourFiles(eventsOf(moments), async (read) => {
    for (const window of windows) {
      const repositories = [{ repo: CONFIGURED, branch: 'main' }];
      await archiveNight(db, {
        repositories,
        source: 'gharchive',
        read,
        window,
        now: WHOLE.to,
        batchSize,
      });
    }
  });
  return storedContributions(db);
}

it('are the same from the archive alone, in any order and parts, once all is read again', async () => {
  await fc.assert(
    fc.asyncProperty(life, parts, fc.constantFrom(1, 100), async (moments, windows, batchSize) => {
      await emptyTables(database.db);
      expect(await readAll(moments, [...windows, ...windows], batchSize)).toEqual(
        expected(moments),
      );
    }),
    runs(12),
  );
});

/** A repository that has the name of another one for a while, and loses it again in the same job. */
const pull = (hour: number, id: number, name: string) => ({
  hour,
  id,
  name,
  kind: 'pull' as const,
});
const TAKEN_FOR_A_WHILE: Moment[][] = [
  [
    pull(0, 77, 'acme/core'),
    pull(0, 10, 'acme/tool'),
    pull(1, 77, 'acme/tool'),
    pull(2, 10, 'acme/tool'),
  ],
  [
    pull(0, 10, 'acme/tool'),
    pull(2, 77, 'acme/core'),
    pull(2, 77, 'acme/tool'),
    pull(3, 10, 'acme/tool'),
  ],
];

it('lose nothing: planned nights come to what reading all again comes to, of two names', async () => {
  await fc.assert(
    fc.asyncProperty(life, parts, fc.constantFrom(1, 100), async (moments, windows, batchSize) => {
      const { db } = database;
      await emptyTables(db);
      const planned = await withHourFiles(eventsOf(moments), async (read) => {
        const repositories = [CONFIGURED, 'acme/core'].map((repo) => ({ repo, branch: 'main' }));
        const night = { repositories, source: 'gharchive', read, batchSize } as const;
        for (const window of windows) await archiveNight(db, { ...night, window, now: WHOLE.to });
        // Two ids may change hands in each of the first nights.
        for (const later of [1, 2, 3, 4]) {
          await archiveNight(db, { ...night, now: at(HOURS, later * 10) });
        }
        const after = await storedContributions(db);
        for (const _ of [1, 2]) await archiveNight(db, { ...night, window: WHOLE, now: WHOLE.to });
        return after;
      });
      expect(planned).toEqual(await storedContributions(db));
    }),
    { ...runs(8), examples: TAKEN_FOR_A_WHILE.map((moments) => [moments, [WHOLE], 1]) },
  );
});

it('are those of the id that GitHub states, before or after the archive is read', async () => {
  await fc.assert(
    fc.asyncProperty(life, parts, fc.nat(3), async (moments, windows, statedAfter) => {
      const { db } = database;
      const id = lastHolder(moments) ?? 10;
      await emptyTables(db);
      const wanted = {
        owner: 'acme',
        name: 'tool',
        neverRescrapeBefore: null,
        defaultBranch: 'main',
      };
      await db.transaction().execute((trx) => reconcileRepositories(trx, [wanted]));
      await readAll(moments, windows.slice(0, statedAfter));
      const identity = { repositoryId: 1, githubId: id, owner: 'acme', name: 'tool' };
      await db.transaction().execute((trx) => identifyRepository(trx, identity, WHOLE.to));
      expect(await readAll(moments, windows)).toEqual(expected(moments, id));
    }),
    runs(12),
  );
});
