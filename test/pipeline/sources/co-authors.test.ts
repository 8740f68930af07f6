import { beforeEach, describe, expect, it } from 'vitest';
import type { ReadSource } from '../../../pipeline/domain/source.ts';
import { createBigQuerySource } from '../../../pipeline/sources/bigquery/index.ts';
import { archiveEvent, sha } from '../../support/archive-events.ts';
import { archiveNight, storedContributions, withHourFiles } from '../../support/archive-nights.ts';
import { archiveTables } from '../../support/bigquery/archive-tables.ts';
import { depsFor, useLocalBigQuery } from '../../support/bigquery/harness.ts';
import { emptyTables, useDatabase } from '../../support/databases.ts';
import type { RawEvent } from '../../support/read-events.ts';

/** The co-authors that the messages of pushed commits name, in the archive. */

const ADA = { id: 901, login: 'ada' };
const BEN = { id: 902, login: 'ben' };
const WINDOW = { from: new Date('2024-06-01T00:00:00Z'), to: new Date('2024-06-01T03:00:00Z') };

const trailer = (id: number, login: string) =>
  `Co-authored-by: Somebody <${id}+${login}@users.noreply.github.com>`;

function pushed(minute: number, actor: typeof ADA, ...messages: readonly string[]): RawEvent {
  const commits = messages.map((message, index) => {
    return { sha: sha(minute * 10 + index), message, distinct: true };
  });
  const payload = { ref: 'refs/heads/main', commits };
  const created_at = `2024-06-01T01:${minute}:00Z`;
  return archiveEvent({
    id: `${minute}`,
    type: 'PushEvent',
    actor,
    payload,
    created_at,
  }) as RawEvent;
}

const LONG = 'A line of the text of a long message.\n'.repeat(200);

const EVENTS = [
  pushed(
    10,
    ADA,
    `Two\n\n${trailer(902, 'ben')}\n${trailer(903, 'cyd')}`,
    `Her own name\n\n${trailer(901, 'ada')}`,
    `${LONG}\n\n${trailer(904, 'dan')}`,
    'Of nobody known\n\nCo-authored-by: A <a@example.org>\nCo-authored-by: B <b@example.org>',
    'Nobody else',
  ),
];

const bigquery = useLocalBigQuery();
const database = useDatabase('embedded');
beforeEach(() => emptyTables(database.db));

type Use = <T>(
  events: readonly RawEvent[],
  use: (read: ReadSource) => Promise<T>,
  coAuthors?: boolean,
) => Promise<T>;

const withTables: Use = (events, use, coAuthors = false) => {
  bigquery.local.reset();
  bigquery.local.tables.clear();
  for (const [name, table] of archiveTables(events)) bigquery.local.tables.set(name, table);
  const options = { payload: true, checksHours: false, coAuthors };
  return use(createBigQuerySource(depsFor(bigquery.local), options));
};

const night = (source: 'gharchive' | 'bigquery', read: ReadSource) =>
  archiveNight(database.db, {
    repositories: ['acme/tool'],
    source,
    read,
    window: WINDOW,
    now: WINDOW.to,
  });

const keys = async () =>
  ((await storedContributions(database.db))['acme/tool'] ?? []).map((line) =>
    line.replace(/^commit:0*/, '').replace(/ \d\d-.*/, ''),
  );

const logins = async () => {
  const users = database.db.selectFrom('github_users').select(['github_id', 'login', 'type']);
  const rows = await users.orderBy('github_id').execute();
  return rows.map((row) => `${row.github_id} ${row.login}${row.type ? ` ${row.type}` : ''}`);
};

const noticed = async () => {
  const job = database.db.selectFrom('scrape_jobs').select('noticed').orderBy('id', 'desc');
  return (await job.executeTakeFirst())?.noticed ?? {};
};

describe.each([
  ['gharchive', withHourFiles as Use],
  ['bigquery', withTables],
] as const)('from %s', (source, withArchive) => {
  it('are credited where the address has their id, and else counted', async () => {
    await withArchive(EVENTS, (read) => night(source, read), true);
    const [one, two, long, none, alone] = [100, 101, 102, 103, 104].map((n) => n.toString(16));
    expect(await keys()).toEqual(
      [
        `${one} 901`,
        `${one}:902 902`,
        `${one}:903 903`,
        `${two} 901`,
        `${long} 901`,
        `${long}:904 904`,
        `${none} 901`,
        `${alone} 901`,
      ].toSorted(),
    );
    expect(await noticed()).toEqual({ co_author_without_account: 2 });
  });

  it('are not credited where the setting is off', async () => {
    await withArchive(EVENTS, (read) => night(source, read));
    expect((await keys()).filter((key) => key.includes(':'))).toEqual([]);
    expect(await noticed()).toEqual({});
  });
});

describe('what a message claims', () => {
  const claims = (...trailers: readonly string[]) =>
    pushed(20, ADA, `Fix\n\n${trailers.join('\n')}`);

  it.each([
    ['before', [1, 0]],
    ['after', [0, 1]],
  ])('renames nobody, and makes nobody a program, whom the archive saw %s', async (_, order) => {
    // The claim is the later one.
    const seen = [pushed(10, BEN, 'Work')];
    const claimed = [claims(trailer(902, 'helper[bot]'), trailer(555, 'ben'), trailer(556, 'eve'))];
    for (const index of order) {
      const events = [claimed, seen][index] as RawEvent[];
      await withHourFiles(events, (read) => night('gharchive', read), true);
    }
    expect(await logins()).toEqual(['555 ben_old_555', '556 eve', '901 ada', '902 ben']);
  });
});
