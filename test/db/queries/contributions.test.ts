import fc from 'fast-check';
import { beforeEach, expect, it } from 'vitest';
import type { Db } from '../../../db/client.ts';
import {
  attributeContributions,
  deleteContributions,
  upsertContributions,
} from '../../../db/queries/contributions.ts';
import { recordAccounts } from '../../../db/queries/contributors.ts';
import { reconcileRepositories } from '../../../db/queries/repositories.ts';
import type { Contribution } from '../../../pipeline/domain/contribution.ts';
import { describeOnDatabases, emptyTables } from '../../support/databases.ts';

const account = (id: number) => ({ id, login: `user${id}`, type: null });
const at = (second: number) => new Date(Date.UTC(2024, 0, 1, 0, 0, second));

function merged(parts: Partial<Contribution> = {}): Contribution {
  return {
    repositoryId: 1,
    eventId: 'pr:7:merged',
    kind: 'PR_MERGED',
    account: null,
    occurredAt: at(0),
    subjectNumber: 7,
    linesAdded: null,
    linesDeleted: null,
    ...parts,
  };
}

const opened = (user: number | null): Contribution =>
  merged({
    eventId: 'pr:7:opened',
    kind: 'PR_OPENED',
    account: user === null ? null : account(user),
  });
const review = (id: number, user: number): Contribution =>
  merged({ eventId: `review:${id}`, kind: 'PR_REVIEWED', account: account(user) });

const wholeMerge = merged({ account: account(1), linesAdded: 5, linesDeleted: 2 });

async function prepare(db: Db): Promise<void> {
  await emptyTables(db);
  const repository = {
    owner: 'acme',
    name: 'tool',
    neverRescrapeBefore: null,
    defaultBranch: null,
  };
  await reconcileRepositories(db, [repository]);
  const users = [1, 2, 3].map((id) => ({ ...account(id), firstSeenAt: at(0), lastSeenAt: at(0) }));
  await db.transaction().execute((trx) => recordAccounts(trx, users));
}

const rows = (db: Db) =>
  db.selectFrom('contribution_events').selectAll().orderBy('event_id').execute();

describeOnDatabases('contributions', (database) => {
  beforeEach(() => prepare(database.db));

  it('are written once, even if they are read several times', async () => {
    const { db } = database;
    const fact = merged({ account: account(1), linesAdded: 5, linesDeleted: 2 });
    expect(await upsertContributions(db, 'gharchive', [fact, fact])).toBe(1);
    expect(await upsertContributions(db, 'gharchive', [fact])).toBe(0);
    expect(await rows(db)).toEqual([
      {
        repository_id: 1,
        event_id: 'pr:7:merged',
        kind: 'PR_MERGED',
        user_id: 1,
        occurred_at: at(0),
        subject_number: 7,
        lines_added: 5,
        lines_deleted: 2,
        title: null,
        reference: null,
        branch: null,
        source: 'gharchive',
        missed_at: null,
      },
    ]);
  });

  it('are marked where the last calculation should have counted them', async () => {
    const { db } = database;
    await db
      .insertInto('calculations')
      .values({ id: 1, clock: at(2), rules: '' })
      .execute();
    const late = merged({ account: account(1), linesAdded: 5 });
    const later = merged({ eventId: 'pr:8:merged', occurredAt: at(2) });
    await upsertContributions(db, 'github', [late, later]);
    await db
      .updateTable('calculations')
      .set({ clock: at(4) })
      .execute();
    await upsertContributions(db, 'github', [{ ...late, linesAdded: 6 }, later]);
    expect((await rows(db)).map((row) => row.missed_at)).toEqual([at(2), null]);
  });

  it('may be an empty list', async () => {
    expect(await upsertContributions(database.db, 'gharchive', [])).toBe(0);
  });

  it.each([
    ['a person before none', {}, { account: account(2) }],
    [
      'lines before none',
      { account: account(1) },
      { account: account(1), linesAdded: 3, linesDeleted: 0 },
    ],
    [
      'the earlier one',
      { account: account(1), occurredAt: at(9) },
      { account: account(2), occurredAt: at(3) },
    ],
  ])('of two versions keep %s, in either order', async (_, worse, better) => {
    const { db } = database;
    for (const order of [
      [worse, better],
      [better, worse],
    ]) {
      await prepare(db);
      for (const version of order) await upsertContributions(db, 'gharchive', [merged(version)]);
      const [row] = await rows(db);
      expect(row?.user_id).toBe((better as { account: { id: number } }).account.id);
      expect(row?.occurred_at).toEqual((better as Partial<Contribution>).occurredAt ?? at(0));
      expect(row?.lines_added).toBe((better as Partial<Contribution>).linesAdded ?? null);
    }
  });

  it("keep GitHub's version, in either order, and its latest", async () => {
    const { db } = database;
    const archive = merged({ account: account(1), occurredAt: at(1) });
    const github = merged({
      account: account(2),
      occurredAt: at(5),
      linesAdded: 1,
      linesDeleted: 1,
    });
    await upsertContributions(db, 'github', [github]);
    await upsertContributions(db, 'gharchive', [archive]);
    expect((await rows(db))[0]).toMatchObject({ user_id: 2, source: 'github', lines_added: 1 });
    await upsertContributions(db, 'github', [{ ...github, account: account(3), linesAdded: 0 }]);
    expect((await rows(db))[0]).toMatchObject({ user_id: 3, source: 'github', lines_added: 0 });
  });

  const github = (title: string | null) => ['github', title] as const;
  const archive = (title: string | null) => ['gharchive', title] as const;

  it.each([
    ['a title before none', [archive('A'), archive(null)], 'A'],
    ['a title after none', [archive(null), archive('A')], 'A'],
    ["GitHub's after the archive's", [archive('A'), github('B')], 'B'],
    ["GitHub's before the archive's", [github('B'), archive('A')], 'B'],
    ['what GitHub states today', [github('A'), github('Z'), github('B')], 'B'],
    ["the archive's where GitHub states none", [archive('A'), github(null)], 'A'],
    ['none where nobody states one', [archive(null), github(null)], null],
  ])('have as title %s', async (_, versions, title) => {
    const { db } = database;
    for (const [source, given] of versions) {
      await upsertContributions(db, source, [merged({ title: given, reference: given })]);
    }
    expect(await rows(db)).toMatchObject([{ title, reference: title }]);
  });

  it('do not depend on the order and batches in which they come', async () => {
    const { db } = database;
    const version = fc.record({
      source: fc.constantFrom('gharchive', 'bigquery'),
      fact: fc
        .record({
          account: fc.constantFrom(null, account(1), account(2)),
          occurredAt: fc.constantFrom(at(0), at(1), at(2)),
          lines: fc.constantFrom(null, 0, 4),
          title: fc.constantFrom(null, 'One', 'Two', 'ünd drei'),
        })
        .map(({ lines, ...rest }) => merged({ ...rest, linesAdded: lines, linesDeleted: lines })),
    });
    const shuffled = fc
      .array(version, { minLength: 1, maxLength: 6 })
      .chain((all) =>
        fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length })),
      );
    const writeAll = async (versions: { source: string; fact: Contribution }[]) => {
      await db.deleteFrom('contribution_events').execute();
      for (const { source, fact } of versions) await upsertContributions(db, source, [fact]);
      return rows(db);
    };
    await fc.assert(
      fc.asyncProperty(shuffled, async ([one, other]) => {
        expect(await writeAll(other)).toEqual(await writeAll(one));
      }),
      { numRuns: 40 },
    );
  });

  it.each([
    ['opened first', [opened(1), merged()]],
    ['merged first', [merged(), opened(1)]],
  ])('credit a trimmed merge to the account that opened it, %s', async (_, facts) => {
    const { db } = database;
    for (const fact of facts) {
      await upsertContributions(db, 'gharchive', [fact]);
      await attributeContributions(db, [1]);
    }
    expect((await rows(db)).map((row) => row.user_id)).toEqual([1, 1]);
    // Reading the merge again, or another event of the same merge, changes nothing.
    await upsertContributions(db, 'gharchive', [merged(), merged({ occurredAt: at(9) })]);
    await attributeContributions(db, [1]);
    expect((await rows(db)).map((row) => row.user_id)).toEqual([1, 1]);
  });

  it('leave a trimmed merge without credit while its author is unknown', async () => {
    const { db } = database;
    await upsertContributions(db, 'gharchive', [merged(), opened(null)]);
    expect(await attributeContributions(db, [1])).toEqual({ credited: 0, selfReviews: 0 });
    expect((await rows(db)).map((row) => row.user_id)).toEqual([null, null]);
  });

  it.each([
    ['before', [review(1, 1), review(2, 2), opened(1)]],
    ['after', [opened(1), review(1, 1), review(2, 2)]],
    ['after its merge, which names the author,', [wholeMerge, review(1, 1), review(2, 2)]],
  ])('drop a self-review that came %s the author was known', async (_, facts) => {
    const { db } = database;
    for (const fact of facts) {
      await upsertContributions(db, 'gharchive', [fact]);
      await attributeContributions(db, [1]);
    }
    expect((await rows(db)).map((row) => row.event_id)).toEqual([
      facts.find(({ kind }) => kind !== 'PR_REVIEWED')?.eventId,
      'review:2',
    ]);
  });

  it('can be removed', async () => {
    const { db } = database;
    await upsertContributions(db, 'github', [opened(1), review(1, 2)]);
    await deleteContributions(db, 1, ['review:1', 'review:9']);
    await deleteContributions(db, 1, []);
    expect((await rows(db)).map((row) => row.event_id)).toEqual(['pr:7:opened']);
  });

  it('are removed with those of the co-authors of a commit', async () => {
    const { db } = database;
    const commit = (id: string) => merged({ eventId: `commit:${id}`, kind: 'COMMIT' });
    const all = ['aa', 'aa:1', 'aa:2', 'aaa', 'bb', 'bb:1'].map(commit);
    await upsertContributions(db, 'github', all);
    expect(await deleteContributions(db, 1, ['commit:aa', 'commit:b'])).toBe(3);
    const left = (await rows(db)).map((row) => row.event_id);
    expect(left).toEqual(['commit:aaa', 'commit:bb', 'commit:bb:1']);
  });

  it('of many contributors are written at once', async () => {
    const { db } = database;
    const many = Array.from({ length: 20_000 }, (_, i) =>
      merged({ eventId: `commit:${i}`, kind: 'COMMIT', account: account(1 + (i % 3)) }),
    );
    expect(await upsertContributions(db, 'gharchive', many)).toBe(20_000);
  });
});
