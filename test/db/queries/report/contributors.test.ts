import fc from 'fast-check';
import { expect, it } from 'vitest';
import { updateContributorWeeks } from '../../../../db/queries/contributor-weeks.ts';
import {
  readContributions,
  readContributorWeeks,
} from '../../../../db/queries/report/contributors.ts';
import {
  CONTRIBUTION_KINDS,
  type ContributionKind,
} from '../../../../pipeline/domain/contribution-kinds.ts';
import { applyPeople, applyWeights } from '../../../../pipeline/stages/calculate/index.ts';
import { addRepository, addUser, ago, configOf, NOW } from '../../../support/community.ts';
import { describeOnDatabases, emptyTables } from '../../../support/databases.ts';

/** The activity of contributors, against a plain count in code. */

const USERS = [1, 2, 3, 4];
/** Account 1 is account 2, and account 4 opted out. */
const config = configOf({ people: { opt_out: [4], aliases: [{ id: 1, is: 2 }] } });
const PERSON: Readonly<Record<number, number>> = { 1: 2, 2: 2, 3: 3 };

/** Few moments, so that many contributions are of the same one. */
const fact = fc.record({
  repository: fc.constantFrom(1, 2, 3),
  kind: fc.constantFrom(...CONTRIBUTION_KINDS),
  user: fc.option(fc.constantFrom(...USERS)),
  at: fc.constantFrom(ago(-1), NOW, ago(0, 1), ago(3), ago(3, 1), ago(40)),
  subject: fc.option(fc.constantFrom(1, 2)),
});
type Fact = typeof fact extends fc.Arbitrary<infer T> ? T : never;

const keyOf = ({ kind, subject }: Fact, index: number) => {
  if (kind === 'PR_OPENED' && subject !== null) return `pr:${subject}:opened`;
  return kind === 'PR_MERGED' && subject !== null ? `pr:${subject}:merged` : `${kind}:${index}`;
};

/** What counts: of known people, before now, in a tracked repository, and no review of one's own. */
function counted(facts: readonly Fact[]) {
  const own = (review: Fact) =>
    facts.some(
      (one) =>
        (one.kind === 'PR_OPENED' || one.kind === 'PR_MERGED') &&
        one.repository === review.repository &&
        one.subject !== null &&
        one.subject === review.subject &&
        PERSON[one.user ?? 0] === PERSON[review.user ?? 0],
    );
  return facts
    .map((one, index) => ({ ...one, key: keyOf(one, index), person: PERSON[one.user ?? 0] }))
    .filter((one) => one.person !== undefined && one.at < NOW && one.repository !== 3)
    .filter((one) => one.kind !== 'PR_REVIEWED' || !own(one));
}

describeOnDatabases('the activity of contributors', (database) => {
  it('is what they did, the last first', async () => {
    const { db } = database;
    const property = fc.asyncProperty(
      fc.uniqueArray(fact, {
        maxLength: 30,
        selector: (one) =>
          one.subject !== null && /^PR_(OPENED|MERGED)$/.test(one.kind)
            ? `${one.repository} ${one.subject} ${one.kind}`
            : one,
      }),
      async (facts) => {
        await emptyTables(db);
        for (const name of ['one', 'two', 'left']) await addRepository(db, 'octo', name);
        await db
          .updateTable('repositories')
          .set({ status: 'ARCHIVED' })
          .where('id', '=', 3)
          .execute();
        for (const id of USERS) await addUser(db, id, `user${id}`);
        await applyWeights(db, config.weights);
        await applyPeople(db, config.people);
        const rows = facts.map((one, index) => ({
          repository_id: one.repository,
          event_id: keyOf(one, index),
          kind: one.kind,
          user_id: one.user,
          occurred_at: one.at,
          subject_number: one.subject,
          source: 'github',
        }));
        if (rows.length > 0) await db.insertInto('contribution_events').values(rows).execute();

        await updateContributorWeeks(db, NOW, true);

        const found = await readContributions(db, [2, 3], NOW);
        const weeks = await readContributorWeeks(db, [2, 3]);
        for (const person of [2, 3]) {
          const all = counted(facts).filter((one) => one.person === person);
          const newest = all.toSorted(
            (a, b) =>
              b.at.getTime() - a.at.getTime() ||
              a.repository - b.repository ||
              (a.key < b.key ? -1 : 1),
          );
          expect(found.get(person)?.map((row) => row.event_id) ?? []).toEqual(
            newest.map((one) => one.key),
          );
          const total = (weeks.get(person) ?? [])
            .flatMap(({ counts }) => Object.values(counts))
            .reduce((sum, count) => sum + count, 0);
          expect(total).toBe(all.length);
        }
      },
    );
    await fc.assert(property, { numRuns: 60 });
  });

  it('have the title of their thread, unless who opened it has opted out', async () => {
    const { db } = database;
    await emptyTables(db);
    const one = await addRepository(db, 'octo', 'one');
    for (const id of USERS) await addUser(db, id, `user${id}`);
    await applyPeople(db, config.people);
    const row = (event_id: string, kind: ContributionKind, user_id: number, subject: number) => ({
      ...{ repository_id: one, event_id, kind, user_id, source: 'github' },
      ...{ occurred_at: ago(2), subject_number: subject, title: null as string | null },
    });
    await db
      .insertInto('contribution_events')
      .values([
        { ...row('pr:7:opened', 'PR_OPENED', 3, 7), title: 'Seven' },
        { ...row('issue:8:opened', 'ISSUE_OPENED', 4, 8), title: 'Of somebody hidden' },
        { ...row('issue:9:opened', 'ISSUE_OPENED', 3, 9), title: null },
        row('review:1', 'PR_REVIEWED', 2, 7),
        row('comment:2', 'COMMENT', 2, 8),
        row('comment:3', 'COMMENT', 2, 9),
        { ...row('comment:4', 'COMMENT', 2, 7), title: 'Its own' },
      ])
      .execute();
    const found = (await readContributions(db, [2], NOW)).get(2) ?? [];
    expect(found.map(({ event_id, title }) => [event_id, title])).toEqual([
      ['comment:2', null],
      ['comment:3', null],
      ['comment:4', 'Its own'],
      ['review:1', 'Seven'],
    ]);
  });
});
