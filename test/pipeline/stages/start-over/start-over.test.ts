import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, expect, it, onTestFinished } from 'vitest';
import { openDumpFile } from '../../../../db/dump/dump-file.ts';
import { loadDump } from '../../../../db/dump/load-dump.ts';
import { insertJobs } from '../../../../db/queries/job-queue.ts';
import { readDatabaseName } from '../../../../db/queries/server.ts';
import { createLog } from '../../../../pipeline/runtime/log.ts';
import type { PipelineOptions } from '../../../../pipeline/runtime/options.ts';
import { agreeToStartOver, startOver } from '../../../../pipeline/stages/start-over/index.ts';
import { addRepository, ago } from '../../../support/community.ts';
import { describeOnDatabases, emptyTables } from '../../../support/databases.ts';

describeOnDatabases('--fresh', (database) => {
  beforeEach(async () => {
    const { db } = database;
    await emptyTables(db);
    const one = await addRepository(db, 'octo', 'one');
    const job = { source: 'bigquery', jobType: 'full', repositoryIds: [one] } as const;
    await insertJobs(db, null, [{ ...job, from: ago(9), to: ago(2) }]);
    const cost = { source: 'bigquery', charged_on: '2026-03-01', bytes_billed: 1, usd: 2 };
    await db
      .insertInto('daily_cost_summaries')
      .values({ ...cost, queries: 1, bytes_processed: 1 })
      .execute();
  });

  const contextOf = (options: Partial<PipelineOptions>) => ({
    db: database.db,
    log: createLog('json', { level: 'silent' }),
    isEmbedded: database.url === 'memory:',
    options: options as PipelineOptions,
  });
  const count = async () => {
    const tables = ['repositories', 'scrape_jobs', 'daily_cost_summaries'] as const;
    const rows = tables.map((table) => database.db.selectFrom(table).selectAll().execute());
    return (await Promise.all(rows)).map(({ length }) => length);
  };
  const nobody = async () => null;

  it('empties the tables, but for what was spent, and puts an embedded database aside', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'leaderboard-fresh-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const context = contextOf({ fresh: true });
    await startOver(context, folder);
    expect(await count()).toEqual([0, 0, 1]);
    const files = readdirSync(folder);
    expect(files).toHaveLength(context.isEmbedded ? 1 : 0);
    for (const file of files) {
      const dump = await openDumpFile(join(folder, file));
      await loadDump(database.db, dump, { fresh: true });
      expect(await count()).toEqual([1, 1, 1]);
    }
  });

  it('does nothing without the option, and asks nothing of an empty database', async () => {
    await startOver(contextOf({}));
    expect(await count()).toEqual([1, 1, 1]);
    await agreeToStartOver(contextOf({}), nobody);
    await emptyTables(database.db);
    await agreeToStartOver(contextOf({ fresh: true }), nobody);
  });

  it('needs a person to agree: on a server by the name of the database', async () => {
    const { isEmbedded } = contextOf({});
    const name = isEmbedded ? 'yes' : await readDatabaseName(database.db);
    const agree = (yes: string | null, answer: string | null = null) =>
      agreeToStartOver(contextOf({ fresh: true, yes }), async () => answer);
    await agree(name);
    await agree(null, name);
    for (const answer of [null, '', 'no', 'Yes']) {
      await expect(agree(null, answer)).rejects.toThrow('nothing was changed: add `--yes');
    }
    if (!isEmbedded) {
      await expect(agree('yes')).rejects.toThrow(`add \`--yes ${name}\` if you mean it`);
      await expect(agree('postgres')).rejects.toThrow('nothing was changed');
    }
  });
});
