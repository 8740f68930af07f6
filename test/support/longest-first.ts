import { BaseSequencer, type TestSpecification } from 'vitest/node';

/**
 * The slowest test files, the slowest first. They start first, so that no worker is idle at the end,
 * and shards get equal shares of them; a slow file that is missing here only costs time.
 */
const LONGEST = [
  'github/pipeline-workflow.long',
  'github/pipeline-workflow-server.long',
  'pipeline/stages/preflight/databases.long',
  'pipeline/killed.long',
  'site/browser.long',
  'pipeline/stages/preview/published-exact.long',
  'site/addresses.long',
  'pipeline/sources/bigquery/fuzz.long',
  'pipeline/sources/repository-identity.long',
  'db/dump/dump.long',
  'pipeline/sources/github/lives.long',
  'pipeline/own-hours.long',
  'pipeline/recorded-run.long',
  'pipeline/sources/repository-lives.long',
  'github/run-report-workflow.long',
  'site/compare-browser.long',
  'pipeline/stages/backup/backup.long',
  'pipeline/stages/calculate/calculate-whole.long',
  'pipeline/disturbed-nights.long',
  'site/board-browser.long',
  'site/equal-numbers.long',
  'pipeline/real-events/two-hours.long',
  'site/published-names.long',
  'pipeline/sources/default-branch-renamed.long',
  'pipeline/actions/state.long',
  'pipeline/sources/github/quiet-night.long',
  'pipeline/sources/github/faults.long',
  'pipeline/sources/bigquery/parity.long',
  'site/person-browser.long',
  'site/preview.long',
  'github/maintenance-workflow.long',
  'db/queries/scale.long',
  'pipeline/sources/github/one-bad.long',
  'pipeline/stages/enrich/avatars.long',
  'github/config-workflows.long',
  'pipeline/sources/sample/whole-sample.long',
  'site/dev.long',
  'pipeline/stages/backfill/bigquery-run.long',
  'site/avatars.long',
  'pipeline/stages/scrape/workers.long',
  'pipeline/real-events/real-eras.long',
  'pipeline/sources/github/pipeline.long',
  'pipeline/sources/github/incremental.long',
  'pipeline/time-limit.long',
  'site/build.long',
  'pipeline/lost-connections.long',
  'pipeline/stages/discovery/dry-run-command.long',
  'pipeline/sources/github/with-archive.long',
  'pipeline/sources/sample/simulation.long',
  'pipeline/stages/preview/preview-command.long',
  'site/pages',
  'site/check/check',
  'pipeline/stages/report/report',
  'pipeline/stages/months/months',
  'pipeline/sources/bigquery/faults',
  'pipeline/sources/github/gone',
  'pipeline/stages/calculate/calculate',
  'pipeline/runtime/main',
  'site/share',
  'db/queries/contributions',
  'pipeline/stages/scrape/refused-items',
  'pipeline/cases',
  'site/opted-out',
  'db/queries/report/contributors',
  'db/queries/contributors',
  'site/check/compare',
];

function placeOf({ moduleId }: TestSpecification): number {
  const place = LONGEST.findIndex((name) => moduleId.endsWith(`/test/${name}.test.ts`));
  return place === -1 ? LONGEST.length : place;
}

const longestFirst = (files: readonly TestSpecification[]) =>
  files.toSorted((a, b) => placeOf(a) - placeOf(b) || (a.moduleId < b.moduleId ? -1 : 1));

export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return longestFirst(files);
  }

  /** Deals the files out, back and forth: a shard that gets the longest one gets a short one next. */
  override async shard(files: TestSpecification[]): Promise<TestSpecification[]> {
    const { index, count } = this.ctx.config.shard ?? { index: 1, count: 1 };
    return longestFirst(files).filter((_, place) => {
      const [round, turn] = [Math.floor(place / count), place % count];
      return (round % 2 === 0 ? turn : count - 1 - turn) === index - 1;
    });
  }
}
