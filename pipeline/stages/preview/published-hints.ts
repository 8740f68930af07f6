import { CONTRIBUTION_KINDS, countColumn } from '../../domain/contribution-kinds.ts';
import {
  type Activity,
  couldBeBot,
  findLikelyBots,
  type LikelyBot,
} from '../../domain/likely-bots.ts';
import { asciiLower, fullName } from '../../domain/names.ts';
import type { PeopleRules } from '../../domain/people.ts';
import { DAY_MS } from '../../domain/time.ts';
import type { LookedUp } from './additions.ts';
import type { Calculated, TriedConfig } from './calculate-preview.ts';
import type { PublishedEvent } from './read-events.ts';
import type { Published } from './read-published.ts';
import { UNKNOWN, type Unknown } from './report.ts';

/** What the published documents say of likely bots, and what they cannot say. */

/** So many of the best are looked at, and so many of them closely. */
const TOP = 500;
const CLOSELY = 20;

/** Ranked accounts that look like programs, by their last contributions. */
export async function findPublishedBots(
  published: Published,
  { bots }: PeopleRules,
): Promise<LikelyBot[]> {
  const activities: Activity[] = [];
  for (const { id, login } of candidatesOf(published).slice(0, CLOSELY)) {
    const { events } = await published.readEvents(login, 0);
    activities.push(activityOf(id, login, events));
  }
  return findLikelyBots(activities, bots.allow);
}

/** Who could be a bot by the year's counts of all repositories. */
function candidatesOf({ boards, accounts }: Published) {
  const board = boards.find(({ repositoryId, period }) => repositoryId === 0 && period === 'year');
  if (!board) return [];
  const logins = new Map(accounts.map(({ id, login }) => [id, login]));
  return board.ids.slice(0, TOP).flatMap((id, place) => {
    const login = logins.get(id) ?? '';
    const kinds = CONTRIBUTION_KINDS.map(
      (kind) => board.columns.counts[countColumn(kind)]?.[place] ?? 0,
    );
    const contributions = kinds.reduce((sum, count) => sum + count, 0);
    return couldBeBot({ login, kinds, contributions }) ? [{ id, login }] : [];
  });
}

function activityOf(id: number, login: string, events: readonly PublishedEvent[]): Activity {
  const countBy = (keys: readonly (string | number)[], of: (event: PublishedEvent) => unknown) =>
    keys.map((key) => events.filter((event) => of(event) === key).length);
  return {
    ...{ id, login, contributions: events.length },
    days: new Set(events.map(({ at }) => Math.floor(at / DAY_MS))).size,
    hours: countBy([...Array(24).keys()], ({ at }) => new Date(at).getUTCHours()),
    kinds: countBy(CONTRIBUTION_KINDS, ({ kind }) => kind),
  };
}

/** What published documents cannot know of a change. */
export function describeUnknown(
  published: Published,
  { config, wanted }: TriedConfig,
  { unread }: Pick<Calculated, 'unread'>,
  { additions }: Pick<LookedUp, 'additions'>,
  organisations: readonly string[],
): Unknown[] {
  const tracked = new Set(published.repositories.map((one) => asciiLower(fullName(one))));
  const added = wanted.filter((one) => !tracked.has(asciiLower(fullName(one))));
  const isKnown = new Set(
    published.accounts.flatMap(({ id, login }): (number | string)[] => [id, asciiLower(login)]),
  );
  const allowed = config.people.bots.allow.filter(
    (one) => !isKnown.has(typeof one === 'string' ? asciiLower(one) : one),
  );
  const ofSome = [
    { what: UNKNOWN.added, names: added.map(fullName) },
    { what: UNKNOWN.organisations, names: organisations },
    { what: UNKNOWN.allowed, names: allowed.map(String) },
    { what: UNKNOWN.unread, names: unread },
  ];
  const { from } = config.weights.lines;
  const isSame = from === published.weights.lines.from;
  return [
    ...(published.isSample ? [{ what: UNKNOWN.sample, names: [] }] : []),
    ...(added.length > 0 && !additions ? [{ what: UNKNOWN.unasked, names: [] }] : []),
    ...ofSome.filter(({ names }) => names.length > 0),
    ...(isSame
      ? []
      : [{ what: from === 'COMMIT' ? UNKNOWN.COMMIT : UNKNOWN.PR_MERGED, names: [] }]),
    { what: UNKNOWN.never, names: [] },
  ];
}
