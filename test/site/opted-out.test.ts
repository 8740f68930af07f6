import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { runOnArchive, writeHourFiles } from '../support/pipeline.ts';
import { listFiles, runBuild } from './built-site.ts';

/** Somebody who opted out by number, under both logins, in every file of the built site. */

const PEOPLE = ['ada', 'hidden-hannah', 'cyd'];
const HIDDEN = /hidden-hannah|hannah-before|(?:_id["']?:"?|[,[])901\b/i;
const AT = '2024-06-01T01:00:00Z';

/** Everybody opens a pull request whose title names the one who opted out. */
const events = PEOPLE.flatMap((login, person) =>
  [1, 2].map((round) => {
    const actor = {
      id: 900 + person,
      login: login === 'hidden-hannah' && round === 1 ? 'hannah-before' : login,
    };
    const number = person * 10 + round;
    const title = `Thanks to @hidden-hannah and @hannah-before, ${login === 'ada' ? 'again' : 'once'}`;
    return {
      id: String(number),
      type: 'PullRequestEvent',
      actor,
      repo: { id: 50, name: 'octo/one' },
      payload: {
        action: 'opened',
        pull_request: { number, title, user: actor, created_at: AT },
      },
      public: true,
      created_at: round === 1 ? AT : '2024-06-01T02:00:00Z',
    };
  }),
);

describe('somebody who opted out', () => {
  let folder: string;
  let data: string;
  let site: string;
  let close: () => Promise<void>;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'opted-out-'));
    mkdirSync(join(folder, 'hours'));
    writeHourFiles(join(folder, 'hours'), events);
    const run = await runOnArchive({
      archiveUrl: pathToFileURL(join(folder, 'hours')).href,
      repositories: ['octo/one'],
      now: '2024-06-01T03:00:00Z',
      files: { 'people.yaml': 'opt_out: [901]\n' },
      options: { from: new Date('2024-06-01T00:00:00Z') },
    });
    ({ out: data, close } = run);
    site = join(folder, 'site');
    const { code, text } = await runBuild(['--data', data, '--out', site]);
    if (run.code !== 0 || code !== 0) throw new Error(text);
  });
  afterAll(async () => {
    vi.unstubAllEnvs();
    await close?.();
    rmSync(folder, { recursive: true, force: true });
  });

  it('is in no byte of any file, nor in a name', () => {
    const files = listFiles(site);
    const found = files.filter((path) =>
      HIDDEN.test(
        `${path} ${readFileSync(join(site, path), 'latin1').replaceAll(/\.\d+|[0-9a-f]{20,}/g, '')}`,
      ),
    );
    expect(found.filter((path) => !/\.(?:png|parquet)$/.test(path))).toEqual([]);
    // The others are there, and the titles that named her.
    const page = readFileSync(join(site, 'contributors/ada/index.html'), 'utf8');
    expect(page).toContain('Thanks to @…');
  });

  it('is in no table, once it is decoded', async () => {
    const connection = await (await DuckDBInstance.create()).connect();
    const tables = listFiles(site).filter((path) => path.endsWith('.parquet'));
    expect(tables).toHaveLength(2);
    for (const path of tables) {
      const rows = await connection.runAndReadAll(`SELECT * FROM '${join(site, path)}'`);
      const text = JSON.stringify(rows.getRowsJson());
      expect(text).toMatch(/octo\/one/);
      expect(text).not.toMatch(HIDDEN);
    }
  });

  it('is in no picture, by the source of each', async () => {
    vi.stubEnv('SITE_DATA', data);
    // They keep what another test read.
    vi.resetModules();
    const { pictureOf, readSources } = await import('../../site/src/share/person-files.ts');
    const { drawScope } = await import('../../site/src/share/scope-files.ts');
    const { drawMonth } = await import('../../site/src/share/month-files.ts');
    const names = listFiles(site).filter((path) => path.startsWith('og/'));
    expect(names.toSorted()).toEqual([
      'og/contributors/ada.png',
      'og/contributors/cyd.png',
      'og/months/2024-06.png',
      'og/repositories/octo/one.png',
      'og/site.png',
    ]);
    const sources = [
      ...['global', 'octo/one'].map(drawScope),
      ...['ada', 'cyd'].map((login) => pictureOf(readSources(login))),
      drawMonth('2024-06'),
    ];
    for (const source of sources) {
      expect(source).toMatch(/ada|cyd/);
      expect(source).not.toMatch(HIDDEN);
    }
  });
});
