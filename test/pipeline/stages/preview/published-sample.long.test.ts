import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SAMPLE_REPOSITORIES } from '../../../../pipeline/sources/sample/community.ts';
import { generateSample, SAMPLE_SEED } from '../../../../pipeline/sources/sample/index.ts';
import { describeUnknown } from '../../../../pipeline/stages/preview/published-hints.ts';
import type { Published } from '../../../../pipeline/stages/preview/read-published.ts';
import { UNKNOWN } from '../../../../pipeline/stages/preview/report.ts';
import { configOf } from '../../../support/community.ts';
import { type PipelineRun, runOnArchive } from '../../../support/pipeline.ts';
import {
  type Change,
  calculateFromPublished,
  publishedRanks,
  ranksOf,
  readFolder,
  wantedOf,
} from '../../../support/preview-community.ts';

/** The sample, read, calculated and published by runs of the whole pipeline. */

const NOW = '2026-11-10T00:00:00Z';
const REPOSITORIES = SAMPLE_REPOSITORIES.map(({ owner, name }) => `${owner}/${name}`);
const [REMOVED = ''] = REPOSITORIES;

/** What changes, made for accounts of the published board. */
const CHANGES: Readonly<Record<string, (ids: readonly number[]) => Change>> = {
  'nothing changed': () => ({}),
  weights: () => ({ config: { weights: { base_points: { PR_REVIEWED: 1, COMMENT: 7.5 } } } }),
  'a weight of 0': () => ({ config: { weights: { base_points: { PR_OPENED: 0 } } } }),
  bots: ([one = 0]) => ({ config: { people: { bots: { ids: [one] } } } }),
  'an opt-out': ([, one = 0]) => ({ config: { people: { opt_out: [one] } } }),
  'an alias': ([, , id = 0, is = 0]) => ({ config: { people: { aliases: [{ id, is }] } } }),
  'a repository removed': () => ({ removed: [REMOVED.toLowerCase()] }),
};

describe('a preview of the sample', () => {
  const folder = mkdtempSync(join(tmpdir(), 'leaderboard-sample-'));
  let run: PipelineRun;
  let published: Published;
  let ids: readonly number[];

  beforeAll(async () => {
    const hours = join(folder, 'hours');
    await generateSample({ folder: hours, seed: SAMPLE_SEED, now: new Date(NOW), months: 1 });
    run = await runOnArchive({
      archiveUrl: pathToFileURL(`${hours}/`).href,
      repositories: REPOSITORIES,
      now: NOW,
      options: { from: new Date('2026-11-01'), to: new Date(NOW) },
    });
    published = await readFolder(run.out);
    ids = published.boards.find(({ repositoryId }) => repositoryId === 0)?.ids ?? [];
  });
  afterAll(async () => {
    await run.close();
    rmSync(folder, { recursive: true });
  });

  it.each(Object.entries(CHANGES))('is what the next run publishes: %s', async (name, changeOf) => {
    const change = changeOf(ids);
    const { before, after } = await calculateFromPublished(published, {
      config: configOf(change.config),
      wanted: (await wantedOf(run.db)).filter(
        (one) => !change.removed?.includes(`${one.owner}/${one.name}`.toLowerCase()),
      ),
    });
    const out = join(folder, 'next');
    const files = Object.entries(change.config ?? {}).map(([file, value]) => [
      `${file}.yaml`,
      JSON.stringify(value),
    ]);
    const code = await run.again({
      repositories: REPOSITORIES.filter((one) => !change.removed?.includes(one.toLowerCase())),
      files: { 'people.yaml': '{}', 'weights.yaml': '{}', ...Object.fromEntries(files) },
      options: { out },
    });
    expect(code).toBe(0);
    const next = await publishedRanks(out);
    expect(next.length).toBeGreaterThan(2_000);
    expect(ranksOf(after)).toEqual(next);
    expect(ranksOf(after).join() === ranksOf(before).join()).toBe(name === 'nothing changed');
  });

  it('says that the configured repositories are not those of the sample', async () => {
    const tried = { config: configOf(), wanted: await wantedOf(run.db) };
    const unknownOf = (isSample: boolean) =>
      describeUnknown({ ...published, isSample }, tried, { unread: [] }, { additions: null }, []);
    const never = { what: UNKNOWN.never, names: [] };
    expect(unknownOf(false)).toEqual([never]);
    expect(unknownOf(true)).toEqual([{ what: UNKNOWN.sample, names: [] }, never]);
  });
});
