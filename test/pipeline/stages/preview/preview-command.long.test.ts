import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, inject, it } from 'vitest';
import { calculate } from '../../../../pipeline/stages/calculate/index.ts';
import { addRepository, addUser, configOf, contribute, quiet } from '../../../support/community.ts';
import { createServerDatabase, useDatabase } from '../../../support/databases.ts';
import { dumpTables } from '../../../support/dump-tables.ts';
import { runCommand } from '../../../support/run-command.ts';

/** A configuration in which a release is worth 1 point. */
function makeConfig(): string {
  const folder = mkdtempSync(join(tmpdir(), 'leaderboard-preview-'));
  writeFileSync(join(folder, 'repos.yaml'), 'repositories: [octo/one]\n');
  writeFileSync(join(folder, 'weights.yaml'), 'base_points: {RELEASE: 1}\n');
  return folder;
}

describe.runIf(inject('postgresUrl'))('npm run config:preview', () => {
  const database = useDatabase('server');
  const config = makeConfig();
  afterAll(() => rmSync(config, { recursive: true }));

  const run = (...args: string[]) =>
    runCommand('config:preview', ['--config', config, ...args], {
      cwd: config,
      env: { DATABASE_URL: database.url },
    });

  it('says what to do if nothing is calculated yet', async () => {
    const { code, output } = await run();
    expect(code).toBe(0);
    expect(output).toMatch(
      /^There is nothing to compare with: [^\n]+\nRun `npm run pipeline` first/,
    );
  });

  it('prints the changes, and changes nothing', async () => {
    const { db } = database;
    const repository = await addRepository(db, 'octo', 'one');
    await addUser(db, 1, 'ada');
    await addUser(db, 2, 'bob');
    await contribute(db, repository, 1, 'RELEASE');
    await contribute(db, repository, 2, 'COMMIT');
    await calculate({ db, config: configOf(), now: new Date(), log: quiet });
    const before = await dumpTables(db);
    const { code, output } = await run('--format', 'markdown');
    expect(code).toBe(0);
    expect(output).toContain('| `bob` | ▲ 1 | others | 2 → 1 | 10 |\n| `ada` | ▼ 1 | own score |');
    expect(await dumpTables(db)).toEqual(before);
  });

  it('makes no tables, and says how to make them', async () => {
    const { code, output } = await runCommand('config:preview', ['--config', config], {
      cwd: config,
      env: { DATABASE_URL: await createServerDatabase() },
    });
    expect(code).toBe(2);
    expect(output).toMatch(/the tables are not up to date \(0001-.* run `npm run preflight` first/);
  });

  it('accepts three formats', async () => {
    const { code, output } = await run('--format', 'markdwn');
    expect(code).toBe(2);
    expect(output).toContain('expected one of text, markdown, json; did you mean `markdown`?');
  });
});

describe('a dry run', () => {
  it('makes no database if there was none', async () => {
    const folder = makeConfig();
    const args = ['--config', folder, '--source', 'sample', '--dry-run'];
    const { code, output } = await runCommand('pipeline', args, { cwd: folder });
    expect(output).toContain('sample');
    expect(code).toBe(0);
    expect(readdirSync(folder)).toEqual(['repos.yaml', 'weights.yaml']);
    rmSync(folder, { recursive: true });
  });
});
