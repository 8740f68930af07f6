import { UsageError } from '../util/usage-error.ts';
import {
  type Check,
  checkCredentials,
  checkDatabaseUrl,
  checkFolderUrl,
  checkFullName,
  checkHost,
  checkPushUrl,
  checkUrl,
  checkWord,
} from './variable-checks.ts';

/** The checked values of the environment variables. The secrets among them are never printed. */
export type Environment = Readonly<ReturnType<typeof readEnvironment>>;

type Variables = Readonly<Record<string, string | undefined>>;

/** Secrets are often pasted with a line end. An empty variable counts as not set. */
const read = (variables: Variables, name: string) => variables[name]?.trim() || null;

/** Reads variables one by one and collects their problems, which are reported together. */
function createReader(variables: Variables) {
  const problems: string[] = [];
  const get = <T>(name: string, check: Check<T>): T | null => {
    const text = read(variables, name);
    if (text === null) return null;
    const result = check(text);
    if ('value' in result) return result.value;
    problems.push(`${name}: ${result.problem}`);
    return null;
  };
  return { get, problems };
}

/** GitHub Enterprise Server has REST under `/api/v3` and GraphQL beside it. */
const graphqlBeside = (apiUrl: string) => `${apiUrl.replace(/\/api\/v3$/, '/api')}/graphql`;

/** Where people look at what the API tells: `api.` and `/api/v3` are left out. */
function serverOf(apiUrl: string): string {
  const { protocol, host } = new URL(apiUrl);
  return `${protocol}//${host.replace(/^api\./, '')}`;
}

/** The project that the key belongs to. */
function projectOf(credentials: Readonly<Record<string, unknown>> | null): string | null {
  const project = credentials?.project_id;
  return typeof project === 'string' ? project : null;
}

/** @throws UsageError with every variable that is wrong, without its value */
export function readEnvironment(variables: Variables = process.env) {
  const { get, problems } = createReader(variables);
  const githubApiUrl = get('GITHUB_API_URL', checkUrl) ?? 'https://api.github.com';
  const bigqueryCredentials = get('BIGQUERY_CREDENTIALS', checkCredentials);
  const environment = {
    /** `postgres://…`; null: the embedded database. */
    databaseUrl: get('DATABASE_URL', checkDatabaseUrl),
    githubToken: get('GITHUB_TOKEN', checkWord),
    /** Without a slash at its end. */
    githubApiUrl,
    /** Where links to repositories, people and contributions lead, without a slash at its end. */
    githubServerUrl: get('GITHUB_SERVER_URL', checkUrl) ?? serverOf(githubApiUrl),
    /** The repository whose workflow runs, `owner/name`; null: it is not known. */
    githubRepository: get('GITHUB_REPOSITORY', checkFullName),
    githubGraphqlUrl: get('GITHUB_GRAPHQL_URL', checkUrl) ?? graphqlBeside(githubApiUrl),
    /** The parsed key of a service account; null: Application Default Credentials. */
    bigqueryCredentials,
    googleCloudProject: get('GOOGLE_CLOUD_PROJECT', checkWord) ?? projectOf(bigqueryCredentials),
    /** `http://host:port`. */
    bigqueryEmulatorHost: get('BIGQUERY_EMULATOR_HOST', checkHost),
    /** Of a push gateway; null: metrics are pushed nowhere. */
    metricsPushUrl: get('METRICS_PUSH_URL', checkPushUrl),
    /** `https://…/`, `http://…/` or `file:///…/`, with a slash at its end. */
    gharchiveUrl: get('GHARCHIVE_URL', checkFolderUrl) ?? 'https://data.gharchive.org/',
  };
  if (problems.length > 0) {
    throw new UsageError(`Wrong environment variables:\n${problems.join('\n')}`);
  }
  return environment;
}
