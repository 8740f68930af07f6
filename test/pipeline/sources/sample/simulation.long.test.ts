import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { simulateCommunity } from '../../../../pipeline/sources/sample/simulation.ts';
import type { Activity } from '../../../../pipeline/sources/sample/timelines.ts';

/** Twelve days with a missing hour (13 January, 04:00). */
const WINDOW = { from: new Date('2026-01-05T00:00:00Z'), to: new Date('2026-01-17T00:00:00Z') };
const LONGER = { from: WINDOW.from, to: new Date('2026-01-20T00:00:00Z') };

const RUNS = { numRuns: 8 };
const seeds = fc.integer({ min: -(2 ** 31), max: 2 ** 40 });

function check(property: (activities: readonly Activity[], seed: number) => void): void {
  fc.assert(
    fc.property(seeds, (seed) => property(simulateCommunity(seed, WINDOW), seed)),
    RUNS,
  );
}

/** The fields of an activity that a contribution is made from. */
function describeActivity(activity: Activity): string {
  const { type, at, actor, repository } = activity;
  const what = [
    'action' in activity && activity.action,
    'pull' in activity && activity.pull.number,
    'issue' in activity && activity.issue.number,
    'comment' in activity && activity.comment.id,
    'review' in activity && activity.review.id,
    'commits' in activity && activity.commits.map(({ sha }) => sha),
  ];
  return JSON.stringify([type, at, actor.id, repository.name, ...what]);
}

const openedOf = (activity: Activity) =>
  (activity.type === 'PullRequestEvent' && activity.action === 'opened' && activity.pull) ||
  (activity.type === 'IssuesEvent' && activity.action === 'opened' && activity.issue) ||
  null;

const idsOf = (activity: Activity): number[] => [
  ...(activity.type === 'PullRequestReviewEvent' ? [activity.review.id] : []),
  ...('comment' in activity ? [activity.comment.id] : []),
  ...(activity.type === 'ReleaseEvent' ? [activity.release.id] : []),
  ...(openedOf(activity) ? [openedOf(activity)?.id ?? 0] : []),
];

describe('for any seed', () => {
  test('activities are in the window, in the order of time, and none is in the missing hour', () => {
    check((activities) => {
      const times = activities.map(({ at }) => at);
      expect(times).toEqual(times.toSorted((a, b) => a - b));
      expect(times[0]).toBeGreaterThanOrEqual(WINDOW.from.getTime());
      expect(times.at(-1)).toBeLessThan(WINDOW.to.getTime());
      const outage = Date.UTC(2026, 0, 13, 4);
      expect(times.filter((at) => at >= outage && at < outage + 3_600_000)).toEqual([]);
    });
  });

  test('what happens to a pull request comes after its one opening and before its end', () => {
    check((activities) => {
      const open = new Map<unknown, 'open' | 'ended'>();
      for (const activity of activities) {
        if (!('pull' in activity)) continue;
        const isOpening = activity.type === 'PullRequestEvent' && activity.action === 'opened';
        expect(open.get(activity.pull)).toBe(isOpening ? undefined : 'open');
        const isEnd = activity.type === 'PullRequestEvent' && !isOpening;
        open.set(activity.pull, isEnd ? 'ended' : 'open');
        if (isOpening) expect(activity.actor).toBe(activity.pull.author);
      }
    });
  });

  test('issues and pull requests share one sequence of numbers, without holes', () => {
    check((activities) => {
      for (const name of new Set(activities.map(({ repository }) => repository.name))) {
        const numbers = activities
          .filter(({ repository }) => repository.name === name)
          .flatMap((activity) => openedOf(activity)?.number ?? []);
        expect(numbers).toEqual(numbers.map((_, index) => (numbers[0] ?? 0) + index));
      }
    });
  });

  test('no id is given twice, and none that GitHub could have given', () => {
    check((activities) => {
      const ids = activities.flatMap(idsOf);
      expect(new Set(ids).size).toBe(ids.length);
      const others = activities.flatMap(({ actor, repository }) => [actor.id, repository.githubId]);
      expect(Math.min(...ids, ...others)).toBeGreaterThanOrEqual(9_000_000_000);
      expect(Math.max(...ids)).toBeLessThan(Number.MAX_SAFE_INTEGER);
    });
  });

  test('all names are plainly invented, and names that GitHub could give', () => {
    check((activities) => {
      for (const { actor, at, repository } of activities) {
        expect(actor.loginAt(at)).toMatch(/^sample-[a-z0-9-]{1,32}(\[bot\])?$/);
        expect(repository.owner).toMatch(/^sample-/);
      }
    });
  });

  test('at one time a login belongs to one account', () => {
    check((activities) => {
      const at = WINDOW.to.getTime();
      const accounts = new Map(activities.map(({ actor }) => [actor.id, actor.loginAt(at)]));
      expect(new Set(accounts.values()).size).toBe(accounts.size);
    });
  });

  test('a later sample has the same past', () => {
    check((activities, seed) => {
      const past = simulateCommunity(seed, LONGER).filter(({ at }) => at < WINDOW.to.getTime());
      expect(past.map(describeActivity)).toEqual(activities.map(describeActivity));
    });
  });
});

test('people rename themselves, and one login changes hands', () => {
  const activities = simulateCommunity(1, WINDOW);
  const logins = new Map<number, Set<string>>();
  const holders = new Map<string, Set<number>>();
  for (const { actor, at } of activities) {
    const login = actor.loginAt(at);
    logins.set(actor.id, (logins.get(actor.id) ?? new Set()).add(login));
    holders.set(login, (holders.get(login) ?? new Set()).add(actor.id));
  }
  expect([...logins.values()].filter(({ size }) => size > 1).length).toBeGreaterThanOrEqual(2);
  expect([...holders.values()].some(({ size }) => size > 1)).toBe(true);
});
