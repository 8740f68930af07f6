import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { type Db, openDatabase } from '../../db/client.ts';
import { createRng } from '../../pipeline/sources/sample/rng.ts';
import { archiveEvent, push, sha } from '../support/archive-events.ts';
import { createServerDatabase } from '../support/databases.ts';
import {
  dumpResults,
  openPipeline,
  type PipelineSetup,
  writeHourFiles,
} from '../support/pipeline.ts';

/** Runs whose connections to the database end at random moments. `SOAK=24` tries as many seeds. */

const SEEDS = Number(process.env.SOAK ?? 5);
const EVENTS = 150;

function events() {
  return Array.from({ length: EVENTS }, (_, i) => {
    const common = {
      id: `${i}`,
      actor: { id: (i % 20) + 1, login: `user${i % 20}` },
      repo: { id: 10 + (i % 3), name: `acme/tool${i % 3}` },
      created_at: new Date(Date.UTC(2026, 0, 1) + (i / EVENTS) * 3_600_000)
        .toISOString()
        .replace(/\.\d+/, ''),
    };
    const commit = push('refs/heads/main', [{ sha: sha(i + 1), distinct: true }]);
    const opened = { action: 'opened', pull_request: { number: i + 1 } };
    return archiveEvent({
      ...common,
      ...(i % 2 ? commit : { type: 'PullRequestEvent', payload: opened }),
    });
  });
}

describe.runIf(inject('postgresUrl'))('the pipeline, when connections end', () => {
  let folder: string;
  let setup: Omit<PipelineSetup, 'url'>;
  let expected: Record<string, string[]>;
  /** How long a run takes that nothing disturbs. */
  let runMs: number;
  let admin: Db;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'leaderboard-lost-'));
    writeHourFiles(folder, events());
    setup = {
      archiveUrl: pathToFileURL(`${folder}/`).href,
      repositories: ['acme/tool0', 'acme/tool1', 'acme/tool2'],
      now: '2026-01-01T01:00:00Z',
      files: { 'pipeline.yaml': 'batch_size: 5\nretries:\n  delays_seconds: [0, 0, 0, 0, 0]\n' },
      options: { from: new Date('2026-01-01T00:00:00Z'), to: new Date('2026-01-01T01:00:00Z') },
      reconnectDelaysMs: [10, 20, 40, 80],
    };
    admin = await openDatabase(await createServerDatabase());
    const whole = await openPipeline({ ...setup, url: await createServerDatabase() });
    const start = performance.now();
    expect(await whole.again()).toBe(0);
    runMs = performance.now() - start;
    expected = await dumpResults(whole.db);
    await whole.close();
    expect(expected.contribution_events).toHaveLength(EVENTS);
  });
  afterAll(async () => {
    await admin?.destroy();
    rmSync(folder, { recursive: true, force: true });
  });

  const terminate = (url: string) =>
    sql`SELECT pg_terminate_backend(pid) FROM pg_stat_activity
      WHERE datname = ${new URL(url).pathname.slice(1)}`.execute(admin);

  /** Ends all connections at two random moments. */
  async function disturb(url: string, seed: number): Promise<void> {
    const random = createRng(seed);
    for (let kill = 0; kill < 2; kill++) {
      await sleep(random() * runMs);
      await terminate(url);
    }
  }

  it(`gives the same tables (seeds 1 to ${SEEDS})`, async () => {
    const failed: number[] = [];
    for (let seed = 1; seed <= SEEDS; seed++) {
      const url = await createServerDatabase();
      const pipeline = await openPipeline({ ...setup, url });
      const run = pipeline.again().catch(() => 1);
      const [code] = await Promise.all([run, disturb(url, seed)]);
      if (code !== 0) failed.push(seed);
      expect(await pipeline.again()).toBe(0);
      expect(await dumpResults(pipeline.db), `seed ${seed}`).toEqual(expected);
      await pipeline.close();
    }
    expect(failed.length, `seeds that failed: ${failed}`).toBeLessThanOrEqual(SEEDS / 6);
  });
});
