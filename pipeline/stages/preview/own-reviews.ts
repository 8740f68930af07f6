import type { PreviewAccount } from '../../../db/queries/preview-names.ts';
import type { CountsByColumn } from '../../../db/queries/published-counts.ts';
import { asciiLower, fullName, type RepositoryName } from '../../domain/names.ts';
import { PERIODS, periodStart } from '../../domain/time.ts';
import type { PublishedEvent, ReadEvents } from './read-events.ts';

/**
 * Reviews of one's own pull requests count nothing, and two accounts that become one person's may
 * have reviewed each other's: these are taken off the published counts.
 */

interface Correction {
  readonly counts: readonly CountsByColumn[];
  /** Logins of which more reviews may be there than is published. */
  readonly unread: readonly string[];
}

interface Member {
  readonly id: number;
  readonly login: string;
  readonly events: readonly PublishedEvent[];
}

interface Boards {
  readonly now: Date;
  readonly repositories: readonly RepositoryName[];
  readonly readEvents: ReadEvents;
}

/** @param accounts all accounts, with the aliases of the configuration to try */
export async function correctReviews(
  accounts: readonly PreviewAccount[],
  boards: Boards,
): Promise<Correction> {
  const counts: CountsByColumn[] = [];
  const unread: string[] = [];
  for (const group of groupsOf(accounts)) {
    const members: Member[] = [];
    for (const [id, login] of group) {
      const { events, isAll } = await boards.readEvents(login);
      members.push({ id, login, events });
      if (!isAll) unread.push(login);
    }
    counts.push(...reviewsOfOwn(members, boards));
  }
  return { counts, unread };
}

/** Accounts that are one person, as far as they may be named: without bots and who opted out. */
function groupsOf(accounts: readonly PreviewAccount[]): PreviewAccount[][] {
  const targets = new Set(accounts.flatMap(([, , , , aliasOf]) => aliasOf ?? []));
  const concerned = accounts.filter(
    ([id, , isBot, isOptedOut, aliasOf]) =>
      !isBot && !isOptedOut && (aliasOf !== null || targets.has(id)),
  );
  const groups = Map.groupBy(concerned, ([id, , , , aliasOf]) => aliasOf ?? id);
  return [...groups].flatMap(([target, group]) =>
    group.length > 1 && group.some(([id]) => id === target) ? [group] : [],
  );
}

function reviewsOfOwn(members: readonly Member[], { now, repositories }: Boards): CountsByColumn[] {
  const ids = new Map(repositories.map((one, place) => [asciiLower(fullName(one)), place + 1]));
  const pulls = new Set(
    members.flatMap(({ events }) => events.filter(opensOrMerges).flatMap(pullOf)),
  );
  return members.flatMap(({ id, events }) =>
    events
      .filter((event) => event.kind === 'PR_REVIEWED')
      .filter((event) => pullOf(event).some((pull) => pulls.has(pull)))
      .flatMap(({ repository, at }) => {
        const repositoryId = ids.get(asciiLower(repository));
        if (repositoryId === undefined) return [];
        return PERIODS.filter((period) => at >= (periodStart(period, now)?.getTime() ?? 0)).map(
          (period) => ({
            ...{ repositoryId, period, ids: [id] },
            columns: { counts: { pr_reviewed_count: [-1] } },
          }),
        );
      }),
  );
}

const opensOrMerges = ({ kind }: PublishedEvent) => kind === 'PR_OPENED' || kind === 'PR_MERGED';

const pullOf = ({ repository, number }: PublishedEvent): string[] =>
  number === null ? [] : [`${asciiLower(repository)}#${number}`];
