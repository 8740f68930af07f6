import { z } from 'zod';
import { DAY_MS, isoDate, SECOND_MS } from '../domain/time.ts';
import { statsSchema } from '../published/documents.ts';
import { documentPath } from '../published/paths.ts';
import { readPages } from './pages.ts';
import { openRepository, type RepositoryApi } from './repository-api.ts';
import { sendMessage } from './send-message.ts';
import type { Message } from './webhook-message.ts';

/** What the summary shows of the published document; the site may be of an older version. */
const numbersSchema = z.object(
  statsSchema.pick({
    generated_at: true,
    repositories: true,
    contributors: true,
    contributions: true,
    runs: true,
  }).shape,
);
const runCountsSchema = z.object({ counts: z.record(z.string(), z.number()) });
type Numbers = z.infer<typeof numbersSchema>;

const DAYS = 7;
const TIMEOUT_MS = 20 * SECOND_MS;

/** `actions:week`: a message about the last seven days. */
export async function reportWeek(variables: NodeJS.ProcessEnv = process.env): Promise<void> {
  await sendMessage(variables, () => buildWeek(variables));
}

/** The runs of the last seven days, and what is published now, as any visitor reads it. */
async function buildWeek(variables: NodeJS.ProcessEnv): Promise<Message> {
  // Read
  const api = openRepository(variables);
  const runs = await readConclusions(api);
  const pages = await readPages(api);
  const site = pages.state === 'on' ? pages.url : null;
  const stats = site === null ? null : await fetchStats(site);
  const putAside = site === null || stats === null ? 0 : await fetchPutAside(site, stats);
  // Decide
  const lines = [
    describeRuns(runs),
    ...(site === null ? ['GitHub Pages is off: nothing is published.'] : []),
    ...(site !== null && stats === null ? ['The published site does not answer.'] : []),
    ...(stats ? [describeStats(stats)] : []),
    ...(putAside > 0 ? [`Put aside, while the rest was stored: ${putAside} items.`] : []),
  ];
  const title = `${api.repo}: the week until ${isoDate(new Date())}`;
  return { kind: 'week', title, lines, url: site ?? `${api.url}/actions` };
}

async function readConclusions({ octokit, owner, repo }: RepositoryApi): Promise<string[]> {
  const from = isoDate(new Date(Date.now() - DAYS * DAY_MS));
  const runs = await octokit.paginate(octokit.rest.actions.listWorkflowRuns, {
    owner,
    repo,
    workflow_id: 'pipeline.yml',
    status: 'completed',
    created: `>=${from}`,
    per_page: 100,
  });
  return runs.map(({ conclusion }) => conclusion ?? 'unknown');
}

function describeRuns(conclusions: readonly string[]): string {
  if (conclusions.length === 0) return 'No run has ended: see whether its schedule is enabled.';
  const counts = [...Map.groupBy(conclusions, (conclusion) => conclusion)];
  const parts = counts.map(([conclusion, all]) => `${all.length} ${conclusion}`);
  return `Runs: ${parts.join(', ')}.`;
}

async function fetchStats(site: string): Promise<Numbers | null> {
  return fetchDocument(site, documentPath('stats'), numbersSchema);
}

/** Items that the runs of the week put aside, as far as their documents are published. */
async function fetchPutAside(site: string, { runs }: Numbers): Promise<number> {
  const from = Date.now() - DAYS * DAY_MS;
  let sum = 0;
  for (const { id, started_at } of runs) {
    if (Date.parse(started_at) < from) continue;
    const run = await fetchDocument(site, documentPath('run', { id }), runCountsSchema);
    sum += run?.counts.items_refused ?? 0;
  }
  return sum;
}

/** A published document; null if it can't be read. */
async function fetchDocument<T>(site: string, path: string, schema: z.ZodType<T>) {
  try {
    const address = new URL(`api/v1/${path}`, site.replace(/\/*$/, '/'));
    const answer = await fetch(address, { signal: AbortSignal.timeout(TIMEOUT_MS) });
    return schema.parse(await answer.json());
  } catch {
    return null;
  }
}

function describeStats(stats: Numbers): string {
  const { repositories, contributors, contributions, generated_at } = stats;
  const number = (value: number) => value.toLocaleString('en-US');
  return (
    `Published, as of ${generated_at.slice(0, 10)}: ${number(contributions)} contributions ` +
    `of ${number(contributors)} people to ${number(repositories)} repositories.`
  );
}
