import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { openDatabase } from '../../db/client.ts';
import { migrate } from '../../db/migrate.ts';
import { createServerDatabase } from '../support/databases.ts';
import { type LocalGithub, startLocalGithub } from '../support/github/local-github.ts';
import { at, makeWorld } from '../support/github/made-up-world.ts';
import { runCommand } from '../support/run-command.ts';

/** What only adds to the numbers may fail: the run says so, and the rest is published. */
describe.runIf(inject('postgresUrl'))('the pipeline, when a stage beside the others fails', () => {
  let github: LocalGithub;
  let folder: string;
  beforeAll(async () => {
    github = await startLocalGithub({ world: makeWorld(), now: at(32) });
    folder = mkdtempSync(join(tmpdir(), 'leaderboard-failing-'));
    writeFileSync(join(folder, 'repos.yaml'), 'repositories:\n  - guild/engine\n');
  });
  afterAll(async () => {
    await github.close();
    rmSync(folder, { recursive: true });
  });

  it.each([
    ['missing-numbers', 'missing_numbers'],
    ['enrich', 'contributor_enrichments'],
  ])('publishes without what %s adds, and fails', async (stage, table) => {
    const url = await createServerDatabase();
    const db = await openDatabase(url);
    await migrate(db);
    // Not before the run begins: preflight would find it.
    await sql`
      CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS
      $$ BEGIN
        IF EXISTS (SELECT FROM pipeline_runs WHERE id < 9) THEN RAISE EXCEPTION 'the disk is full'; END IF;
        RETURN NULL;
      END $$
    `.execute(db);
    await sql`
      CREATE TRIGGER refuse BEFORE INSERT ON ${sql.table(table)}
      FOR EACH STATEMENT EXECUTE FUNCTION refuse()
    `.execute(db);
    const out = join(folder, stage);
    const env = {
      DATABASE_URL: url,
      GITHUB_TOKEN: 'a-token',
      GITHUB_API_URL: github.apiUrl,
      GITHUB_GRAPHQL_URL: github.graphqlUrl,
    };
    const options = ['--config', folder, '--now', at(32), '--out', out, '--log', 'json'];
    const { code, output } = await runCommand('pipeline', options, {
      cwd: folder,
      env,
    });
    const run = await db.selectFrom('pipeline_runs').selectAll().executeTakeFirstOrThrow();
    await db.destroy();

    expect(code, output).toBe(1);
    expect(output).toContain(`${stage} failed: the rest of the run goes on`);
    expect(output).toContain('the disk is full');
    expect(run).toMatchObject({ status: 'FAILED', counts: { jobs_failed: 0, stages_failed: 1 } });
    const document = (path: string) => JSON.parse(readFileSync(join(out, 'api/v1', path), 'utf8'));
    const names = document('leaderboard/global.json').entries.map(
      ({ username }: { username: string }) => username,
    );
    expect(names).toContain('ada');
    expect(document('dashboard/stats.json').runs[0]).toMatchObject({ status: 'FAILED' });
  });
});
