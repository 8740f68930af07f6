import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Coverage } from '../../pipeline/published/documents.ts';
import type { Files } from './config-folder.ts';
import { openPipeline, readAllBoards, readAllDocuments, writeHourFiles } from './pipeline.ts';
import { casePath } from './shared-data.ts';

/** Cases of the archive, from configuration and hour files to what is published. */

export interface CaseInput {
  readonly config: Files;
  /** A folder of hour files, or their events. */
  readonly hours: string | readonly { created_at: string }[];
}

/** What is published after a night. */
export interface CaseNight {
  readonly code: number;
  /** `ada 15` for each entry of the global board of all time, in its order. */
  readonly scores: readonly string[];
  readonly coverage: Coverage;
}

/** The hours of the cases: 0 to 2 of this day. */
export const CASE_DAY = '2024-06-01';

/** A case that lies beside a checkout. */
export function readCase(name: string): CaseInput {
  const folder = casePath(`${name}/config`);
  const texts = readdirSync(folder).map((file) => [file, readFileSync(join(folder, file), 'utf8')]);
  return { config: Object.fromEntries(texts), hours: casePath(`${name}/hours`) };
}

/** Some nights on the same hours, as `npm run pipeline` runs each. */
export async function runCase({ config, hours }: CaseInput, nights: number): Promise<CaseNight[]> {
  const folder = mkdtempSync(join(tmpdir(), 'leaderboard-case-'));
  const own = typeof hours === 'string' ? hours : join(folder, 'hours');
  if (typeof hours !== 'string') {
    mkdirSync(own);
    writeHourFiles(own, hours);
  }
  const pipeline = await openPipeline({
    archiveUrl: pathToFileURL(own).href,
    repositories: [],
    files: config as Record<string, string>,
    now: `${CASE_DAY}T03:00:00Z`,
    options: { from: new Date(`${CASE_DAY}T00:00:00Z`) },
  });
  const published: CaseNight[] = [];
  for (let night = 0; night < nights; night += 1) {
    const code = await pipeline.again();
    const entries = readAllBoards(pipeline.out).get('global/all') ?? [];
    const scores = entries.map(({ username, total_score }) => `${username} ${total_score}`);
    const coverage = readAllDocuments(pipeline.out)['dashboard/coverage.json'] as Coverage;
    published.push({ code, scores, coverage });
  }
  await pipeline.close();
  rmSync(folder, { recursive: true });
  return published;
}
