import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Fact } from '../../../../pipeline/sources/sample/activity.ts';
import { tellWorld } from '../../../../pipeline/sources/sample/simulation.ts';

/** Twelve days with a missing hour (13 January, 04:00). */
const WINDOW = { from: new Date('2026-01-05T00:00:00Z'), to: new Date('2026-01-17T00:00:00Z') };
const LONGER = { from: WINDOW.from, to: new Date('2026-01-20T00:00:00Z') };

const RUNS = { numRuns: 8 };
const seeds = fc.integer({ min: -(2 ** 31), max: 2 ** 40 });

function check(property: (facts: readonly Fact[], seed: number) => void): void {
  fc.assert(
    fc.property(seeds, (seed) => property(tellWorld(seed, WINDOW), seed)),
    RUNS,
  );
}

/** The words of a fact that a contribution is made from. */
function describeFact(fact: Fact): string {
  const { kind, at, actor, repository } = fact;
  const what = [
    'action' in fact && fact.action,
    'pull' in fact && fact.pull.number,
    'issue' in fact && fact.issue.number,
    'remark' in fact && fact.remark.id,
    'review' in fact && fact.review.id,
    'commits' in fact && fact.commits.map(({ sha }) => sha),
  ];
  return JSON.stringify([kind, at, actor.id, repository.name, ...what]);
}

const openedOf = (fact: Fact) =>
  (fact.kind === 'pull' && fact.action === 'opened' && fact.pull) ||
  (fact.kind === 'issue' && fact.action === 'opened' && fact.issue) ||
  null;

const idsOf = (fact: Fact): number[] => [
  ...(fact.kind === 'review' ? [fact.review.id] : []),
  ...('remark' in fact ? [fact.remark.id] : []),
  ...(fact.kind === 'release' ? [fact.id] : []),
  ...(openedOf(fact) ? [openedOf(fact)?.id ?? 0] : []),
];

describe('for any seed', () => {
  test('facts are in the window, in the order of time, and none is in the missing hour', () => {
    check((facts) => {
      const times = facts.map(({ at }) => at);
      expect(times).toEqual(times.toSorted((a, b) => a - b));
      expect(times[0]).toBeGreaterThanOrEqual(WINDOW.from.getTime());
      expect(times.at(-1)).toBeLessThan(WINDOW.to.getTime());
      const outage = Date.UTC(2026, 0, 13, 4);
      expect(times.filter((at) => at >= outage && at < outage + 3_600_000)).toEqual([]);
    });
  });

  test('what happens to a pull request comes after its one opening and before its end', () => {
    check((facts) => {
      const open = new Map<unknown, 'open' | 'ended'>();
      for (const fact of facts) {
        if (!('pull' in fact)) continue;
        const isOpening = fact.kind === 'pull' && fact.action === 'opened';
        expect(open.get(fact.pull)).toBe(isOpening ? undefined : 'open');
        const isEnd = fact.kind === 'pull' && !isOpening;
        open.set(fact.pull, isEnd ? 'ended' : 'open');
        if (isOpening) expect(fact.actor).toBe(fact.pull.author);
      }
    });
  });

  test('issues and pull requests share one sequence of numbers, without holes', () => {
    check((facts) => {
      for (const name of new Set(facts.map(({ repository }) => repository.name))) {
        const numbers = facts
          .filter(({ repository }) => repository.name === name)
          .flatMap((fact) => openedOf(fact)?.number ?? []);
        expect(numbers).toEqual(numbers.map((_, index) => (numbers[0] ?? 0) + index));
      }
    });
  });

  test('no id is given twice, and none that GitHub could have given', () => {
    check((facts) => {
      const ids = facts.flatMap(idsOf);
      expect(new Set(ids).size).toBe(ids.length);
      const others = facts.flatMap(({ actor, repository }) => [actor.id, repository.githubId]);
      expect(Math.min(...ids, ...others)).toBeGreaterThanOrEqual(9_000_000_000);
      expect(Math.max(...ids)).toBeLessThan(Number.MAX_SAFE_INTEGER);
    });
  });

  test('all names are plainly invented, and names that GitHub could give', () => {
    check((facts) => {
      for (const { actor, at, repository } of facts) {
        expect(actor.loginAt(at)).toMatch(/^sample-[a-z0-9-]{1,32}(\[bot\])?$/);
        expect(repository.owner).toMatch(/^sample-/);
      }
    });
  });

  test('at one time a login belongs to one account', () => {
    check((facts) => {
      const at = WINDOW.to.getTime();
      const accounts = new Map(facts.map(({ actor }) => [actor.id, actor.loginAt(at)]));
      expect(new Set(accounts.values()).size).toBe(accounts.size);
    });
  });

  test('a later sample tells the same past', () => {
    check((facts, seed) => {
      const past = tellWorld(seed, LONGER).filter(({ at }) => at < WINDOW.to.getTime());
      expect(past.map(describeFact)).toEqual(facts.map(describeFact));
    });
  });
});

test('people rename themselves, and one login changes hands', () => {
  const facts = tellWorld(1, WINDOW);
  const logins = new Map<number, Set<string>>();
  const holders = new Map<string, Set<number>>();
  for (const { actor, at } of facts) {
    const login = actor.loginAt(at);
    logins.set(actor.id, (logins.get(actor.id) ?? new Set()).add(login));
    holders.set(login, (holders.get(login) ?? new Set()).add(actor.id));
  }
  expect([...logins.values()].filter(({ size }) => size > 1).length).toBeGreaterThanOrEqual(2);
  expect([...holders.values()].some(({ size }) => size > 1)).toBe(true);
});
