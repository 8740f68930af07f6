import type { ServerResponse } from 'node:http';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { readAvatarSizes } from '../../../../db/queries/avatars.ts';
import { DAY_MS } from '../../../../pipeline/domain/time.ts';
import { calculate } from '../../../../pipeline/stages/calculate/index.ts';
import { fetchAvatars } from '../../../../pipeline/stages/enrich/avatars.ts';
import {
  type AvatarHost,
  pictureOf,
  sendPicture,
  startAvatarHost,
} from '../../../support/avatar-host.ts';
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

/** Ten people, the first of whom did most; 11 is a bot. */
const PEOPLE = Array.from({ length: 10 }, (_, index) => index + 1);
const BOT = 11;

let host: AvatarHost;
beforeAll(async () => {
  host = await startAvatarHost();
});
afterAll(() => host.close());

describeOnDatabases('pictures of people', (database) => {
  let repository: number;
  beforeEach(async () => {
    const { db } = database;
    await emptyTables(db);
    host.answer = sendPicture;
    host.requests.length = 0;
    repository = await addRepository(db, 'octo', 'one');
    for (const id of PEOPLE) {
      await addUser(db, id, `person${id}`);
      await contribute(db, repository, id, 'COMMIT', 20 - id);
    }
    await addUser(db, BOT, 'helper[bot]', { type: 'Bot' });
    await contribute(db, repository, BOT, 'COMMIT', 30);
    await recount();
  });

  const recount = (optOut: number[] = []) =>
    calculate({
      db: database.db,
      config: configOf({ people: { opt_out: optOut } }),
      now: NOW,
      log: quiet,
    });
  const SITE = { contributor_pages: 5_000, board_pages: 1, page_size: 1 };
  const run = (days = 0, changes: Partial<Parameters<typeof fetchAvatars>[0]> = {}) =>
    fetchAvatars({
      db: database.db,
      log: quiet,
      site: SITE,
      host: host.url,
      now: new Date(NOW.getTime() + days * DAY_MS),
      signal: new AbortController().signal,
      isOver: () => false,
      ...changes,
    });
  const asked = () => host.requests.map(({ path }) => Number(/\d+/.exec(path)?.[0]));
  const stored = async () => (await readAvatarSizes(database.db)).map(({ id }) => id);
  const rowOf = (id: number) =>
    database.db
      .selectFrom('avatars')
      .selectAll()
      .where('user_id', '=', id)
      .executeTakeFirstOrThrow();
  const failures = () =>
    database.db
      .selectFrom('avatars')
      .select(['user_id', 'failure'])
      .where('failure', 'is not', null)
      .execute();
  const failFor = (fails: (id: number) => boolean, status = 500) => {
    host.answer = (id, response: ServerResponse) =>
      fails(id) ? void response.writeHead(status).end() : sendPicture(id, response);
  };

  it('are fetched best first, of people alone, and stored as they are', async () => {
    expect(await run()).toEqual({ fetched: 10, unchanged: 0, failed: 0 });
    expect(asked()).toEqual(PEOPLE);
    expect(await stored()).toEqual(PEOPLE);
    const { type, bytes, etag, looked_at, failure } = await rowOf(3);
    expect({ type, etag, looked_at, failure }).toEqual({
      type: 'png',
      etag: '"of-3"',
      looked_at: NOW,
      failure: null,
    });
    expect(bytes).toEqual(pictureOf(3));
  });

  it('are looked at again after 30 days, and kept if they are the same', async () => {
    await run();
    expect(await run(29)).toEqual({ fetched: 0, unchanged: 0, failed: 0 });
    expect(await run(31)).toEqual({ fetched: 0, unchanged: 10, failed: 0 });
    expect(host.requests.at(-1)?.headers['if-none-match']).toBe('"of-10"');
    expect((await rowOf(3)).bytes).toEqual(pictureOf(3));
    expect(await run(32)).toEqual({ fetched: 0, unchanged: 0, failed: 0 });
  });

  it('are replaced by others', async () => {
    await run();
    host.answer = (_, response) => void response.writeHead(200).end('GIF89a of now');
    expect(await run(31)).toMatchObject({ fetched: 10 });
    expect(await rowOf(3)).toMatchObject({ type: 'gif', etag: null });
  });

  it('are tried again after days where one failed, and the others are fetched', async () => {
    failFor((id) => id === 2);
    expect(await run()).toEqual({ fetched: 9, unchanged: 0, failed: 1 });
    expect(await rowOf(2)).toMatchObject({ bytes: null, failure: 'the host answers 500' });
    host.answer = sendPicture;
    expect(await run(2)).toMatchObject({ fetched: 0 });
    expect(await run(4)).toEqual({ fetched: 1, unchanged: 0, failed: 0 });
    expect(await rowOf(2)).toMatchObject({ type: 'png', failure: null });
  });

  it('stay where a later look fails, and go with the account', async () => {
    await run();
    failFor((id) => id === 2);
    await run(31);
    expect(await rowOf(2)).toMatchObject({ type: 'png', failure: 'the host answers 500' });
    failFor((id) => id === 2, 404);
    await run(35);
    expect(await rowOf(2)).toMatchObject({ type: null, bytes: null, etag: null });
    expect(host.requests.filter(({ path }) => path.includes('/2?'))).toHaveLength(3);
  });

  it('are left to a later run after five failures in a row, or if the host says so', async () => {
    failFor((id) => id % 5 !== 0);
    expect(await run()).toEqual({ fetched: 2, unchanged: 0, failed: 8 });
    await database.db.deleteFrom('avatars').execute();
    failFor(() => true);
    expect(await run()).toEqual({ fetched: 0, unchanged: 0, failed: 5 });
    // The next ones are not held up by the first.
    host.answer = sendPicture;
    expect(await run(1)).toEqual({ fetched: 5, unchanged: 0, failed: 0 });
    await database.db.deleteFrom('avatars').execute();
    failFor((id) => id === 2, 429);
    expect(await run()).toEqual({ fetched: 1, unchanged: 0, failed: 1 });
  });

  it('are fetched while there is time', async () => {
    let looks = 0;
    expect(await run(0, { isOver: () => ++looks > 3 })).toMatchObject({ fetched: 3 });
    const stop = new AbortController();
    host.answer = () => stop.abort();
    await expect(run(0, { signal: stop.signal })).rejects.toThrow();
    expect(await stored()).toEqual([1, 2, 3]);
  });

  it('are at most 500 a run, and then the next ones', async () => {
    const ids = Array.from({ length: 600 }, (_, index) => index + 100);
    for (const id of ids) {
      await addUser(database.db, id, `late${id}`);
      await contribute(database.db, repository, id, 'COMMIT');
    }
    await recount();
    const result = await run();
    expect(await failures()).toEqual([]);
    expect(result).toMatchObject({ fetched: 500 });
    expect(asked().slice(0, 10)).toEqual(PEOPLE);
    expect(await run()).toMatchObject({ fetched: 110 });
  });

  describe('of whom', () => {
    it('those who may have a page, the active ones before others', async () => {
      await addUser(database.db, 50, 'former');
      await contribute(database.db, repository, 50, 'COMMIT', 50, { at: ago(200) });
      await addUser(database.db, 51, 'before');
      await contribute(database.db, repository, 51, 'COMMIT', 40, { at: ago(200) });
      await recount();
      await run(0, { site: { ...SITE, contributor_pages: 4 } });
      // 50 has the first place, and 51 the second, but nothing in the last 90 days.
      expect(asked()).toEqual([50, 1, 2, 3]);
    });

    it('those on the first pages of another board', async () => {
      const other = await addRepository(database.db, 'octo', 'two');
      await contribute(database.db, other, 10, 'COMMIT', 2);
      await contribute(database.db, other, 9, 'COMMIT', 1);
      await recount();
      await run(0, { site: { ...SITE, contributor_pages: 2 } });
      expect(new Set(asked())).toEqual(new Set([1, 2, 10]));
    });

    it('nobody who opted out: what was stored goes', async () => {
      await run();
      await recount([3]);
      expect(await stored()).not.toContain(3);
      expect(await database.db.selectFrom('avatars').selectAll().execute()).toHaveLength(9);
      host.requests.length = 0;
      await run(31);
      expect(asked()).not.toContain(3);
    });

    it('no bot, even one that was a person before', async () => {
      await run();
      await calculate({
        db: database.db,
        config: configOf({ people: { bots: { logins: ['person4'] } } }),
        now: NOW,
        log: quiet,
      });
      expect(await stored()).toEqual(PEOPLE.filter((id) => id !== 4));
    });
  });
});
