import { accountMatcher } from './bots.ts';

/**
 * Which of the ranked accounts look like programs. It is a hint for a maintainer, who adds them to
 * `bots` of `config/people.yaml`, or to `allow` there: nobody is taken off a board by this rule.
 *
 * Four signs, each of which some people show, too:
 * - name: a part of the login is a word for programs (`foo-bot`, `ci_user`), or it ends in `bot`;
 * - no sleep: in the quietest six hours of the day in a row, at least 15 % of its contributions
 *   (spread evenly it would be 25 %, and people sleep);
 * - one kind: at least 95 % of its contributions are of one kind;
 * - volume: at least 25 contributions on a mean day on which there are any.
 *
 * With fifty contributions in a year or more, the name and one other sign are reported, or three
 * signs without the name. The numbers are a choice of this project: no study stands behind them.
 */

/** What an account did in the last year. */
export interface Activity {
  readonly id: number;
  readonly login: string;
  readonly contributions: number;
  /** Days (UTC) with contributions. */
  readonly days: number;
  /** Contributions by hour of the day (UTC): 24 numbers. */
  readonly hours: readonly number[];
  /** Contributions by kind, in any order. */
  readonly kinds: readonly number[];
}

export interface LikelyBot {
  readonly id: number;
  readonly login: string;
  readonly contributions: number;
  /** The signs, as words. */
  readonly signs: readonly string[];
}

const FEWEST = 50;
const QUIET_HOURS = 6;
const QUIET_SHARE = 0.15;
const ONE_KIND_SHARE = 0.95;
const MOST_A_DAY = 25;

const WORDS = new Set(
  'bot bots robot ci cd jenkins automation autobot buildbot builder releaser sync mirror machine svc'.split(
    ' ',
  ),
);

/** `Foo-CI_Bot2` has the parts `foo`, `ci`, `bot`. Only whole parts count: `lucci` is a name. */
function isNamedAsBot(login: string): boolean {
  const parts = login.toLowerCase().split(/[^a-z]+/);
  return parts.some(
    (part) => WORDS.has(part) || (/.{3}(bot|robot)$/.test(part) && !/(abb|tal)bot$/.test(part)),
  );
}

const isOfOneKind = ({ kinds, contributions }: Pick<Activity, 'kinds' | 'contributions'>) =>
  Math.max(...kinds) >= ONE_KIND_SHARE * contributions;

/** Whether the other signs are worth a look: without one of these two, they are not enough. */
export const couldBeBot = (activity: Pick<Activity, 'login' | 'kinds' | 'contributions'>) =>
  activity.contributions >= FEWEST && (isNamedAsBot(activity.login) || isOfOneKind(activity));

/** The share of the quietest hours in a row, midnight included. */
function quietestShare({ hours, contributions }: Activity): number {
  const sums = hours.map((_, start) =>
    Array.from({ length: QUIET_HOURS }, (_, by) => hours[(start + by) % hours.length] ?? 0).reduce(
      (sum, one) => sum + one,
      0,
    ),
  );
  return Math.min(...sums) / contributions;
}

function signsOf(activity: Activity): { named: boolean; signs: string[] } {
  const { login, contributions, days } = activity;
  const named = isNamedAsBot(login);
  const perDay = contributions / days;
  const signs = [
    ...(named ? ['name'] : []),
    ...(quietestShare(activity) >= QUIET_SHARE ? ['at every hour of the day'] : []),
    ...(isOfOneKind(activity) ? ['one kind only'] : []),
    ...(perDay >= MOST_A_DAY ? [`${Math.round(perDay)} a day`] : []),
  ];
  return { named, signs };
}

/** The accounts that look like programs, without those that the configuration allows. */
export function findLikelyBots(
  activities: readonly Activity[],
  allowed: readonly (number | string)[],
): LikelyBot[] {
  const isAllowed = accountMatcher(allowed);
  return activities.flatMap((activity) => {
    const { id, login, contributions } = activity;
    if (contributions < FEWEST || isAllowed(activity)) return [];
    const { named, signs } = signsOf(activity);
    return signs.length >= (named ? 2 : 3) ? [{ id, login, contributions, signs }] : [];
  });
}

/** One account and what is seen of it, for people. */
export const describeLikelyBot = ({ login, id, contributions, signs }: LikelyBot): string =>
  `${login} (id ${id}): ${signs.join(', ')}; ${contributions} contributions in a year`;

/** What to do about them. */
export const LIKELY_BOTS_ADVICE =
  'Nobody is removed by this: add the id to `bots` of config/people.yaml, or to its `allow`.';
