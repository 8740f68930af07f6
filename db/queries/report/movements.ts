import { type RawBuilder, sql } from 'kysely';
import type { Period } from '../../../pipeline/domain/time.ts';
import type { Db } from '../../client.ts';
import { readJsonRows } from '../../json-rows.ts';
import { eligibleContributions } from '../eligible-contributions.ts';
import { GLOBAL_BOARD } from '../leaderboards.ts';
import { pointsOf, weightRows } from '../score.ts';

/** How the boards of an earlier day were made. */
export interface BoardDay {
  /** UTC date, `YYYY-MM-DD`. */
  readonly takenOn: string;
  /** Contributions before it counted. */
  readonly clock: Date;
  readonly version: string;
}

/**
 * How the boards of some days were made, where it is known and the lines of the same kind counted:
 * those of another kind are summed nowhere.
 */
export async function readBoardDays(db: Db, days: readonly string[]): Promise<BoardDay[]> {
  const { rows } = await sql<BoardDay>`
    SELECT d.taken_on AS "takenOn", d.clock, d.weights_version AS version
    FROM board_days d
    JOIN scoring_weights w ON w.version = d.weights_version AND w.counts_lines
    JOIN scoring_weights now ON now.is_current AND now.counts_lines AND now.kind = w.kind
    WHERE d.taken_on = ANY(${days}::date[])`.execute(db);
  return rows;
}

/** Rank and score of a person on the board of all repositories of an earlier day. */
export type PastStanding = readonly [userId: number, rank: number, score: number];

/** The whole board of all repositories of a period on a day (UTC date). */
export function readPastStandings(db: Db, period: Period, day: string): Promise<PastStanding[]> {
  return readJsonRows<PastStanding>(
    db,
    [sql`user_id`, sql`rank`, sql`total_score`],
    sql`FROM leaderboard_snapshots WHERE taken_on = ${day}::date AND period = ${period}
      AND repository_id = ${sql.lit(GLOBAL_BOARD)}`,
  );
}

/** An earlier board of all repositories, which the present one of its period is compared with. */
export interface EarlierBoard extends BoardDay {
  readonly period: Period;
  /** The first moment that counts now, and that counted then; null: any. */
  readonly from: Date | null;
  readonly fromThen: Date | null;
}

/** Points that a score has gained since an earlier board, or lost; exact to a thousandth. */
export type MovedPoints = readonly [
  period: Period,
  userId: number,
  ownWork: number,
  leftPeriod: number,
  lateData: number,
  weights: number,
  corrections: number,
];

/** What the query finds in each repository; corrections are the rest. */
const FOUND = ['own_work', 'left_period', 'late_data', 'weights'].map((name) => sql.ref(name));

/**
 * Why scores are others than on earlier boards. Between the score of then and that of now stand four
 * that differ by one thing each, so that the differences always sum to the whole one:
 *
 * 1. the earlier board, as its snapshot has it;
 * 2. the same time by what is stored now, but for what was stored late: corrections;
 * 3. with what was stored late: late data;
 * 4. with what happened since: own work;
 * 5. without what the period has left behind;
 * 6. the present board: the same by the present weights.
 *
 * The fifth is the present entry by the weights of then; those before it follow from it and from the
 * few contributions that came, left or were late. Rows of zeros are left out.
 *
 * @param now the clock of the present boards
 */
export async function readMovedPoints(
  db: Db,
  boards: readonly EarlierBoard[],
  now: Date,
): Promise<MovedPoints[]> {
  if (boards.length === 0) return [];
  const all = [...FOUND, sql.ref('corrections')];
  const found = sql.join(FOUND.map((part) => sql`coalesce(p.${part}, 0) AS ${part}`));
  const rest = sql.join([sql`coalesce(s.total_score, 0)`, ...FOUND.map(ofParts)], sql` - `);
  return await readJsonRows<MovedPoints>(
    db,
    [sql`period`, sql`user_id`, ...all],
    sql`FROM (
      WITH boards AS (${boardsTable(boards)}), changes AS (${changesOf(boards, now)}),
        entries AS (${entries}), parts AS (${parts})
      SELECT g.period, g.user_id, ${found}, g.total_score - ${rest} AS corrections
      FROM global_leaderboard g JOIN boards b ON b.period = g.period
      LEFT JOIN parts p ON p.period = g.period AND p.user_id = g.user_id
      LEFT JOIN leaderboard_snapshots s ON s.taken_on = b.taken_on AND s.period = g.period
        AND s.repository_id = ${sql.lit(GLOBAL_BOARD)} AND s.user_id = g.user_id
      WHERE g.total_score > 0) AS moved
    WHERE (${sql.join(all)}) <> (0, 0, 0, 0, 0)`,
  );
}

const ofParts = (part: RawBuilder<unknown>) => sql`coalesce(p.${part}, 0)`;

const moments = (dates: readonly (Date | null)[]) =>
  sql`${dates.map((date) => date?.toISOString() ?? '-infinity')}::timestamptz[]`;

const boardsTable = (boards: readonly EarlierBoard[]) => sql`
  SELECT * FROM unnest(${boards.map((board) => board.period)}::text[],
    ${boards.map((board) => board.takenOn)}::date[], ${boards.map((board) => board.version)}::text[],
    ${moments(boards.map((board) => board.clock))},
    ${moments(boards.map((board) => board.from))}, ${moments(boards.map((board) => board.fromThen))})
    AS b (period, taken_on, version, clock, since, since_then)`;

/** A contribution `c` as an earlier board `b` is concerned; one may have come and left. */
const CHANGES = {
  came: sql`c.occurred_at >= b.clock`,
  left: sql`c.occurred_at < b.since`,
  late: sql`c.occurred_at < b.clock AND c.missed_at >= b.clock`,
};

/** What was added to each entry of a repository and taken off it, by the weights of then. */
function changesOf(boards: readonly EarlierBoard[], now: Date): RawBuilder<unknown> {
  const clocks = boards.map(({ clock }) => clock.getTime());
  const first = new Date(Math.min(...clocks)).toISOString();
  const left = boards.flatMap(({ from, fromThen }) =>
    from && fromThen
      ? [
          sql`(c.occurred_at >= ${fromThen.toISOString()}::timestamptz
          AND c.occurred_at < ${from.toISOString()}::timestamptz)`,
        ]
      : [],
  );
  const concerned = sql<boolean>`(${sql.join(
    [
      sql`c.occurred_at >= ${first}::timestamptz`,
      sql`c.missed_at >= ${first}::timestamptz`,
      ...left,
    ],
    sql` OR `,
  )})`;
  const sums = Object.entries(CHANGES).flatMap(([name, condition]) => [
    sql`coalesce(sum(w.points) FILTER (WHERE ${condition}), 0) AS ${sql.ref(`${name}_points`)}`,
    ...['added', 'deleted'].map((lines) => {
      const sum = sql`sum(${sql.ref(`c.lines_${lines}`)}) FILTER (WHERE w.counts_lines AND ${condition})`;
      return sql`coalesce(${sum}, 0) AS ${sql.ref(`${name}_${lines}`)}`;
    }),
  ]);
  return sql`
    SELECT c.repository_id, b.period, c.user_id, ${sql.join(sums)}
    FROM ${eligibleContributions(now, concerned)} AS c
    JOIN boards b ON c.occurred_at >= b.since_then
      AND (${sql.join(Object.values(CHANGES), sql` OR `)})
    JOIN scoring_weights w ON w.version = b.version AND w.kind = c.kind
    GROUP BY c.repository_id, b.period, c.user_id`;
}

/** The bonus for lines by the weights `w`. */
const bonus = (
  added: RawBuilder<unknown>,
  deleted: RawBuilder<unknown>,
) => sql`round(least(w.line_cap,
  (${added}) * w.points_per_line_added + (${deleted}) * w.points_per_line_deleted), 3)`;

/** The sum of a present number and some changes of it. */
const sumOf = (name: string, changes: readonly [sign: '+' | '-', change: string][]) => {
  const terms = changes.map(
    ([sign, change]) => sql` ${sql.raw(sign)} coalesce(${sql.ref(`c.${change}_${name}`)}, 0)`,
  );
  return sql`coalesce(${sql.ref(`l.lines_${name}`)}, 0)${sql.join(terms, sql``)}`;
};

const bonusAfter = (...changes: readonly [sign: '+' | '-', change: string][]) =>
  bonus(sumOf('added', changes), sumOf('deleted', changes));

/** Each entry of a repository by the weights of then: its points, and its bonus after each step. */
const entries = sql`
  SELECT coalesce(l.period, c.period) AS period, coalesce(l.user_id, c.user_id) AS user_id,
    coalesce(l.total_score, 0) AS present, coalesce(${pointsOf('l')}, 0) AS points,
    ${sql.join(
      Object.keys(CHANGES).map((name) => {
        const column = sql.ref(`${name}_points`);
        return sql`coalesce(c.${column}, 0) AS ${column}`;
      }),
    )},
    ${bonusAfter()} AS bonus, ${bonusAfter(['+', 'left'])} AS bonus_before_left,
    ${bonusAfter(['+', 'left'], ['-', 'came'])} AS bonus_before_own,
    ${bonusAfter(['+', 'left'], ['-', 'came'], ['-', 'late'])} AS bonus_before_late
  FROM (SELECT * FROM repository_leaderboards WHERE period IN (SELECT period FROM boards)) AS l
  FULL JOIN changes c
    ON c.repository_id = l.repository_id AND c.period = l.period AND c.user_id = l.user_id
  JOIN boards b ON b.period = coalesce(l.period, c.period)
  JOIN (${weightRows()}) AS w ON w.version = b.version`;

/** The parts that are found, of each person over all repositories. */
const parts = sql`
  SELECT period, user_id,
    sum(came_points + bonus_before_left - bonus_before_own) AS own_work,
    sum(bonus - bonus_before_left - left_points) AS left_period,
    sum(late_points + bonus_before_own - bonus_before_late) AS late_data,
    sum(present - points - bonus) AS weights
  FROM entries GROUP BY period, user_id`;
