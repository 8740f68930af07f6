import { createReadStream, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createGunzip } from 'node:zlib';
import { DuckDBInstance } from '@duckdb/node-api';
import type { TrackedRepository } from '../../pipeline/domain/source.ts';
import { Gunzip } from '../../pipeline/sources/gharchive/gunzip.ts';
import { busiest, readEvents } from '../support/read-events.ts';
import { hasSharedData, sharedPath } from '../support/shared-data.ts';
import { type Corpus, readSource, repeatHours } from './corpus.ts';
import { best, type Cost, measure, peakMemoryOf } from './measure.ts';

/** The archive source against plain gunzip of the same bytes, and against DuckDB. */

/** The two real hours, about 35 MB raw, repeated: at least 500 MB. */
const REPEATS = 15;
const ROUNDS = 8;
/** DuckDB is slow enough that fewer rounds do. */
const DUCKDB_ROUNDS = 2;

function track(names: readonly string[]): TrackedRepository[] {
  return names.map((slug, index) => {
    const [owner = '', name = ''] = slug.split('/');
    return { id: index + 1, owner, name, githubId: null, defaultBranch: null };
  });
}

/** Their events are gone after the call: no competitor pays for a heap that is not its own. */
function busiestRepositories(): string[] {
  const files = [0, 1].map((hour) => sharedPath(`gharchive/2015-01-01-${hour}.json.gz`));
  return busiest(files.flatMap(readEvents), 100);
}

/** Raw bytes of all files, thrown away: what no reader can beat. */
async function gunzipOnly({ files }: Corpus): Promise<number> {
  const chunkSize = 256 * 1024;
  let bytes = 0;
  for (const file of files) {
    const gunzip = createReadStream(file, { highWaterMark: chunkSize }).pipe(
      createGunzip({ chunkSize }),
    );
    gunzip.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
    });
    await new Promise((resolve, reject) => gunzip.once('end', resolve).once('error', reject));
  }
  return bytes;
}

/** The source's own way of unpacking, with nothing done to the bytes: how much of its time that is. */
async function unpackOnly({ files }: Corpus): Promise<number> {
  let bytes = 0;
  for (const file of files) {
    const gunzip = new Gunzip();
    for await (const _ of gunzip.unpack(createReadStream(file, { highWaterMark: 128 * 1024 })));
    bytes += gunzip.rawBytes;
  }
  return bytes;
}

/** Options of a patient user: read_json infers nothing and leaves the payload as text. */
const DUCKDB_COLUMNS = `, format = 'newline_delimited', maximum_object_size = 67108864,
  columns = {id: 'VARCHAR', type: 'VARCHAR', actor: 'STRUCT(id BIGINT, login VARCHAR)',
    repo: 'STRUCT(id BIGINT, name VARCHAR)', created_at: 'VARCHAR', payload: 'JSON'}`;

/** The same selection by DuckDB: the lines of the repositories, with the fields that are used. */
async function readWithDuckdb({ folder }: Corpus, names: readonly string[], options: string) {
  const instance = await DuckDBInstance.create(':memory:', { threads: '1' });
  const connection = await instance.connect();
  const list = names.map((name) => `'${name.toLowerCase().replaceAll("'", "''")}'`).join(', ');
  const result = await connection.runAndReadAll(`
    SELECT id, type, actor.id, actor.login, repo.id, repo.name, created_at, payload
    FROM read_json('${folder}/*.json.gz'${options})
    WHERE lower(repo.name) IN (${list})`);
  const rows = result.currentRowCount;
  connection.closeSync();
  instance.closeSync();
  return rows;
}

const format = (value: number) => value.toFixed(value < 10 ? 2 : 0);

export async function benchArchive(): Promise<void> {
  if (!hasSharedData()) return;
  const root = mkdtempSync(join(tmpdir(), 'leaderboard-bench-'));
  try {
    await compare(root);
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

async function compare(root: string): Promise<void> {
  const names = busiestRepositories();
  const repositories = track(names);
  const corpus = repeatHours(join(root, 'one'), REPEATS);
  const { bytes, kept } = await readSource(corpus, repositories);
  // In turns, so that a noisy moment of the machine meets all of them.
  const costs: Record<string, Cost[]> = {};
  const competitors: Record<string, () => Promise<unknown>> = {
    source: () => readSource(corpus, repositories),
    gunzip: () => gunzipOnly(corpus),
    unpack: () => unpackOnly(corpus),
    duckdb: () => readWithDuckdb(corpus, names, ''),
    tuned: () => readWithDuckdb(corpus, names, DUCKDB_COLUMNS),
  };
  for (let round = 0; round < ROUNDS; round++) {
    for (const [name, work] of Object.entries(competitors)) {
      // Plain read_json takes minutes; once is enough to see it.
      if (name === 'duckdb' && round > 0) continue;
      if (name === 'tuned' && round >= DUCKDB_ROUNDS) continue;
      costs[name] = [...(costs[name] ?? []), await measure(work)];
    }
  }
  const speed = (name: string) => bytes / 1e6 / best(costs[name] ?? []).cpuSeconds;
  const against = (name: string) => format(speed('source') / speed(name));
  const peak = await peakOf(corpus, repositories);
  const peakOfTwice = await peakOf(repeatHours(join(root, 'two'), REPEATS * 2), repositories);
  console.log(`archive source: ${format(bytes / 1e6)} MB raw, ${kept} events kept`);
  console.log(`  source         ${format(speed('source'))} MB/s on one core`);
  console.log(
    `  gunzip         ${format(speed('gunzip'))} MB/s (the limit): ${against('gunzip')} of it (goal 0.70)`,
  );
  console.log(
    `  unpacking      ${format(speed('unpack'))} MB/s by the source's own way, without reading`,
  );
  console.log(
    `  read_json      ${format(speed('duckdb'))} MB/s: ${against('duckdb')} times as fast (goal 1.8)`,
  );
  console.log(`  … with columns ${format(speed('tuned'))} MB/s: ${against('tuned')} times as fast`);
  console.log(
    `  memory         peak ${peak} MB; at twice the size ${peakOfTwice} MB (goal below 250)`,
  );
}

/** Peak memory (MB) of a process that only reads the corpus. */
function peakOf(corpus: Corpus, repositories: TrackedRepository[]): Promise<number> {
  return peakMemoryOf('test/bench/read-only.ts', { corpus, repositories });
}
