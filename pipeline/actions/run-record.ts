import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

/**
 * What the jobs of a run leave behind for the report about it: `run.json` in an artifact of each,
 * `run-record-ATTEMPT-JOB`. They were written by other jobs, perhaps of another version: what is missing is
 * empty, what is new is left out.
 */
const failureSchema = z.object({
  error_class: z.string().max(100).nullish(),
  message: z.string().nullish(),
});

const runRecordSchema = z.object({
  stages: z
    .array(failureSchema.extend({ stage: z.string().max(100), status: z.string().max(100) }))
    .default([]),
  repositories: z
    .array(failureSchema.extend({ full_name: z.string().max(200), status: z.string().max(100) }))
    .default([]),
  /** Sentences for a person: a budget that is nearly used, items that were put aside. */
  warnings: z.array(z.string()).default([]),
});

type RunRecord = z.infer<typeof runRecordSchema>;

/** No job writes a longer one. */
const MAX_BYTES = 5_000_000;

/** Where the workflow puts the records; a single one may lie in no folder of its own. */
const FOLDER = 'run-record';
const FILE = 'run.json';

/** What all jobs of the run left, together. Null: there is no record that can be read. */
export function readRunRecord(): RunRecord | null {
  const records = ['', ...namesIn(FOLDER)].flatMap((name) => readRecord(join(FOLDER, name, FILE)));
  if (records.length === 0) return null;
  return {
    stages: records.flatMap(({ stages }) => stages),
    repositories: records.flatMap(({ repositories }) => repositories),
    warnings: [...new Set(records.flatMap(({ warnings }) => warnings))],
  };
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder).toSorted();
  } catch {
    return [];
  }
}

/** Empty: there is none, or it can't be read. */
function readRecord(path: string): RunRecord[] {
  try {
    if (statSync(path).size > MAX_BYTES) return [];
    return [runRecordSchema.parse(JSON.parse(readFileSync(path, 'utf8')))];
  } catch {
    return [];
  }
}
