import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { storeAvatar } from '../../../../db/queries/avatars.ts';
import type { PictureType } from '../../../../pipeline/domain/picture.ts';
import { picture } from '../../../../pipeline/published/sizes.ts';
import { calculate } from '../../../../pipeline/stages/calculate/index.ts';
import { choosePictures } from '../../../../pipeline/stages/report/avatars.ts';
import { report } from '../../../../pipeline/stages/report/index.ts';
import { PICTURES } from '../../../support/avatar-host.ts';
import {
  addRepository,
  addUser,
  configOf,
  contribute,
  NOW,
  quiet,
} from '../../../support/community.ts';
import { describeOnDatabases, emptyTables } from '../../../support/databases.ts';
import { readTexts } from '../../../support/read-documents.ts';

const TYPES = ['png', 'jpg', 'webp', 'gif'] as const;
const bytesOf = (id: number, type: PictureType) =>
  Buffer.concat([PICTURES[type], Buffer.from([0, 0x27, 0x5c, 0xff, id])]);

/** Persons 1 to 4 have a picture each, 5 has none, 6 one that could not be had. */
describeOnDatabases('published pictures of people', (database) => {
  let out: string;
  beforeEach(async () => {
    const { db } = database;
    await emptyTables(db);
    out = mkdtempSync(join(tmpdir(), 'avatars-'));
    const repository = await addRepository(db, 'octo', 'one');
    for (let id = 1; id <= 6; id++) {
      await addUser(db, id, `person${id}`);
      await contribute(db, repository, id, 'COMMIT', 10 - id);
    }
    for (const [index, type] of TYPES.entries()) {
      const found = { type, bytes: bytesOf(index + 1, type), etag: null };
      await storeAvatar(db, index + 1, found, { lookedAt: NOW, failure: null });
    }
    await storeAvatar(db, 6, null, { lookedAt: NOW, failure: 'gone' });
  });
  afterEach(() => rmSync(out, { recursive: true, force: true }));

  const run = async ({
    sample = false,
    ...changes
  }: {
    sample?: boolean;
    [key: string]: unknown;
  } = {}) => {
    const config = configOf(changes);
    const context = { db: database.db, config, now: NOW, log: quiet };
    await calculate(context);
    await report({ ...context, out, sample });
  };
  const api = (path: string) => join(out, 'api/v1', path);
  const files = () => (existsSync(api('avatars')) ? readdirSync(api('avatars')).toSorted() : []);
  const read = (path: string) => JSON.parse(readFileSync(api(path), 'utf8'));
  const ALL = ['1.png', '2.jpg', '3.webp', '4.gif'];

  it('are files, byte for byte, and in the manifest', async () => {
    await run();
    expect(files()).toEqual(ALL);
    const listed = read('manifest.json').files;
    for (const [index, type] of TYPES.entries()) {
      const path = `avatars/${index + 1}.${type}`;
      const bytes = bytesOf(index + 1, type);
      expect(readFileSync(api(path))).toEqual(bytes);
      const sha256 = createHash('sha256').update(bytes).digest('hex');
      expect(listed[path]).toEqual({ bytes: bytes.length, sha256 });
    }
  });

  it('are named by boards and profiles, whose other fields stay', async () => {
    await run();
    const { entries } = read('leaderboard/global.json');
    expect(entries.map((entry: { avatar?: string }) => entry.avatar)).toEqual([
      ...TYPES,
      undefined,
      undefined,
    ]);
    const address = 'https://avatars.githubusercontent.com/u/2?s=80&v=4';
    expect(entries[1]).toMatchObject({ github_id: 2, avatar_url: address });
    for (const scope of ['global', 'octo/one'])
      expect(read(`boards/${scope}/all/1.json`).columns.avatar).toEqual([1, 2, 3, 4, 0, 0]);
    expect(read('contributors/person3.json').contributor).toMatchObject({ avatar: 'webp' });
    expect(read('contributors/person5.json').contributor).not.toHaveProperty('avatar');
  });

  it.each([
    ['the site shows none', { site: { avatars: false } }],
    ['nobody is real', { sample: true }],
  ])('are none if %s', async (_, changes) => {
    await run();
    await run(changes);
    expect(files()).toEqual([]);
    for (const [path, text] of readTexts(api('.'))) {
      if (/^(?:schemas\/|openapi)/.test(path)) continue;
      expect(text, path).not.toMatch(/"avatar":|avatars\/\d/);
    }
  });

  it('are of nobody who opted out or is a bot, whenever the picture was stored', async () => {
    const { db } = database;
    await run({ people: { opt_out: [2], bots: { logins: ['person4'] } } });
    expect(files()).toEqual(['1.png', '3.webp']);
    // Even where the calculation has not erased it.
    await db
      .updateTable('github_users')
      .set({ is_opted_out: true })
      .where('github_id', '=', 3)
      .execute();
    await report({ db, config: configOf(), now: NOW, log: quiet, out, sample: false });
    expect(files()).toEqual(['1.png']);
  });

  it('have their part in the size of the site', async () => {
    await run();
    const { plan } = read('index.json');
    const own = plan.files.find(({ kind }: { kind: string }) => kind === 'pictures of people');
    const bytes = TYPES.reduce((sum, type, at) => sum + picture(bytesOf(at, type).length), 0);
    expect(own).toEqual({ kind: 'pictures of people', files: 4, bytes });
  });
});

describe('the choice of pictures', () => {
  const stored = new Map(
    [1, 2, 3].map((id) => [id, { id, type: 'png' as const, size: 3_000 }] as const),
  );
  it.each([
    [0, []],
    [picture(3_000) - 1, []],
    [picture(3_000), [3]],
    [picture(3_000) * 2, [3, 1]],
    [picture(3_000) * 9, [3, 1, 2]],
  ])('with %i bytes of room, is of %j', (room, ids) => {
    const { types, size } = choosePictures([4, 3, 1, 2], stored, room);
    expect([...types.keys()]).toEqual(ids);
    expect(size).toMatchObject({ files: ids.length, bytes: ids.length * picture(3_000) });
  });
});
