import { setOutput, summary, warning } from '@actions/core';
import { readConfig } from '../config/load.ts';
import type { Dispatch } from '../config/schema/dispatch.ts';
import { NIGHT_MINUTES } from '../domain/first-reading.ts';
import { escapeMarkdown } from '../util/markdown.ts';
import { print } from '../util/printable.ts';
import { describePages, readPages } from './pages.ts';
import { openRepository, type RepositoryApi } from './repository-api.ts';
import { readRunRequest } from './run-request.ts';

/**
 * Minutes that a run without any state may read, so that a copy has published ten minutes after it
 * was started: the rest goes to starting four jobs, installing, calculating, building and deploying.
 */
const FIRST_MINUTES = 6;

/** What the run does: all, all but reading, the scores again, or nothing. */
type Mode = 'all' | 'publish' | 'recalculate' | 'dry-run';

/** What the jobs of the workflow take from the plan. */
export interface RunPlan {
  readonly database: 'embedded' | 'server';
  readonly mode: Mode;
  readonly enrich: boolean;
  /** Words for each command, one a line: see `LEADERBOARD_ARGS` in pipeline/cli.ts. */
  readonly pipeline_args: string;
  readonly discovery_args: string;
  readonly scrape_args: string;
  readonly stage_args: string;
  readonly check_args: string;
}

/** `actions:plan`: checks what is asked for, and sets the outputs of the first job. */
export async function plan(variables: NodeJS.ProcessEnv = process.env): Promise<void> {
  const { GITHUB_EVENT_NAME = '', GITHUB_EVENT_PATH = '', DATABASE_URL } = variables;
  // Read
  const request = readRunRequest(GITHUB_EVENT_NAME, GITHUB_EVENT_PATH);
  const config = readConfig('config');
  const api = openRepository(variables);
  const database = DATABASE_URL?.trim() ? 'server' : 'embedded';
  const isFirst = await isFirstRun(api, database);
  const pages = await readPages(api);
  // Decide
  const outputs = {
    ...planRun(request, database, isFirst ? FIRST_MINUTES : NIGHT_MINUTES),
    ...describePages(pages, config.site.url, api),
  };
  // Write
  for (const [name, value] of Object.entries(outputs)) setOutput(name, value);
  const lines = describeRun(outputs, isFirst);
  print(lines.join('\n'));
  await summary.addRaw(`## Plan\n\n${lines.map(escapeMarkdown).join('\n\n')}\n\n`).write();
}

/** Whether nothing was kept by an earlier run. When GitHub does not say, the short limit holds. */
async function isFirstRun(api: RepositoryApi, database: RunPlan['database']): Promise<boolean> {
  const { octokit, owner, repo } = api;
  const name = database === 'embedded' ? 'database' : 'documents';
  try {
    const { data } = await octokit.rest.actions.listArtifactsForRepo({
      owner,
      repo,
      name,
      per_page: 1,
    });
    return data.total_count === 0;
  } catch (error) {
    warning(`GitHub does not list the artifacts of this repository: ${String(error)}`);
    return true;
  }
}

/** The outputs, apart from those about Pages. */
export function planRun(
  request: Dispatch,
  database: RunPlan['database'],
  minutes: number,
): RunPlan {
  const sources = request.sources.flatMap((name) => ['--source', name]);
  const scope = [...sources, ...request.repositories.flatMap((name) => ['--repo', name])];
  const window = [
    ...optional('--job-type', request.job_type),
    ...optional('--from', request.from),
    ...optional('--to', request.to),
  ];
  const limit = ['--time-limit', String(minutes)];
  const mode = modeOf(request);
  // With a server, the jobs before have read.
  const isRead = database === 'server' || mode === 'publish';
  return {
    database,
    mode,
    enrich: request.enrich,
    pipeline_args: words(scope, isRead ? ['--skip-scraping'] : window, limit),
    discovery_args: words(scope, window),
    scrape_args: words(sources, ['--workers', '1'], limit),
    stage_args: words(sources),
    check_args: words(request.accept_drop ? ['--accept-drop'] : []),
  };
}

const optional = (option: string, value: string | undefined) => (value ? [option, value] : []);
const words = (...parts: readonly (readonly string[])[]) => parts.flat().join('\n');

function modeOf(request: Dispatch): Mode {
  if (request.dry_run) return 'dry-run';
  if (request.recalculate_only) return 'recalculate';
  return request.skip_scraping ? 'publish' : 'all';
}

const MODES: Readonly<Record<Mode, string>> = {
  all: 'Reads, calculates and publishes',
  publish: 'Reads no repository, calculates and publishes',
  recalculate: 'Calculates all scores again and publishes',
  'dry-run': 'A dry run: says what would be done, and changes nothing',
};

function describeRun(run: RunPlan & { readonly pages_hint: string }, isFirst: boolean): string[] {
  const where = run.database === 'server' ? 'in DATABASE_URL' : 'embedded, kept as an artifact';
  const args = run.mode === 'all' ? run.discovery_args : run.stage_args;
  const given = args.replaceAll('\n', ' ') || 'none';
  return [
    `${MODES[run.mode]}. The database is ${where}. Options: ${given}.`,
    ...(isFirst
      ? [
          `Nothing was kept by an earlier run: reads for ${FIRST_MINUTES} minutes; run again for more.`,
        ]
      : []),
    ...(run.pages_hint ? [run.pages_hint] : []),
  ];
}
