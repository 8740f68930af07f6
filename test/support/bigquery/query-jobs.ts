import { randomUUID } from 'node:crypto';
import type types from '@google-cloud/bigquery/build/src/types.js';
import { ApiError, type ApiErrorAnswer, apiErrors } from './api-error.ts';
import { asApiErrors, planQuery, type QueryPlan, type Warehouse } from './query-plan.ts';
import type { SqlEngine, SqlResult } from './sql-engine.ts';
import { toField, toTableRow } from './wire.ts';

type Job = types.default.IJob;
type Results = types.default.IGetQueryResultsResponse;

interface JobState {
  readonly job: Job;
  readonly result: SqlResult | null;
  readonly error: ApiErrorAnswer | null;
  /** Polls that still answer RUNNING. */
  pending: number;
}

export interface JobSettings extends Warehouse {
  readonly location: string;
  /** Polls of a new job that answer RUNNING before it is DONE. */
  readonly pendingPolls: number;
  /** Most rows of a page. */
  readonly pageRows: number;
}

/** The jobs of a local BigQuery: they are inserted, run by Google's SQL engine, and polled. */
export class QueryJobs {
  readonly #engine: SqlEngine;
  readonly #settings: JobSettings;
  readonly #jobs = new Map<string, JobState>();

  constructor(engine: SqlEngine, settings: JobSettings) {
    this.#engine = engine;
    this.#settings = settings;
  }

  /** Every job that was run, without dry runs. */
  get all(): readonly Job[] {
    return [...this.#jobs.values()].map(({ job }) => job);
  }

  /** `jobs.insert`. */
  async insert(projectId: string, { jobReference, configuration = {} }: Job): Promise<Job> {
    if (configuration.dryRun) return this.#dryRun(projectId, configuration);
    const jobId = jobReference?.jobId ?? randomUUID();
    const id = `${projectId}:${this.#settings.location}.${jobId}`;
    if (this.#jobs.has(jobId)) throw apiErrors.duplicate(`Job ${id}`);
    return (await this.#run(projectId, jobId, configuration)).job;
  }

  /** `jobs.query`: insert and the first page in one. */
  async query(projectId: string, body: types.default.IQueryRequest): Promise<unknown> {
    const { query, queryParameters, parameterMode, maximumBytesBilled, labels } = body;
    const state = await this.#run(projectId, randomUUID(), {
      query: { query, queryParameters, parameterMode, maximumBytesBilled },
      ...(labels ? { labels } : {}),
    } as types.default.IJobConfiguration);
    return { ...this.#page(state, {}), kind: 'bigquery#queryResponse' };
  }

  /** `jobs.get`. */
  get(jobId: string): Job {
    const state = this.#state(jobId);
    this.#tick(state);
    return state.job;
  }

  /** `jobs.getQueryResults`. */
  results(jobId: string, options: Readonly<Record<string, string>>): Results {
    const state = this.#state(jobId);
    this.#tick(state);
    return this.#page(state, options);
  }

  #state(jobId: string): JobState {
    const state = this.#jobs.get(jobId);
    if (!state) throw apiErrors.notFound(`Job ${jobId}`);
    return state;
  }

  #tick(state: JobState): void {
    if (state.pending > 0) state.pending -= 1;
    if (state.pending === 0 && state.job.status) state.job.status.state = 'DONE';
  }

  async #dryRun(projectId: string, configuration: types.default.IJobConfiguration): Promise<Job> {
    const plan = await planQuery(this.#engine, this.#settings, configuration.query ?? {});
    return {
      kind: 'bigquery#job',
      jobReference: { projectId, location: this.#settings.location },
      configuration: { ...configuration, jobType: 'QUERY' },
      status: { state: 'DONE' },
      statistics: statistics(plan, 0),
    };
  }

  async #run(
    projectId: string,
    jobId: string,
    configuration: types.default.IJobConfiguration,
  ): Promise<JobState> {
    const { location, pendingPolls } = this.#settings;
    const job: Job = {
      kind: 'bigquery#job',
      id: `${projectId}:${location}.${jobId}`,
      jobReference: { projectId, jobId, location },
      configuration: { ...configuration, jobType: 'QUERY' },
      status: { state: pendingPolls > 0 ? 'RUNNING' : 'DONE' },
    };
    const state = await this.#execute(job, configuration.query ?? {});
    this.#jobs.set(jobId, state);
    return state;
  }

  /** Runs the query, or fails the job; a failed job is not billed. */
  async #execute(job: Job, query: types.default.IJobConfigurationQuery): Promise<JobState> {
    try {
      const plan = await planQuery(this.#engine, this.#settings, query);
      job.statistics = statistics(plan, 0);
      refuseTooDear(plan, query.maximumBytesBilled);
      const { parameters, tables, analysis } = plan;
      const result = await asApiErrors(() =>
        this.#engine.evaluate(query.query ?? '', tables, parameters, analysis.isRowWise),
      );
      job.statistics = statistics(plan, plan.bytesBilled);
      return { job, result, error: null, pending: this.#settings.pendingPolls };
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      const { reason, message } = error.answer;
      job.status = {
        state: 'DONE',
        errorResult: { reason, message },
        errors: [{ reason, message }],
      };
      return { job, result: null, error: error.answer, pending: 0 };
    }
  }

  #page(state: JobState, options: Readonly<Record<string, string>>): Results {
    if (state.error) throw new ApiError(state.error);
    const { jobReference = {} } = state.job;
    if (state.pending > 0 || !state.result) return { jobReference, jobComplete: false };
    const { columns, rows } = state.result;
    const start = Number(options.pageToken ?? options.startIndex ?? 0);
    const size = Math.min(Number(options.maxResults ?? Infinity), this.#settings.pageRows);
    const end = start + size;
    return {
      kind: 'bigquery#getQueryResultsResponse',
      jobReference,
      jobComplete: true,
      schema: { fields: columns.map(toField) },
      totalRows: String(rows.length),
      ...(end < rows.length ? { pageToken: String(end) } : {}),
      rows: rows.slice(start, end).map((row) => toTableRow(columns, row)),
    };
  }
}

function refuseTooDear(plan: QueryPlan, limit: string | undefined): void {
  if (limit === undefined || plan.bytesBilled <= Number(limit)) return;
  throw apiErrors.bytesBilledLimitExceeded(limit, plan.bytesBilled);
}

/** Counts are strings, as in REST. */
function statistics(plan: QueryPlan, bytesBilled: number): types.default.IJobStatistics {
  const totalBytesProcessed = String(plan.bytesProcessed);
  const now = String(Date.now());
  return {
    creationTime: now,
    startTime: now,
    endTime: now,
    totalBytesProcessed,
    query: {
      totalBytesProcessed,
      totalBytesBilled: String(bytesBilled),
      totalSlotMs: '1234',
      cacheHit: false,
      statementType: 'SELECT',
      referencedTables: [...plan.referenced],
    },
  };
}
