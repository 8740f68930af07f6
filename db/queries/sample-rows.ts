import { type Insertable, sql } from 'kysely';
import { COUNT_COLUMNS, type CountColumn } from '../../pipeline/domain/contribution-kinds.ts';
import type { Db } from '../client.ts';
import type { Database } from '../schema.ts';
import { rolledBack } from '../transactions.ts';

/** Above every id that a row can have, and below 2^53. */
const ID = 9_007_199_254_740_000;

/** A text that an encoding can spoil. No name on GitHub has a space, so it is no row's key. */
const TEXT = 'sample row: é İ 漢 🚀 \\ \' "';

const MOMENT = new Date('2001-02-03T04:05:06.789Z');
const LATER = new Date('2001-02-04T04:05:06.789Z');
const DAY = '2001-02-03';
const JSON_TEXT = JSON.stringify([TEXT, 1.5, null]);

const COUNTS = Object.fromEntries(COUNT_COLUMNS.map((column) => [column, 1])) as Record<
  CountColumn,
  number
>;

const BOARD = {
  period: 'week',
  user_id: ID,
  rank: 1,
  previous_rank: null,
  total_score: 1.25,
  ...COUNTS,
  lines_added: ID,
  lines_deleted: 0,
  first_contribution_at: MOMENT,
  last_contribution_at: LATER,
  points: JSON_TEXT,
} as const;

/** A row for each table, in an order in which they refer to rows before them. */
const ROWS: { readonly [T in keyof Database]: Insertable<Database[T]> } = {
  repositories: {
    id: ID,
    owner: TEXT,
    name: TEXT,
    github_id: ID,
    status: 'PENDING',
    topics: JSON_TEXT,
  },
  repository_names: { slug: 'sample row', repository_id: ID, learned_at: MOMENT },
  repository_ids: {
    repository_id: ID,
    github_id: ID,
    first_seen_at: MOMENT,
    last_seen_at: LATER,
  },
  former_default_branches: { repository_id: ID, branch: TEXT, until: MOMENT },
  branch_pushes: { repository_id: ID, branch: TEXT, first_pushed_at: MOMENT },
  repository_counter: { id: 1, last_id: 0 },
  github_users: { github_id: ID, login: TEXT, type: 'User', display_name: TEXT },
  github_user_logins: { github_id: ID, login: TEXT, first_seen_at: MOMENT, last_seen_at: LATER },
  contribution_events: {
    repository_id: ID,
    event_id: TEXT,
    kind: 'COMMIT',
    user_id: ID,
    occurred_at: MOMENT,
    subject_number: null,
    lines_added: ID,
    title: TEXT,
    reference: TEXT,
    source: 'sample',
  },
  repository_leaderboards: { ...BOARD, repository_id: ID },
  global_leaderboard: { ...BOARD, repositories_contributed: 1 },
  leaderboard_snapshots: {
    taken_on: DAY,
    repository_id: ID,
    period: 'week',
    user_id: ID,
    rank: 1,
    total_score: 1.25,
  },
  board_days: { taken_on: DAY, clock: MOMENT, weights_version: TEXT },
  scoring_weights: {
    version: TEXT,
    kind: 'COMMIT',
    points: 1.25,
    counts_lines: true,
    points_per_line_added: 0.001,
    points_per_line_deleted: 0.001,
    line_cap: 1,
    is_current: false,
  },
  pipeline_runs: { id: ID, status: 'RUNNING', sources: JSON_TEXT, clock: MOMENT },
  run_log: {
    id: ID,
    run_id: ID,
    at: MOMENT,
    level: 'info',
    stage: TEXT,
    job_id: ID,
    message: TEXT,
    fields: JSON_TEXT,
  },
  scrape_jobs: {
    id: ID,
    run_id: ID,
    source: TEXT,
    job_type: 'full',
    status: 'QUEUED',
    repository_ids: [ID, ID + 1],
    window_from: MOMENT,
    window_to: LATER,
    checkpoint: JSON_TEXT,
  },
  scrape_windows: {
    repository_id: ID,
    source: TEXT,
    window_from: MOMENT,
    window_to: LATER,
    completeness: 0.5,
    gaps: JSON_TEXT,
  },
  dead_letters: {
    id: ID,
    job_id: ID,
    source: TEXT,
    error_class: TEXT,
    error_message: TEXT,
    payload: JSON_TEXT,
  },
  circuit_breakers: { source: TEXT, state: 'CLOSED', failures: 0, updated_at: MOMENT },
  cost_records: {
    id: ID,
    job_id: ID,
    source: TEXT,
    charged_on: DAY,
    status: 'RELEASED',
    external_job_id: TEXT,
    bytes_estimated: 1,
    maximum_bytes_billed: 1,
    usd_reserved: 0.000001,
    repository_ids: [ID],
    lease_until: MOMENT,
  },
  daily_cost_summaries: {
    charged_on: DAY,
    source: TEXT,
    queries: 1,
    bytes_processed: ID,
    bytes_billed: ID,
    usd: 0.000001,
  },
  budget_config: {
    id: 1,
    daily_limit_usd: 0,
    monthly_limit_usd: 0,
    warning_threshold: 0.5,
    price_per_tib_usd: 0,
    free_tib_per_month: 0,
    updated_at: MOMENT,
  },
  backfill_forecasts: {
    source: TEXT,
    planned_at: MOMENT,
    done_days: 0,
    remaining_days: 1,
    estimated_usd: 0.000001,
    complete_on: DAY,
  },
  audit_log: { id: ID, action: TEXT, subject: TEXT, details: JSON_TEXT },
  contributor_enrichments: {
    github_id: ID,
    status: 'FOUND',
    source: TEXT,
    accounts: JSON_TEXT,
    fetched_at: MOMENT,
  },
  source_cursors: { repository_id: ID, list: TEXT, state: JSON_TEXT },
  unseen_contributions: { repository_id: ID, event_id: TEXT, list: TEXT },
  missing_numbers: { repository_id: ID, number: 1, reason: 'GONE', checked_at: MOMENT },
  github_usage: { repository_id: ID, used_on: DAY, points: 1, requests: 1 },
  run_locks: { name: TEXT, holder: TEXT, who: TEXT, process: JSON_TEXT, lease_until: MOMENT },
  contribution_changes: { repository_id: ID, user_id: ID },
  calculations: { id: 1, clock: MOMENT, rules: TEXT },
  contributor_weeks: { user_id: ID, weeks: JSON_TEXT },
  board_weeks: { repository_id: ID, user_id: ID, weeks: JSON_TEXT },
  months: {
    month: '0001-01',
    closed_at: MOMENT,
    data_until: LATER,
    weights_version: TEXT,
    is_past_known: true,
    coverage: JSON_TEXT,
    corrections: JSON_TEXT,
  },
  month_people: {
    month: '0001-01',
    repository_id: ID,
    user_id: ID,
    score: 1.25,
    counts: JSON_TEXT,
  },
  month_events: {
    month: '0001-01',
    list: 'RELEASE',
    repository_id: ID,
    event_id: TEXT,
    kind: 'RELEASE',
    user_id: ID,
    occurred_at: MOMENT,
    subject_number: null,
    title: TEXT,
    reference: TEXT,
  },
  avatars: {
    user_id: ID,
    type: 'png',
    bytes: Buffer.from(TEXT),
    etag: TEXT,
    looked_at: MOMENT,
    failure: TEXT,
  },
};

export const TABLE_NAMES = Object.keys(ROWS) as (keyof Database)[];

/** They have one row, which others may be waiting for. */
const SINGLE_ROWS: readonly string[] = ['repository_counter', 'budget_config', 'calculations'];

/** The first table that does not take a row as it is given, and why. */
export class SampleRefusedError extends Error {
  override readonly name = 'SampleRefusedError';
}

/**
 * Writes a row into every table, reads it and rolls everything back: what a run would lose by
 * settings, encodings, rights, triggers, rules or constraints fails here.
 * @throws SampleRefusedError
 */
export async function tryEveryTable(db: Db): Promise<void> {
  await rolledBack(db, async (trx) => {
    await tryArray(trx);
    for (const table of TABLE_NAMES) {
      const row: Record<string, unknown> = { ...ROWS[table] };
      const read = await insert(trx, table, row).catch((cause: Error) => {
        throw new SampleRefusedError(`the table ${table} refuses a row: ${cause.message}`, {
          cause,
        });
      });
      const changed = Object.keys(row).filter((column) => !isSame(row[column], read?.[column]));
      if (read && changed.length === 0) continue;
      if (!read && SINGLE_ROWS.includes(table)) continue;
      const what = read ? `changes ${changed.join(', ')} of a row` : 'drops a row that is inserted';
      throw new SampleRefusedError(
        `the table ${table} ${what}: remove the trigger, rule or policy that does so`,
      );
    }
  });
}

/** NULL is no text in an array. */
async function tryArray(trx: Db): Promise<void> {
  const given = [TEXT, null];
  const { rows } = await sql<{ given: unknown }>`SELECT ${given}::text[] AS given`.execute(trx);
  if (isSame(given, rows[0]?.given)) return;
  throw new SampleRefusedError('the database changes an array of texts: array_nulls must be on');
}

async function insert(trx: Db, table: keyof Database, row: Record<string, unknown>) {
  const columns = Object.keys(row).map((name) => sql.id(name));
  const { rows } = await sql<Record<string, unknown>>`
    INSERT INTO ${sql.table(table)} (${sql.join(columns)})
    VALUES (${sql.join(Object.values(row))})
    ${SINGLE_ROWS.includes(table) ? sql`ON CONFLICT DO NOTHING` : sql``}
    RETURNING ${sql.join(columns)}`.execute(trx);
  return rows[0];
}

/** JSON is written as text and read as a value. */
function isSame(written: unknown, read: unknown): boolean {
  const text = JSON.stringify(read);
  return text === written || text === JSON.stringify(written);
}
