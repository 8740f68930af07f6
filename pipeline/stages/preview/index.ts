import type { Db } from '../../../db/client.ts';
import type { UsedPGlite } from '../../../db/embedded-thread.ts';
import { hasContributions } from '../../../db/queries/contributions.ts';
import { saveCounts } from '../../../db/queries/preview-boards.ts';
import { readCurrentWeights } from '../../../db/queries/weights.ts';
import { rolledBack, takeLock } from '../../../db/transactions.ts';
import type { Environment } from '../../config/environment.ts';
import type { Config } from '../../config/schema.ts';
import { knownOf, withFollowed } from '../../domain/organisation.ts';
import { weightsOf } from '../../domain/weights.ts';
import type { Context } from '../../runtime/context.ts';
import type { PreviewFormat } from '../../runtime/options.ts';
import { createGithubClient } from '../../sources/github/client.ts';
import { fetchSizes } from '../../sources/github/sizes.ts';
import { print } from '../../util/printable.ts';
import { EXIT } from '../../util/usage-error.ts';
import { boardInputs } from '../calculate/index.ts';
import { wantedRepositories } from '../discovery/index.ts';
import { readLikelyBots } from '../likely-bots/index.ts';
import { type LookUp, lookUpAdditions } from './additions.ts';
import { buildReport } from './build-report.ts';
import { calculatePreview, type TriedConfig } from './calculate-preview.ts';
import { openDocuments, READ_LIMITS, type ReadLimits } from './document-source.ts';
import { formatReport } from './format-report.ts';
import { openCalculation, type PublishedCalculation } from './preview-published.ts';
import { describeUnknown, findPublishedBots } from './published-hints.ts';
import { readPublished } from './read-published.ts';
import type { PreviewReport } from './report.ts';

export interface PreviewContext extends TriedConfig {
  readonly db: Db;
  /** The clock of both boards, so that time alone moves nobody. */
  readonly now: Date;
}

/**
 * Finds the effect of a configuration on the boards of a database, and changes nothing: everything
 * happens in a transaction that is rolled back. Null before the first calculation: nothing to
 * compare with.
 */
export async function previewConfig(context: PreviewContext): Promise<PreviewReport | null> {
  const { config, wanted, now } = context;
  return await rolledBack(context.db, async (trx) => {
    const current = await readCurrentWeights(trx);
    if (!current || !(await hasContributions(trx))) return null;
    await takeLock(trx, 'boards');
    const bots = await readLikelyBots(trx, config, now);
    const weights = weightsOf(current.weights);
    const count = (version: string) => saveCounts(trx, boardInputs(version, now));
    const calculated = await calculatePreview(trx, { weights, count }, { config, wanted });
    const lookedUp = { renamed: [], additions: null };
    const hints = { published_at: null, likely_bots: bots, unknown: [], lookedUp };
    return buildReport(calculated, { before: weights, after: config.weights }, hints);
  });
}

/** What a preview from published documents may use beside them. */
export interface PublishedPreview {
  readonly signal: AbortSignal;
  readonly limits?: ReadLimits;
  /** Asks GitHub about new repositories; null: there is no token. */
  readonly lookUp: LookUp | null;
  /** A database that is being made; absent: it is begun now. */
  readonly thread?: UsedPGlite;
}

/** The same from published documents alone. @throws UsageError if they can't be read or trusted */
export async function previewPublished(
  place: string,
  config: Omit<Config, 'site'>,
  options: PublishedPreview,
): Promise<PreviewReport> {
  const calculation = openCalculation(options.thread);
  try {
    return await previewWith(calculation, place, config, options);
  } finally {
    await calculation.close();
  }
}

async function previewWith(
  calculation: PublishedCalculation,
  place: string,
  config: Omit<Config, 'site'>,
  { signal, limits = READ_LIMITS, lookUp }: PublishedPreview,
): Promise<PreviewReport> {
  const published = await readPublished(await openDocuments(place, signal, limits));
  const repositories = published.isSample
    ? published.repositories.map((one) => ({
        ...one,
        neverRescrapeBefore: null,
        defaultBranch: null,
      }))
    : withFollowed(config.repositories, knownOf(config.organisations, published.repositories));
  const organisations = config.organisations.map(({ org }) => org);
  const { wanted, ...lookedUp } = await lookUpAdditions(
    published,
    { ...config, repositories },
    lookUp,
    signal,
  );
  const tried = { config, wanted };
  const calculated = await calculation.calculate(published, tried);
  return buildReport(
    calculated,
    { before: published.weights, after: config.weights },
    {
      published_at: published.now.toISOString(),
      likely_bots: await findPublishedBots(published, config.people),
      unknown: describeUnknown(published, tried, calculated, lookedUp, organisations),
      lookedUp,
    },
  );
}

/** Asks with the token of the environment. */
export function lookUpWith(
  environment: Environment,
  config: Pick<Config, 'pipeline'>,
  signal: AbortSignal,
): LookUp | null {
  if (environment.githubToken === null) return null;
  const client = createGithubClient({
    token: environment.githubToken,
    apiUrl: environment.githubApiUrl,
    graphqlUrl: environment.githubGraphqlUrl,
    allowanceShare: config.pipeline.github.points_share,
    maximumWaitMs: 0,
  });
  return (names) => fetchSizes(client, names, signal);
}

const NOTHING_YET = `There is nothing to compare with: this database holds no calculated boards yet.
Run \`npm run pipeline\` first. For the invented data of the sample, give \`--source sample\` to both.
`;

/** `config:preview`: prints the changes of the configuration. Returns the exit code. */
export async function printPreview(context: Context, format: PreviewFormat): Promise<number> {
  const preview = await previewConfig({ ...context, wanted: await wantedRepositories(context) });
  print((preview ? formatReport(preview, format) : NOTHING_YET).trimEnd());
  return EXIT.done;
}
