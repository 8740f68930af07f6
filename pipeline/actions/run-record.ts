import { existsSync, readFileSync } from 'node:fs';
import { z } from 'zod';

/**
 * What a run leaves behind for the report about it: `run.json` in the artifact `run-record`. It was
 * written by another job, perhaps of another version: what is missing is empty, what is new is left
 * out.
 */
const failureSchema = z.object({
  error_class: z.string().max(100).nullish(),
  message: z.string().nullish(),
});

export const runRecordSchema = z.object({
  stages: z
    .array(failureSchema.extend({ stage: z.string().max(100), status: z.string().max(100) }))
    .default([]),
  repositories: z
    .array(failureSchema.extend({ full_name: z.string().max(200), status: z.string().max(100) }))
    .default([]),
  /** Sentences for a person: a budget that is nearly used, items that were put aside. */
  warnings: z.array(z.string()).default([]),
});

export type RunRecord = z.infer<typeof runRecordSchema>;

/** No run writes a longer one. */
const MAX_BYTES = 5_000_000;

/** Where the workflow puts the record of the run that it reports. */
const RECORD_PATH = 'run-record/run.json';

/** Null: there is none, or it can't be read. */
export function readRunRecord(): RunRecord | null {
  if (!existsSync(RECORD_PATH)) return null;
  const text = readFileSync(RECORD_PATH, 'utf8');
  if (text.length > MAX_BYTES) return null;
  try {
    return runRecordSchema.parse(JSON.parse(text));
  } catch {
    return null;
  }
}
