import type { BigQuery } from '@google-cloud/bigquery';
import { z } from 'zod';
import { BigQueryFailure, toFailure } from './errors.ts';
import type { ArchiveQuery } from './query.ts';
import type { JobRecord, ResultPage, StartOptions } from './warehouse.ts';

/** Single calls of the client, and what is used of their answers. */

/** Rows of a page: some megabytes at the most. BigQuery itself stops a page at 20 MB. */
const PAGE_ROWS = 5_000;

export async function estimate(
  client: BigQuery,
  location: string,
  { sql, params, types }: ArchiveQuery,
): Promise<number> {
  const options = { query: sql, params, types: { ...types }, location, dryRun: true };
  const [job] = await client.createQueryJob(
    options as Parameters<BigQuery['createQueryJob']>[0] & object,
  );
  return dryRunSchema.parse(job.metadata).statistics.totalBytesProcessed;
}

export async function start(
  client: BigQuery,
  location: string,
  { sql, params, types }: ArchiveQuery,
  { externalJobId, maximumBytesBilled, labels }: StartOptions,
): Promise<void> {
  const options = {
    query: sql,
    params,
    types: { ...types },
    location,
    jobId: externalJobId,
    maximumBytesBilled: String(maximumBytesBilled),
    labels,
  };
  try {
    await client.createQueryJob(options as Parameters<BigQuery['createQueryJob']>[0] & object);
  } catch (error) {
    // The first try arrived although its answer was lost: the job is there, and it is ours.
    if (toFailure(error).reason !== 'duplicate') throw error;
  }
}

export async function readPage(
  job: ReturnType<BigQuery['job']>,
  page: string | null,
): Promise<ResultPage> {
  const [rows, , answer] = await job.getQueryResults({
    autoPaginate: false,
    maxResults: PAGE_ROWS,
    ...(page ? { pageToken: page } : {}),
  });
  const { jobComplete, totalRows, pageToken } = pageSchema.parse(answer);
  // An unfinished job would look like one without rows.
  if (!jobComplete) throw new BigQueryFailure('backend', null, 'the job is not done any more');
  return { rows, totalRows, next: pageToken ?? null };
}

/** Counts come as strings. */
const bytes = z.coerce.number().int().nonnegative();

const dryRunSchema = z.object({ statistics: z.object({ totalBytesProcessed: bytes }) });

const pageSchema = z.object({
  jobComplete: z.boolean(),
  totalRows: bytes.default(0),
  pageToken: z.string().nullish(),
});

const jobSchema = z.object({
  status: z.object({
    state: z.string(),
    errorResult: z
      .object({ reason: z.string().default('unknown'), message: z.string().default('') })
      .nullish(),
  }),
  statistics: z
    .object({
      query: z
        .object({
          totalBytesProcessed: bytes.default(0),
          totalBytesBilled: bytes.default(0),
          totalSlotMs: bytes.default(0),
        })
        .nullish(),
    })
    .nullish(),
});

export function toRecord(metadata: unknown): JobRecord {
  const { status, statistics } = jobSchema.parse(metadata);
  return {
    isDone: status.state === 'DONE',
    failure: status.errorResult ?? null,
    bytesProcessed: statistics?.query?.totalBytesProcessed ?? 0,
    bytesBilled: statistics?.query?.totalBytesBilled ?? 0,
    slotMillis: statistics?.query?.totalSlotMs ?? 0,
  };
}
