import type { Config } from '../../config/schema.ts';
import { firstReadingOf, nightsFor } from '../../domain/first-reading.ts';
import { asciiLower, fullName, type RepositoryName } from '../../domain/names.ts';
import type { ConfiguredRepository } from '../../domain/repository.ts';
import { DAY_MS, isoDate } from '../../domain/time.ts';
import type { FoundRepository } from '../../sources/github/sizes.ts';
import { UsageError } from '../../util/usage-error.ts';
import { priceHistory } from './price-history.ts';
import type { Published } from './read-published.ts';
import type { Additions, NewRepository, PreviewReport } from './report.ts';

/** Repositories of a configuration that are not published yet, and what reading them takes. */

/** What GitHub says of names, in their order; null: it shows none. */
export type LookUp = (
  names: readonly RepositoryName[],
) => Promise<readonly (FoundRepository | null)[]>;

/** Most names that GitHub is asked about: a pull request of anybody may list thousands. */
const MOST_ASKED = 200;

export interface LookedUp {
  /** The repositories of the configuration, those that are published under their published names. */
  readonly wanted: readonly ConfiguredRepository[];
  readonly renamed: PreviewReport['repositories']['renamed'];
  /** Null: there are none, or GitHub was not asked or did not answer. */
  readonly additions: Additions | null;
}

type Found = readonly (readonly [ConfiguredRepository, FoundRepository | null])[];

export async function lookUpAdditions(
  published: Published,
  config: Pick<Config, 'repositories' | 'pipeline' | 'budget'>,
  lookUp: LookUp | null,
  signal: AbortSignal,
): Promise<LookedUp> {
  const { repositories } = config;
  const byName = new Map(published.repositories.map((one) => [asciiLower(fullName(one)), one]));
  const publishedAs = (one: RepositoryName) => byName.get(asciiLower(fullName(one)));
  const added = repositories.filter((one) => !publishedAs(one));
  const found = lookUp && added.length > 0 ? await ask(lookUp, added, signal) : null;
  if (!found) return { wanted: repositories, renamed: [], additions: null };
  const same = new Map(
    found.flatMap(([one, answer]) => {
      const known = answer && publishedAs(answer.present);
      return known ? [[one, known] as const] : [];
    }),
  );
  const all = repositories.map((one) => ({ ...one, ...same.get(one) }));
  return {
    wanted: [...new Map(all.map((one) => [asciiLower(fullName(one)), one])).values()],
    renamed: [...same].map(([one, now]) => ({ listed: fullName(one), now: fullName(now) })),
    additions: await describe(
      found.filter(([one]) => !same.has(one)),
      added.length - found.length,
      { published, config },
    ),
  };
}

/** Null: GitHub does not answer. */
async function ask(
  lookUp: LookUp,
  added: readonly ConfiguredRepository[],
  signal: AbortSignal,
): Promise<Found | null> {
  const asked = added.slice(0, MOST_ASKED);
  const answers = await lookUp(asked).catch(() => {
    signal.throwIfAborted();
    return null;
  });
  return answers && asked.map((one, place) => [one, answers[place] ?? null] as const);
}

async function describe(
  found: Found,
  unasked: number,
  {
    published,
    config,
  }: {
    readonly published: Published;
    readonly config: Pick<Config, 'pipeline' | 'budget'>;
  },
): Promise<Additions> {
  const { sources, github } = config.pipeline;
  const shown = found.flatMap(([one, answer]) => (answer ? [toNew(one, answer)] : []));
  const sum = (part: 'points' | 'seconds') =>
    shown.reduce((total, { reading }) => total + reading[part], 0);
  const reading = { points: sum('points'), seconds: sum('seconds') };
  const nights = nightsFor(reading, github.points_share);
  const lastNight = new Date(published.now.getTime() + nights * DAY_MS);
  const isRead = shown.length > 0;
  const costs = isRead && sources.includes('bigquery') ? await readCosts(published) : null;
  return {
    repositories: shown,
    not_shown: found.flatMap(([one, answer]) => (answer ? [] : [fullName(one)])),
    unasked,
    github:
      isRead && sources.includes('github')
        ? { ...reading, nights, complete_on: isoDate(lastNight) }
        : null,
    bigquery: isRead ? priceHistory(config, costs, published.now) : null,
  };
}

function toNew(one: RepositoryName, { present, isPrivate, size }: FoundRepository): NewRepository {
  const isSame = asciiLower(fullName(one)) === asciiLower(fullName(present));
  return {
    repository: fullName(one),
    now: isSame ? null : fullName(present),
    is_private: isPrivate,
    ...size,
    reading: firstReadingOf(size),
  };
}

/** Null: what was spent is not published. */
async function readCosts({ readCosts: read }: Published) {
  return read().catch((error: unknown) => {
    if (error instanceof UsageError) return null;
    throw error;
  });
}
