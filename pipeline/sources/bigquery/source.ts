import type { ReadSource, SourceBatch, SourceRequest } from '../../domain/source.ts';
import { type BatchBuilder, createBatchBuilder } from '../archive-batch.ts';
import { createMatcher, type RepositoryMatcher } from '../match-repository.ts';
import { prepareQuery, runQuery } from './job.ts';
import type { BigQueryPorts } from './ports.ts';
import { buildArchiveQuery } from './query.ts';
import { readActivity } from './read-activity.ts';
import { readGaps } from './read-gaps.ts';
import { readPages } from './read-pages.ts';
import { recoverReservations } from './recover.ts';
import { toRawEvent } from './rows.ts';

export interface BigQueryOptions {
  /** false: the cheap mode, which reads no payload and credits nothing. */
  readonly payload: boolean;
  /** Whether it is looked up which hours the archive lacks: a small query of its own. */
  readonly checksHours: boolean;
}

/** GH Archive in BigQuery as a source: one query for all repositories of a window. */
export function createBigQuerySource(ports: BigQueryPorts, options: BigQueryOptions): ReadSource {
  return (request: SourceRequest) =>
    options.payload ? readEvents(request, ports, options) : readActivity(request, ports);
}

async function* readEvents(
  request: SourceRequest,
  ports: BigQueryPorts,
  { checksHours }: BigQueryOptions,
): AsyncGenerator<SourceBatch> {
  await recoverReservations(ports, request.signal);
  const jobs = await runQueries(request, ports, checksHours);
  const batch = createBatchBuilder(request);
  const matcher = createMatcher(request.repositories);
  let done = 0;
  for await (const page of readPages(jobs.events, request, ports)) {
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
  const gaps = jobs.hours === null ? [] : await readGaps(jobs.hours, request, ports);
  for (const gap of gaps) batch.addGap(gap);
  yield batch.take();
}

/**
 * Runs the query for the events and the one for the hours. The money for both is set aside before
 * either starts: no window is paid for of which it is not known whether the archive has it whole.
 */
async function runQueries(
  request: SourceRequest,
  ports: BigQueryPorts,
  checksHours: boolean,
): Promise<{ readonly events: string; readonly hours: string | null }> {
  const hours = checksHours
    ? await prepareQuery(buildArchiveQuery(request, 'hours'), request, ports)
    : null;
  const events = await runQuery(buildArchiveQuery(request, 'events'), request, ports).catch(
    async (error) => {
      await hours?.abandon();
      throw error;
    },
  );
  await hours?.extend();
  return { events, hours: hours && (await hours.run()) };
}

function addRow(row: unknown, batch: BatchBuilder, { matchName }: RepositoryMatcher): void {
  const event = toRawEvent(row);
  const repository = matchName(event.repo?.id ?? null, event.repo?.name ?? null);
  if (repository) batch.addEvent(event, repository, null);
  else batch.addFault('unknown_repository');
}
