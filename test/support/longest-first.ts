import { BaseSequencer, type TestSpecification } from 'vitest/node';

/**
 * The slowest test files, measured on two cores. They start first, so that no worker is idle at
 * the end; a slow file that is missing here only costs time.
 */
const LONGEST = [
  'github/pipeline-workflow',
  'killed',
  'preflight/databases',
  'scale',
  'recorded-run',
  'backup/backup',
  'one-bad',
  'disturbed-nights',
  'maintenance-workflow',
  'quiet-night',
  'actions/state',
  'run-report-workflow',
  'parity',
  'github/pipeline',
  'with-archive',
  'browser',
  'preview-command',
  'real-eras',
  'bigquery/faults',
  'pages',
  'two-hours',
  'incremental',
  'github/faults',
  'calculate-whole',
  'own-hours',
  'leaderboards',
  'calculate',
];

function placeOf({ moduleId }: TestSpecification): number {
  const place = LONGEST.findIndex((name) => moduleId.endsWith(`/${name}.test.ts`));
  return place === -1 ? LONGEST.length : place;
}

export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return files.toSorted((a, b) => placeOf(a) - placeOf(b));
  }
}
