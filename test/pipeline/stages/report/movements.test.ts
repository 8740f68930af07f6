import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Db } from '../../../../db/client.ts';
import { deleteContributions, upsertContributions } from '../../../../db/queries/contributions.ts';
import { GLOBAL_BOARD } from '../../../../db/queries/leaderboards.ts';
import {
  type BoardLine,
  readGlobalLines,
  readPeople,
} from '../../../../db/queries/report/boards.ts';
import { PERIODS, type Period } from '../../../../pipeline/domain/time.ts';
import type { Movement } from '../../../../pipeline/published/documents.ts';
import { calculate } from '../../../../pipeline/stages/calculate/index.ts';
import { orderBoards } from '../../../../pipeline/stages/report/boards.ts';
import { readCalculation } from '../../../../pipeline/stages/report/calculation.ts';
import { readMovements } from '../../../../pipeline/stages/report/movements.ts';
import { createStandings } from '../../../../pipeline/stages/report/standings.ts';
import { addRepository, addUser, ago, configOf, quiet } from '../../../support/community.ts';
import { describeOnDatabases, emptyTables } from '../../../support/databases.ts';
import { boardsOf, type Fact, GLOBAL, LINES, PERIOD_DAYS } from '../../../support/oracle.ts';
import { runs } from '../../../support/runs.ts';

/**
 * Why scores moved, by the second opinion on scores: boards of lists of facts, which differ by one
 * thing each.
 */

const DAY = 86_400_000;
const COMPARED = { all: 28, year: 28, quarter: 7, month: 7, week: 7 } as const;
const CLOCKS = [45, 38, 31, 10, 2.5, 0].map((days) => ago(days));
const KINDS = ['COMMIT', 'PR_OPENED', 'PR_MERGED', 'ISSUE_OPENED', 'COMMENT', 'RELEASE'] as const;

/**
 * A contribution, the last night that lacked it although it had happened when it was first stored
 * (-1: no night did), and the number of its key.
 */
interface Known extends Fact {
  readonly missedBy: number;
  readonly key: number;
}

const fact = fc.record({
  key: fc.nat(40),
  repository: fc.constantFrom(1, 2),
  user: fc.constantFrom(1, 2, 3, 4, 5),
  kind: fc.constantFrom(...KINDS),
  /** Days before the night. */
  ago: fc.integer({ min: 1, max: 160 }).map((quarters) => quarters / 4),
  added: fc.integer({ min: 0, max: 40_000 }),
});

const rules = fc.constantFrom(
  { people: {}, weights: {} },
  { people: {}, weights: {} },
  { people: {}, weights: { base_points: { COMMENT: 7.125 } } },
  { people: {}, weights: { lines: { cap: 120 } } },
  { people: {}, weights: { lines: { from: 'COMMIT' } } },
  { people: { opt_out: [3] }, weights: {} },
);

const night = fc.record({
  stored: fc.uniqueArray(fact, {
    maxLength: 8,
    selector: ({ repository, kind, key }) => `${repository} ${kind}:${key}`,
  }),
  deleted: fc.array(fc.nat(40), { maxLength: 2 }),
  rules,
  isWhole: fc.boolean(),
});
type Night = typeof night extends fc.Arbitrary<infer T> ? T : never;

type Scores = ReadonlyMap<number, number>;

/** Thousandths of points of everybody between two moments. */
function scoresOf(
  facts: readonly Known[],
  { rules }: Night,
  from: number | null,
  now: Date,
): Scores {
  const { weights } = configOf(rules);
  const hidden = new Set('opt_out' in rules.people ? rules.people.opt_out : []);
  const days = from === null ? null : (now.getTime() - from) / DAY;
  const board = boardsOf(facts, { now, days, weights, hidden }).get(GLOBAL) ?? [];
  return new Map(board.map(({ user, score }) => [user, score]));
}

const startOf = (period: Period, clock: Date) => {
  const days = PERIOD_DAYS[period];
  return days === null ? null : clock.getTime() - days * DAY;
};

/** The night whose board that of a night is compared with; undefined: there is none. */
function comparedWith(
  past: readonly ReadonlyMap<Period, Scores>[],
  period: Period,
): number | undefined {
  const place = past.length - 1;
  const dayOf = (one: number) => Math.floor((CLOCKS[one] as Date).getTime() / DAY);
  const isThere = (one: number) => (past[one]?.get(period)?.size ?? 0) > 0;
  const nights = CLOCKS.keys().filter(
    (one) => dayOf(one) <= dayOf(place) - COMPARED[period] && isThere(one),
  );
  return [...nights].at(-1);
}

/** The parts of everybody's movement, in thousandths. */
function expectedParts(
  facts: readonly Known[],
  nights: readonly Night[],
  place: number,
  then: number,
  period: Period,
  former: Scores,
) {
  const [clock, clockThen] = [CLOCKS[place] as Date, CLOCKS[then] as Date];
  const [from, fromThen] = [startOf(period, clock), startOf(period, clockThen)];
  // By the rules of now about people: who has opted out since is a correction.
  const mixed = {
    ...nights[place],
    rules: { people: nights[place]?.rules.people, weights: nights[then]?.rules.weights },
  } as Night;
  const inTime = facts.filter((one) => one.missedBy < then);
  const steps = [
    scoresOf(inTime, mixed, fromThen, clockThen),
    scoresOf(facts, mixed, fromThen, clockThen),
    scoresOf(facts, mixed, fromThen, clock),
    scoresOf(facts, mixed, from, clock),
    scoresOf(facts, nights[place] as Night, from, clock),
  ] as const;
  return (user: number) => {
    const [known, late, worked, left, present] = steps.map((scores) => scores.get(user) ?? 0) as [
      number,
      number,
      number,
      number,
      number,
    ];
    return {
      corrections: known - (former.get(user) ?? 0),
      late_data: late - known,
      own_work: worked - late,
      left_period: left - worked,
      weights: present - left,
    };
  };
}

const thousandths = (parts: NonNullable<Movement['parts']>) => {
  const zeros = { corrections: 0, late_data: 0, own_work: 0, left_period: 0, weights: 0 };
  const found = Object.entries(parts).map(([part, points]) => [
    part,
    Math.round((points ?? 0) * 1000),
  ]);
  return { ...zeros, ...Object.fromEntries(found) };
};

async function store(db: Db, facts: readonly Known[]): Promise<void> {
  await upsertContributions(
    db,
    'github',
    facts.map((one) => ({
      repositoryId: Number(one.repository),
      eventId: `${one.kind}:${one.key}`,
      kind: one.kind,
      account: { id: one.user as number, login: '', type: null },
      occurredAt: one.at,
      subjectNumber: null,
      linesAdded: one.added,
      linesDeleted: one.deleted,
    })),
  );
}

const idOf = ({ repository, kind, key }: Known) => `${repository} ${kind}:${key}`;

/** One night: what changed since the one before, in the database and in the list of facts. */
async function liveOn(
  db: Db,
  known: Map<string, Known>,
  { stored, deleted }: Night,
  place: number,
) {
  const clock = CLOCKS[place] as Date;
  for (const [id, one] of known) {
    if (!deleted.includes(one.key)) continue;
    known.delete(id);
    await deleteContributions(db, Number(one.repository), [`${one.kind}:${one.key}`]);
  }
  const made = new Map<string, Known>();
  for (const { ago: days, repository, ...one } of stored) {
    const at = new Date(clock.getTime() - days * DAY);
    const missedBy = at < (CLOCKS[place - 1] ?? 0) ? place - 1 : -1;
    const rest = { subject: null, deleted: 1, missedBy };
    const fact = { ...one, ...rest, repository: String(repository), at };
    // What is stated again is not late: another date of it is a correction.
    const id = idOf(fact);
    made.set(id, { ...fact, missedBy: known.get(id)?.missedBy ?? missedBy });
  }
  for (const [id, fact] of made) known.set(id, fact);
  await store(db, [...made.values()]);
}

async function readAll(db: Db, now: Date) {
  const global = orderBoards(await readGlobalLines(db), await readPeople(db));
  const standings = createStandings(global, []);
  const scopes = [{ repositoryId: GLOBAL_BOARD, scope: 'global' }];
  const movementOf = await readMovements(
    { db, ...(await readCalculation(db, scopes, now)) },
    standings,
  );
  return { standings, movementOf };
}

interface Lived {
  readonly facts: readonly Known[];
  readonly nights: readonly Night[];
  /** The scores of the boards of each night until now. */
  readonly past: readonly ReadonlyMap<Period, Scores>[];
}

/** Checks a person's movement in the last night; returns whether it has parts. */
function check(
  { facts, nights, past }: Lived,
  period: Period,
  { user_id, total_score, rank, previous_rank }: BoardLine,
  movement: Movement | undefined,
): boolean {
  const place = past.length - 1;
  const then = comparedWith(past, period);
  if (then === undefined) {
    expect(movement).toBe(undefined);
    return false;
  }
  const former = past[then]?.get(period) ?? new Map();
  const parts = expectedParts(facts, nights, place, then, period, former)(user_id);
  const hasParts = linesOf(nights[place]) === linesOf(nights[then]);
  if (!movement) {
    expect(Math.round(total_score * 1000)).toBe(former.get(user_id));
    expect(rank).toBe(previous_rank);
    if (hasParts) expect(Object.values(parts)).toEqual([0, 0, 0, 0, 0]);
    return false;
  }
  expect(Math.round((movement.previous_score ?? -1) * 1000)).toBe(former.get(user_id) ?? 0);
  if (!hasParts) {
    expect(movement.parts).toBe(undefined);
    return false;
  }
  expect(thousandths(movement.parts ?? {})).toEqual(parts);
  return true;
}

const linesOf = (night: Night | undefined) =>
  night && 'lines' in night.rules.weights && 'from' in night.rules.weights.lines
    ? night.rules.weights.lines.from
    : LINES.from;

describeOnDatabases('why a score is another than on an earlier board', (database) => {
  it('has parts that are those of boards that differ by one thing each', async () => {
    const { db } = database;
    let compared = 0;
    const property = fc.asyncProperty(
      fc.array(night, { minLength: CLOCKS.length, maxLength: CLOCKS.length }),
      async (nights) => {
        await emptyTables(db);
        for (const id of [1, 2]) await addRepository(db, 'octo', `number${id}`);
        for (const id of [1, 2, 3, 4, 5]) await addUser(db, id, `user${id}`);
        const known = new Map<string, Known>();
        const past: Map<Period, Scores>[] = [];
        for (const [place, one] of nights.entries()) {
          const now = CLOCKS[place] as Date;
          await liveOn(db, known, one, place);
          const config = configOf(one.rules);
          await calculate({ db, now, log: quiet, config, isWhole: one.isWhole });
          const facts = [...known.values()];
          const scores = (period: Period) => scoresOf(facts, one, startOf(period, now), now);
          past.push(new Map(PERIODS.map((period) => [period, scores(period)])));
          const { standings, movementOf } = await readAll(db, now);
          for (const period of PERIODS) {
            for (const line of standings.onBoard(period)) {
              const movement = movementOf(line.user_id, period);
              if (check({ facts, nights, past }, period, line, movement)) compared += 1;
            }
          }
        }
      },
    );
    await fc.assert(property, runs(2));
    expect(compared).toBeGreaterThan(20);
  });
});
