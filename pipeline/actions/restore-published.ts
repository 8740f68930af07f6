import type { Db } from '../../db/client.ts';
import { insertPublishedRanks, type PublishedRank } from '../../db/queries/restored-history.ts';
import { insertLedger } from '../../db/queries/restored-ledger.ts';
import type { Config } from '../config/schema.ts';
import { FULL_NAME, type RepositoryName } from '../domain/names.ts';
import { knownOf, withFollowed } from '../domain/organisation.ts';
import { endOfMonth, type LedgerDay, restoreLedgerDays } from '../domain/restored-ledger.ts';
import { isoDate } from '../domain/time.ts';
import type { Costs, History } from '../published/documents.ts';
import { SAFE_LOGIN } from '../published/paths.ts';
import { readPublished } from './published-documents.ts';

/** What the site says of a past that is in no database any more. */
export interface Published {
  /** Null where it can't be used, for a reason that is in `problems`. */
  readonly history: History | null;
  readonly costs: Costs | null;
  readonly problems: readonly string[];
}

export async function readPublishedPast(
  { site }: Pick<Config, 'site'>,
  signal: AbortSignal,
): Promise<Published> {
  const history = await readPublished(site.url, 'history', signal);
  const costs = await readPublished(site.url, 'costs', signal);
  const problems = [history, costs].flatMap((one) => ('problem' in one ? [one.problem] : []));
  return {
    history: 'document' in history && !history.document.sample ? history.document : null,
    costs: 'document' in costs && !costs.document.sample ? costs.document : null,
    problems,
  };
}

/** Fills an empty database with it, and says in sentences what is known of the past, and what not. */
export async function restorePublished(
  db: Db,
  config: Pick<Config, 'budget' | 'repositories' | 'organisations' | 'pipeline'>,
  { history, costs }: Published,
  now: Date,
): Promise<string[]> {
  const limits = {
    dailyUsd: config.budget.daily_limit_usd,
    monthlyUsd: config.budget.monthly_limit_usd,
  };
  const isPaid = config.pipeline.sources.includes('bigquery') || costs?.days.some(isPaidDay);
  const days = costs && !isPaid ? [] : restoreLedgerDays(costs && toSpending(costs), limits, now);
  const ranks = history ? ranksOf(history, isoDate(now)) : [];
  const published = history ? namesOf(history) : [];
  const wanted = withFollowed(config.repositories, knownOf(config.organisations, published));
  const taken = await db.transaction().execute(async (trx) => {
    await insertLedger(trx, days, { now, until: endOfMonth(now) });
    const accounts = history ? accountsOf(history) : new Map<number, string>();
    return insertPublishedRanks(trx, wanted, accounts, ranks);
  });
  return [describeRanks(taken, history), describeLedger(days, costs, endOfMonth(now))];
}

const isPaidDay = ({ usd, queries }: Costs['days'][number]) => usd > 0 || queries > 0;

function toSpending({ generated_at, days }: Costs) {
  return {
    generatedAt: new Date(generated_at),
    days: days.map(({ bytes_billed, ...day }) => ({ ...day, bytesBilled: bytes_billed })),
  };
}

/** The repositories that have boards in it. */
const namesOf = ({ boards }: History): RepositoryName[] =>
  [...new Set(boards.map(({ scope }) => scope))]
    .filter((scope) => FULL_NAME.test(scope))
    .map((scope) => {
      const [owner = '', name = ''] = scope.split('/');
      return { owner, name };
    });

function accountsOf({ github_ids, usernames }: History): Map<number, string> {
  const pairs = github_ids.map((id, place) => [id, usernames[place] ?? ''] as const);
  return new Map(pairs.filter(([, login]) => SAFE_LOGIN.test(login)));
}

/** We never publish a rank beyond it. */
const LARGEST_RANK = 1_000_000;

function ranksOf({ weeks, github_ids, boards }: History, today: string): PublishedRank[] {
  const found: PublishedRank[] = [];
  for (const { scope, period, first_week, people, ranks } of boards) {
    const length = weeks.length - first_week;
    for (const [place, rank] of ranks.entries()) {
      const takenOn = weeks[first_week + (place % length)];
      const userId = github_ids[people[Math.floor(place / length)] ?? -1];
      const isRank = rank > 0 && rank <= LARGEST_RANK;
      if (!isRank || userId === undefined || takenOn === undefined || takenOn > today) continue;
      found.push({ scope, period, takenOn, userId, rank });
    }
  }
  return found;
}

function describeRanks(taken: number, history: History | null): string {
  if (!history) return 'The rank history begins anew.';
  const weeks = history.weeks.length;
  return `The published history of ${weeks} weeks gave ${taken.toLocaleString('en-US')} ranks back.`;
}

function describeLedger(days: readonly LedgerDay[], costs: Costs | null, until: Date): string {
  const end = isoDate(until);
  if (!costs) {
    return `BigQuery stays off until ${end}: what was spent this month is not known.`;
  }
  const sum = (field: 'usd' | 'unknownUsd') =>
    days.reduce((total, day) => total + day[field], 0).toFixed(2);
  return (
    `The published costs gave back ${sum('usd')} USD that BigQuery cost this month; ` +
    `${sum('unknownUsd')} USD more are held back until ${end} for the days after them.`
  );
}
