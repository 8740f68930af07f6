import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { sql } from 'kysely';
import type { Migration } from 'kysely/migration';
import { describe, expect, inject, it } from 'vitest';
import { type Db, openDatabase } from '../../db/client.ts';
import { migrate } from '../../db/migrate.ts';
import * as asciiCase from '../../db/migrations/0009-ascii-case.ts';
import { readHoldersOfLogins, recordAccounts } from '../../db/queries/contributors.ts';
import { reconcileRepositories } from '../../db/queries/repositories.ts';
import { resolveRenames, updateMetadata } from '../../db/queries/repository-renames.ts';
import { asciiLower } from '../../pipeline/domain/names.ts';
import { createServerDatabase } from '../support/databases.ts';
import { sourceFiles } from '../support/imports.ts';
import { projectFolder } from '../support/run-command.ts';

/** Which logins and names are the same must not depend on the language of the database. */

const DATABASES = [
  [
    'Turkish',
    "TEMPLATE template0 ENCODING 'UTF8' LOCALE_PROVIDER icu ICU_LOCALE 'tr-TR' LOCALE 'C'",
  ],
  [
    'English',
    "TEMPLATE template0 ENCODING 'UTF8' LOCALE_PROVIDER icu ICU_LOCALE 'en-US' LOCALE 'C'",
  ],
  ['C', "TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C'"],
  ['without an encoding', "TEMPLATE template0 ENCODING 'SQL_ASCII' LOCALE 'C'"],
] as const;
const TURKISH = DATABASES[0][1];
const migration: Migration = asciiCase;

async function withDatabase(options: string, run: (db: Db) => Promise<void>): Promise<void> {
  const db = await openDatabase(await createServerDatabase(options));
  try {
    await migrate(db);
    await run(db);
  } finally {
    await db.destroy();
  }
}

const seen = (id: number, login: string, day: number) => {
  const moment = new Date(Date.UTC(2024, 0, day));
  return { id, login, type: null, firstSeenAt: moment, lastSeenAt: moment };
};
const named = (owner: string, name: string) => ({
  owner,
  name,
  neverRescrapeBefore: null,
  defaultBranch: null,
});
const loginsOf = async (db: Db) => {
  const rows = await db
    .selectFrom('github_users')
    .select(['github_id', 'login'])
    .orderBy('github_id')
    .execute();
  return Object.fromEntries(rows.map((row) => [row.github_id, row.login]));
};
const slugsOf = async (db: Db) => {
  const rows = await db.selectFrom('repositories').selectAll().orderBy('id').execute();
  return rows.map(({ owner, name, status }) => `${owner}/${name} ${status}`);
};

describe.skipIf(inject('postgresUrl') === null).each(DATABASES)(
  'a database whose language is %s',
  (_, options) => {
    it('takes a login for the same in capitals and in small letters', () =>
      withDatabase(options, async (db) => {
        await db.insertInto('github_users').values({ github_id: -1, login: 'IRIS' }).execute();
        await db.transaction().execute(async (trx) => {
          await recordAccounts(trx, [seen(1, 'iris', 1), seen(2, 'ID-\u00c9', 1)]);
          await recordAccounts(trx, [seen(3, 'IRIS', 2), seen(4, 'id-\u00e9', 2)]);
        });
        // Beyond ASCII a letter is the same only as itself.
        expect(await loginsOf(db)).toEqual({
          1: 'iris_old_1',
          2: 'ID-\u00c9',
          3: 'IRIS',
          4: 'id-\u00e9',
        });
        expect(await readHoldersOfLogins(db, [asciiLower('Iris')])).toHaveLength(2);
      }));

    it('takes a repository for the same, under its present and its former names', () =>
      withDatabase(options, async (db) => {
        await reconcileRepositories(db, [named('IRIS', 'Init')]);
        await reconcileRepositories(db, [named('iris', 'INIT')]);
        expect(await slugsOf(db)).toEqual(['IRIS/Init PENDING']);
        const metadata = {
          repositoryId: 1,
          githubId: 5,
          owner: 'Iris',
          name: 'GIT',
          defaultBranch: 'main',
          description: null,
          stars: 0,
          forks: 0,
          language: null,
          topics: [],
          license: null,
          isArchived: false,
        };
        await updateMetadata(db, metadata, new Date());
        expect(await resolveRenames(db, [named('iris', 'init')])).toMatchObject([
          { owner: 'Iris', name: 'GIT' },
        ]);
      }));
  },
);

it.skipIf(inject('postgresUrl') === null)('a Turkish database is brought up to date', () =>
  withDatabase(TURKISH, async (db) => {
    await makeOld(db);
    await db
      .insertInto('github_users')
      .values([
        { github_id: 1, login: 'IRIS' },
        { github_id: 2, login: 'iris' },
        { github_id: 3, login: 'Ann' },
      ])
      .execute();
    const history = { first_seen_at: new Date(0), last_seen_at: new Date(0) };
    await db
      .insertInto('github_user_logins')
      .values({ github_id: 1, login: 'IRIS', ...history })
      .execute();
    await db
      .insertInto('repositories')
      .values([
        { owner: 'octo', name: 'ID', status: 'ARCHIVED' },
        { owner: 'octo', name: 'id', status: 'ACTIVE' },
      ])
      .execute();
    const slug = sql<string>`lower('octo/INIT')`;
    await db
      .insertInto('repository_names')
      .values({ slug, repository_id: 2, learned_at: new Date(0) })
      .execute();
    await migration.up(db);
    expect(await loginsOf(db)).toEqual({ 1: 'IRIS', 2: 'iris_old_2', 3: 'Ann' });
    expect(await slugsOf(db)).toEqual(['octo/ID-old-1 ARCHIVED', 'octo/id ACTIVE']);
    expect(await resolveRenames(db, [named('octo', 'Init')])).toMatchObject([{ name: 'id' }]);
  }),
);

/** The indexes and the check as they were before the migration. */
async function makeOld(db: Db): Promise<void> {
  for (const statement of [
    'DROP INDEX repositories_slug, github_users_login, github_user_logins_login',
    'CREATE UNIQUE INDEX repositories_slug ON repositories (lower(owner), lower(name))',
    'CREATE UNIQUE INDEX github_users_login ON github_users (lower(login))',
    'CREATE INDEX github_user_logins_login ON github_user_logins (lower(login))',
    'ALTER TABLE repository_names DROP CONSTRAINT repository_names_slug_check',
    'ALTER TABLE repository_names ADD CONSTRAINT repository_names_slug_check CHECK (slug = lower(slug))',
  ]) {
    await sql.raw(statement).execute(db);
  }
}

it('lower case is that of ASCII in every query', () => {
  const wrong = sourceFiles()
    .filter((file) => /^db\/(?!migrations\/)/.test(file))
    .flatMap((file) => {
      const text = readFileSync(join(projectFolder, file), 'utf8');
      const calls = text.match(/(?:lower|upper|initcap)\((?!covered\))[^\n]*/g) ?? [];
      return calls
        .filter((call) => !call.includes('COLLATE "C"'))
        .map((call) => `${file}: ${call}`);
    });
  expect(wrong).toEqual([]);
});

it.each([
  ['IRIS', 'iris'],
  ['\u0130\u00c9K\u212a', '\u0130\u00c9k\u212a'],
  ['a-Z_09[bot]', 'a-z_09[bot]'],
])('%j in lower case is %j', (text, expected) => {
  expect(asciiLower(text)).toBe(expected);
});
