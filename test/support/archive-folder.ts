import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { gzipSync } from 'node:zlib';
import { afterAll } from 'vitest';
import type {
  SourceBatch,
  SourceRequest,
  TrackedRepository,
} from '../../pipeline/domain/source.ts';

/** A folder of hour files for one test file, removed after it. */
export function createArchiveFolder() {
  const folder = mkdtempSync(join(tmpdir(), 'leaderboard-archive-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return {
    folder,
    url: pathToFileURL(`${folder}/`).href,
    /** Writes bytes as they are. */
    writeRaw: (name: string, bytes: Buffer) => writeFileSync(join(folder, name), bytes),
    write: (name: string, events: readonly unknown[]) =>
      writeFileSync(join(folder, name), gzipLines(events)),
  };
}

export function gzipLines(events: readonly unknown[]): Buffer {
  return gzipSync(events.map((event) => `${JSON.stringify(event)}\n`).join(''));
}

export const acmeTool: TrackedRepository = {
  id: 1,
  owner: 'acme',
  name: 'tool',
  githubId: null,
  defaultBranch: null,
};

export function sourceRequest(
  from: string,
  to: string,
  more: Partial<SourceRequest> = {},
): SourceRequest {
  return {
    repositories: [acmeTool],
    window: { from: new Date(from), to: new Date(to) },
    signal: new AbortController().signal,
    now: new Date('2026-01-01T00:00:00Z'),
    batchSize: 100,
    onProgress: () => {},
    ...more,
  };
}

/** Reads to the end and adds the batches up. */
export async function readAll(batches: AsyncIterable<SourceBatch>) {
  const sum = {
    contributions: [] as SourceBatch['contributions'][number][],
    observations: [] as SourceBatch['observations'][number][],
    gaps: [] as SourceBatch['gaps'][number][],
    read: 0,
    kept: 0,
    skipped: {} as Record<string, number>,
    warnings: {} as Record<string, number>,
    batches: 0,
  };
  for await (const batch of batches) {
    sum.contributions.push(...batch.contributions);
    sum.observations.push(...batch.observations);
    sum.gaps.push(...batch.gaps);
    sum.read += batch.read;
    sum.kept += batch.kept;
    sum.batches++;
    for (const kind of ['skipped', 'warnings'] as const) {
      for (const [reason, count] of Object.entries(batch[kind])) {
        sum[kind][reason] = (sum[kind][reason] ?? 0) + count;
      }
    }
  }
  return sum;
}
