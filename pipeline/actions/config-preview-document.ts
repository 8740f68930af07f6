import { z } from 'zod';
import { previewReportSchema } from '../stages/preview/report-schema.ts';
import { commitSchema } from './proposal.ts';

/**
 * What the preview of a pull request hands over to the workflow that comments on it: `preview.json`
 * in an artifact. A pull request can change the workflow that writes it, so it may hold anything.
 */

export const PREVIEW_FILE = 'preview.json';

/** The artifact of an attempt of a run. */
export const previewArtifact = (attempt: number) => `config-preview-${attempt}`;

/** Bytes. A changed board takes up to five thousand, and a thousand in the shortest form: enough for 1,600 repositories. */
export const MOST_PREVIEW_BYTES = 8_000_000;

/** Problems of each of six files, and of the folder. */
const MOST_PROBLEMS = 1_000;

const problem = z.strictObject({
  file: z.string().max(300),
  line: z.int().positive(),
  column: z.int().positive(),
  message: z.string().max(2_000),
});

export const configPreviewSchema = z.strictObject({
  pull_request: z.int().positive(),
  /** The newest commit of the pull request. */
  commit: commitSchema,
  /** What is wrong with the files; then there is no preview. */
  problems: z.array(problem).max(MOST_PROBLEMS),
  preview: previewReportSchema.nullable(),
  /** Why valid files have no preview, as a message from outside; null: they have one. */
  obstacle: z.string().max(1_000).nullable(),
});

export type ConfigPreview = z.infer<typeof configPreviewSchema>;
