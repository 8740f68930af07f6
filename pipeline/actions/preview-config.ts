import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Environment, readEnvironment } from '../config/environment.ts';
import { ConfigError, type ConfigProblem } from '../config/issue.ts';
import { readConfig } from '../config/load.ts';
import { siteAddress, usualPath } from '../config/site-address.ts';
import { appendSummary, summaryPath } from '../runtime/step-summary.ts';
import { annotate } from '../runtime/workflow-commands.ts';
import { lookUpWith, previewPublished } from '../stages/preview/index.ts';
import { LISTED } from '../stages/preview/report.ts';
import { print } from '../util/printable.ts';
import { EXIT, UsageError } from '../util/usage-error.ts';
import { type ConfigPreview, MOST_PREVIEW_BYTES, PREVIEW_FILE } from './config-preview-document.ts';
import { summaryText } from './preview-comment.ts';
import { findProposal, type Proposal } from './proposal.ts';
import { fetchProposedConfig } from './proposed-config.ts';
import { openRepository, type RepositoryApi } from './repository-api.ts';

/**
 * `actions:preview-config`: checks the configuration of a pull request and shows what it does, in the
 * summary of the run and in a file for the comment. Returns the exit code.
 */
export async function previewConfig(
  signal: AbortSignal,
  variables: NodeJS.ProcessEnv = process.env,
): Promise<number> {
  // Read
  const api = openRepository(variables, signal);
  const proposal = await findProposal(api, variables);
  const published = publishedPlace(api, variables);
  const environment = readEnvironment(variables);
  // Decide
  const document = await describeProposal(api, proposal, { published, environment, signal });
  // Write
  for (const { file, line, column, message } of document.problems)
    annotate('error', message, { file, startLine: line, startColumn: column });
  const text = summaryText(document);
  const summary = summaryPath();
  if (summary) appendSummary(summary, text);
  print(text);
  writeFileSync(PREVIEW_FILE, toJson(document));
  return document.problems.length === 0 ? EXIT.done : EXIT.usage;
}

/** Where this repository's site stands, by the configuration that is in force; null: not known. */
function publishedPlace({ owner, repo }: RepositoryApi, variables: NodeJS.ProcessEnv) {
  const base = usualPath({ owner, repo });
  return siteAddress({ url: readConfig('config').site.url, base }, variables);
}

export interface Surroundings {
  /** Where the site is published; null: not known. */
  readonly published: string | null;
  readonly environment: Environment;
  readonly signal: AbortSignal;
}

/** What a pull request does, compared with what is published at a place. */
export async function describeProposal(
  api: RepositoryApi,
  { pull_request, commit, merged }: Proposal,
  { published, environment, signal }: Surroundings,
): Promise<ConfigPreview> {
  const folder = mkdtempSync(join(tmpdir(), 'proposed-'));
  try {
    const subject = { pull_request, commit };
    const problems = await fetchProposedConfig(api, merged, folder);
    const read = problems.length > 0 ? { problems } : readProposed(folder);
    if (!('config' in read)) return { ...subject, ...read, preview: null, obstacle: null };
    return {
      ...subject,
      problems: [],
      ...(await preview(read.config, { published, environment, signal })),
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function readProposed(folder: string) {
  try {
    return { config: readConfig(folder) };
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    const inRepository = ({ file, ...rest }: ConfigProblem) => ({
      file: file.replace(folder, 'config'),
      ...rest,
    });
    return { problems: error.problems.map(inRepository) };
  }
}

const NO_SITE = 'it is not known where the site is published: set `url` in config/site.yaml';

async function preview(
  config: ReturnType<typeof readConfig>,
  { published, environment, signal }: Surroundings,
): Promise<Pick<ConfigPreview, 'preview' | 'obstacle'>> {
  if (published === null) return { preview: null, obstacle: NO_SITE };
  try {
    const lookUp = lookUpWith(environment, config, signal);
    const report = await previewPublished(published, config, { signal, lookUp });
    return { preview: report, obstacle: null };
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    return { preview: null, obstacle: error.message.slice(0, 1_000) };
  }
}

/** How much of each list of a repository's board is kept, until all fit into the artifact. */
const LENGTHS = [LISTED, 5, 1];

/** What is handed over to the comment. */
export function toJson(document: ConfigPreview): string {
  for (const length of LENGTHS) {
    const text = JSON.stringify(shorten(document, length));
    if (Buffer.byteLength(text) <= MOST_PREVIEW_BYTES) return text;
  }
  const obstacle = 'it is too large for a comment: the summary of the run has it';
  return JSON.stringify({ ...document, preview: null, obstacle });
}

function shorten(document: ConfigPreview, length: number): ConfigPreview {
  if (!document.preview) return document;
  const first = <T>(list: readonly T[]) => list.slice(0, length);
  const boards = document.preview.boards.map((board) =>
    board.scope === 'global'
      ? board
      : {
          ...board,
          ...{ movers: first(board.movers), top: first(board.top) },
          ...{ entering: first(board.entering), leaving: first(board.leaving) },
        },
  );
  return { ...document, preview: { ...document.preview, boards } };
}
