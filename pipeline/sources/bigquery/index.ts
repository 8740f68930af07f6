import type { z } from 'zod';
import { ARCHIVE_DAMAGED_SINCE } from '../../domain/archive-event.ts';
import type { AccountObservation } from '../../domain/contribution.ts';
import type { Gap } from '../../domain/gaps.ts';
import type {
  ReadSource,
  SourceBatch,
  SourceRequest,
  TrackedRepository,
} from '../../domain/source.ts';
import { DAY_MS, HOUR_MS } from '../../domain/time.ts';
import { startOfHour, type TimeWindow } from '../../domain/window.ts';
import { type BatchBuilder, createBatchBuilder } from '../archive-batch.ts';
import { createMatcher, type RepositoryMatcher } from '../match-repository.ts';
import { RepositoryIds } from '../repository-ids.ts';
import type { Source, SourceContext } from '../source.ts';
import { openBigQueryApi } from './client.ts';
import {
  type BigQueryDependencies,
  CALL_RETRY_DELAYS_MS,
  estimateWindow,
  fetchPages,
  prepareQuery,
  recoverReservations,
  runQuery,
} from './job.ts';
import {
  activityRowSchema,
  buildArchiveQuery,
  holderRowSchema,
  hourRowSchema,
  toRawEvent,
} from './query.ts';

/** GH Archive in BigQuery: history at scale, for money. */
export const bigquery: Source = {
  open: (context) =>
    createBigQuerySource(dependenciesOf(context), {
      payload: context.config.pipeline.bigquery.payload,
      coAuthors: context.config.pipeline.github.co_authors,
      checksHours: true,
    }),
  check: checkDryRun,
  paid: {
    recover: (context) => recoverReservations(dependenciesOf(context), context.signal),
    estimateBytes,
    includesDamaged: ({ config }) => config.pipeline.bigquery.include_damaged_months,
    credits: ({ config }) => config.pipeline.bigquery.payload,
  },
};

/** Time between two requests for the state of a running query. */
const POLL_MS = 2_000;

function dependenciesOf({
  environment,
  config,
  ledger,
  wallClock,
}: SourceContext): BigQueryDependencies {
  const { location, timeout_seconds } = config.pipeline.bigquery;
  return {
    api: openBigQueryApi({
      credentials: environment.bigqueryCredentials,
      project: environment.googleCloudProject,
      location,
      emulatorHost: environment.bigqueryEmulatorHost,
    }),
    ledger,
    clock: wallClock,
    timeoutMs: timeout_seconds * 1000,
    pollMs: POLL_MS,
    retryDelaysMs: CALL_RETRY_DELAYS_MS,
  };
}

function estimateBytes(
  context: SourceContext,
  window: TimeWindow,
  repositories: readonly TrackedRepository[],
): Promise<number> {
  const { signal, config } = context;
  const request = { window, repositories, signal };
  return estimateWindow(request, config.pipeline.bigquery, dependenciesOf(context));
}

/** Checks that BigQuery answers a dry run with these credentials. */
async function checkDryRun(context: SourceContext): Promise<string> {
  const to = ARCHIVE_DAMAGED_SINCE;
  const bytes = await estimateBytes(context, { from: new Date(to.getTime() - DAY_MS), to }, []);
  return `a dry run of a day answers ${(bytes / 2 ** 30).toFixed(1)} GiB`;
}

export interface BigQueryOptions {
  /** false: the cheap mode, which reads no payload and gives no contributions. */
  readonly payload: boolean;
  /** Whether a small second query finds the hours that are missing from the archive. */
  readonly checksHours: boolean;
  /** Whether the co-authors of a commit are credited with it, too. */
  readonly coAuthors?: boolean;
}

/** GH Archive in BigQuery as a source: one query for all repositories of a window. */
export function createBigQuerySource(
  deps: BigQueryDependencies,
  options: BigQueryOptions,
): ReadSource {
  return (request: SourceRequest) =>
    options.payload ? fetchEvents(request, deps, options) : fetchActivity(request, deps);
}

async function* fetchEvents(
  request: SourceRequest,
  deps: BigQueryDependencies,
  { checksHours, coAuthors }: BigQueryOptions,
): AsyncGenerator<SourceBatch> {
  await recoverReservations(deps, request.signal);
  const ids = new RepositoryIds(request.repositories);
  const batch = createBatchBuilder(request, ids, coAuthors);
  const jobs = await runQueries(request, deps, checksHours, () =>
    learnIds(request, deps, ids, batch),
  );
  const matcher = createMatcher(request.repositories, ids);
  let done = 0;
  for await (const page of fetchPages(jobs.events, request, deps)) {
    for (const row of page.rows) {
      addRow(row, batch, matcher);
      if (batch.isFull()) yield batch.take();
    }
    done += page.rows.length;
    request.onProgress({
      unit: 'rows',
      done,
      total: page.totalRows,
      bytes: null,
      kept: batch.keptInAll(),
    });
  }
  const gaps = jobs.hours === null ? [] : await fetchGaps(jobs.hours, request, deps);
  for (const gap of gaps) batch.addGap(gap);
  yield batch.take();
}

/**
 * Runs the query for the events and the one for the hours. The money for both is reserved before
 * either starts: without the hours, nothing shows whether the paid window is complete. The ids are
 * learned first, so that what happened under former names is found.
 */
async function runQueries(
  request: SourceRequest,
  deps: BigQueryDependencies,
  checksHours: boolean,
  learn: () => Promise<readonly number[]>,
): Promise<{ readonly events: string; readonly hours: string | null }> {
  const hours = checksHours
    ? await prepareQuery(buildArchiveQuery(request, 'hours'), request, deps)
    : null;
  const events = await runEvents(request, deps, learn).catch(async (error) => {
    await hours?.abandon();
    throw error;
  });
  await hours?.extend();
  return { events, hours: hours && (await hours.run()) };
}

async function runEvents(
  request: SourceRequest,
  deps: BigQueryDependencies,
  learn: () => Promise<readonly number[]>,
): Promise<string> {
  const ids = await learn();
  return await runQuery(buildArchiveQuery(request, 'events', ids), request, deps);
}

/**
 * Learns the ids that were seen under the names of the repositories, unless GitHub has stated all, and
 * counts the events of other repositories that had the names. Returns the ids of ours.
 */
async function learnIds(
  request: SourceRequest,
  deps: BigQueryDependencies,
  ids: RepositoryIds,
  batch: BatchBuilder,
): Promise<number[]> {
  if (!ids.canLearn) return ids.believed();
  const job = await runQuery(buildArchiveQuery(request, 'holders'), request, deps);
  const holders: z.infer<typeof holderRowSchema>[] = [];
  for await (const { rows } of fetchPages(job, request, deps)) {
    for (const row of rows) {
      const { data } = holderRowSchema.safeParse(row);
      if (data) holders.push(data);
      else batch.addFault('malformed_event');
    }
  }
  for (const holder of holders) ids.learn(holder, holder.first_seen_at, holder.last_seen_at);
  for (const { id, events } of holders) if (!ids.hasId(id)) batch.addOthers(events);
  return ids.believed();
}

function addRow(row: unknown, batch: BatchBuilder, { matchName }: RepositoryMatcher): void {
  const event = toRawEvent(row);
  if ('fault' in event) {
    batch.addRefused({ reason: event.fault, item: {} });
    return;
  }
  const repository = matchName(event.repo?.id ?? null, event.repo?.name ?? null);
  if (repository) batch.addEvent(event, repository, null);
  else batch.addFault('unknown_repository');
}

/** The hours that are missing from the archive: 404 are known, and a table may be missing, too. */
async function fetchGaps(
  externalJobId: string,
  request: SourceRequest,
  deps: BigQueryDependencies,
): Promise<Gap[]> {
  const present = new Set<number>();
  for await (const { rows } of fetchPages(externalJobId, request, deps)) {
    for (const row of rows) {
      // An hour that can't be read counts as missing.
      const { data } = hourRowSchema.safeParse(row);
      if (data) present.add(Date.parse(data.hour));
    }
  }
  return missingHours(request.window, present);
}

/** The hours of the window that are not present, as gaps inside the window. */
function missingHours(window: TimeWindow, present: ReadonlySet<number>): Gap[] {
  const gaps: Gap[] = [];
  const end = window.to.getTime();
  for (let hour = startOfHour(window.from).getTime(); hour < end; hour += HOUR_MS) {
    if (present.has(hour)) continue;
    const from = new Date(Math.max(hour, window.from.getTime()));
    gaps.push({ from, to: new Date(Math.min(hour + HOUR_MS, end)), reason: 'missing' });
  }
  return gaps;
}

/**
 * The cheap mode: no payload, and about a thirtieth of the price.
 *
 * The key of every kind of contribution is made from a number, an id or a sha (`eventIds`), and
 * all of these are in the payload: a release's id, the number of a pull request or issue, the id
 * of a review or comment, the sha of a commit. So this mode gives no contributions. It finds the
 * accounts that were active and their logins, for the rename rule, and counts events. Every event
 * is skipped as `payload_not_read`, and the entire window is a gap: it was not read.
 */
async function* fetchActivity(
  request: SourceRequest,
  deps: BigQueryDependencies,
): AsyncGenerator<SourceBatch> {
  await recoverReservations(deps, request.signal);
  const externalJobId = await runQuery(buildArchiveQuery(request, 'activity'), request, deps);
  let done = 0;
  for await (const { rows, totalRows } of fetchPages(externalJobId, request, deps)) {
    yield toBatch(rows);
    done += rows.length;
    request.onProgress({ unit: 'rows', done, total: totalRows, bytes: null, kept: 0 });
  }
  yield { ...toBatch([]), gaps: [{ ...request.window, reason: 'payload_not_read' }] };
}

function toBatch(rows: readonly unknown[]): SourceBatch {
  const parsed = rows.map((row) => activityRowSchema.safeParse(row));
  const active = parsed.flatMap(({ data }) => data ?? []);
  // How many events such a row stands for can't be known.
  const malformed = rows.length - active.length;
  const unread = active.reduce((total, { events }) => total + events, 0);
  return {
    contributions: [],
    observations: active.map(toObservation),
    gaps: [],
    read: unread + malformed,
    kept: 0,
    skipped: {
      ...(unread > 0 && { payload_not_read: unread }),
      ...(malformed > 0 && { malformed_event: malformed }),
    },
    warnings: {},
  };
}

function toObservation(row: ReturnType<typeof activityRowSchema.parse>): AccountObservation {
  const { actor_id: id, actor_login: login } = row;
  return { id, login, type: null, firstSeenAt: row.first_seen_at, lastSeenAt: row.last_seen_at };
}
