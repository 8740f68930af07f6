import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { calculate } from '../../../../pipeline/stages/calculate/index.ts';
import { report } from '../../../../pipeline/stages/report/index.ts';
import {
  addRepository,
  addUser,
  ago,
  configOf,
  contribute,
  NOW,
  quiet,
} from '../../../support/community.ts';
import { describeOnDatabases, emptyTables } from '../../../support/databases.ts';

describeOnDatabases('former logins', (database) => {
  let out: string;
  beforeEach(async () => {
    await emptyTables(database.db);
    await addRepository(database.db, 'octo', 'one');
    out = mkdtempSync(join(tmpdir(), 'renames-'));
  });
  afterEach(() => rmSync(out, { recursive: true, force: true }));

  /** Somebody who had the given logins, the first one last but the present one. */
  const add = async (id: number, login: string, former: readonly string[], isActive = true) => {
    await addUser(database.db, id, login);
    if (isActive) await contribute(database.db, 1, id, 'COMMIT');
    const logins = [login, ...former].map((name, index) => ({
      github_id: id,
      login: name,
      first_seen_at: ago(10 * index + 9),
      last_seen_at: ago(10 * index),
    }));
    await database.db.insertInto('github_user_logins').values(logins).execute();
  };
  const renames = async (people = {}): Promise<[string, string][]> => {
    const context = { db: database.db, config: configOf({ people }), now: NOW, log: quiet };
    await calculate(context);
    await report({ ...context, out, sample: false });
    const document = JSON.parse(readFileSync(join(out, 'api/v1/renames.json'), 'utf8'));
    return document.renames.map((one: { former_login: string; username: string }) => [
      one.former_login,
      one.username,
    ]);
  };

  it('lead to the present one', async () => {
    await add(1, 'ada', ['Ada-Old', 'oldest']);
    await add(2, 'bob', []);
    expect(await renames()).toEqual([
      ['Ada-Old', 'ada'],
      ['oldest', 'ada'],
    ]);
  });

  it('are in it once without regard to case, and lead to whoever had them last', async () => {
    await add(1, 'ada', ['same', 'SAME']);
    await add(2, 'bob', ['bob-before', 'between', 'Same']);
    expect(await renames()).toEqual([
      ['between', 'bob'],
      ['bob-before', 'bob'],
      ['same', 'ada'],
    ]);
  });

  it('are left out where somebody has them now, also who is on no board', async () => {
    await add(1, 'ada', ['BOB', 'eve']);
    await add(2, 'bob', []);
    await add(3, 'Eve', [], false);
    expect(await renames()).toEqual([]);
  });

  it('lead to nobody without a document', async () => {
    await add(1, 'no.path', ['was-safe']);
    await add(2, 'idle', ['was-idle'], false);
    await add(3, 'cyd', ['../../evil', 'cyd[bot]']);
    expect(await renames()).toEqual([]);
  });

  it.each([
    ['opted out', { opt_out: [9] }],
    ['a bot', { bots: { ids: [9] } }],
    ['an alias', { aliases: [{ id: 9, is: 1 }] }],
  ])('of somebody who is %s are left out, whoever had them later', async (_, people) => {
    await add(1, 'ada', ['shared', 'own']);
    await add(9, 'hidden', ['hidden-before', 'shared']);
    expect(await renames(people)).toEqual([['own', 'ada']]);
  });
});
