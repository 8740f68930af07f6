import { access, constants, mkdir, readdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { readServerVersion } from '../../../db/client.ts';
import type { SourceName } from '../../domain/source.ts';
import type { Context } from '../../runtime/context.ts';
import { bigQueryCheck, prepareBudget } from '../open-bigquery.ts';
import { githubCheck } from '../open-github.ts';
import { requireOurFolder } from '../report/output-folder.ts';
import { type Check, runChecks } from './run-checks.ts';

/** The oldest PostgreSQL whose SQL we use, as `server_version_num`. */
const OLDEST_POSTGRES = 150_000;

/** Prepares the budget and checks everything that this run depends on; throws saying what to do. */
export async function runPreflight(context: Context) {
  await requireOurFolder(context.options.out);
  if (context.sources.includes('bigquery')) await prepareBudget(context);
  const ofSources = context.sources.flatMap((source) => SOURCE_CHECKS[source](context));
  return runChecks([databaseCheck(context), outputCheck(context), ...ofSources], context.log);
}

/** Better known before hours of work than after them. */
function outputCheck({ options }: Context): Check {
  return {
    name: 'output',
    async run() {
      await mkdir(options.out, { recursive: true });
      await access(options.out, constants.W_OK);
      return `documents go to ${options.out}`;
    },
  };
}

function databaseCheck({ db }: Context): Check {
  return {
    name: 'database',
    async run() {
      const { version, name } = await readServerVersion(db);
      if (version < OLDEST_POSTGRES) {
        throw new Error(`PostgreSQL ${name} is too old: use version 15 or newer`);
      }
      return `PostgreSQL ${name} answers, the tables are up to date`;
    },
  };
}

const SOURCE_CHECKS: Readonly<Record<SourceName, (context: Context) => Check[]>> = {
  gharchive: (context) => [archiveCheck(context)],
  sample: () => [],
  github: (context) => [githubCheck(context)],
  bigquery: (context) => [bigQueryCheck(context)],
};

/** A folder must hold hour files; an address over HTTP shows at the first file. */
function archiveCheck({ environment }: Context): Check {
  const url = new URL(environment.gharchiveUrl);
  return {
    name: 'gharchive',
    async run() {
      if (url.protocol !== 'file:') return `hour files from ${url.host}`;
      const names = await readdir(fileURLToPath(url)).catch(() => null);
      if (names === null) {
        throw new Error(`there is no folder ${fileURLToPath(url)}: set GHARCHIVE_URL to one`);
      }
      const files = names.filter((name) => /^\d{4}-\d\d-\d\d-\d{1,2}\.json\.gz$/.test(name)).length;
      if (files === 0) {
        throw new Error('the folder of GHARCHIVE_URL holds no hour file (YYYY-MM-DD-H.json.gz)');
      }
      return `${files} hour files`;
    },
  };
}
