import type {
  Costs,
  Coverage,
  Errors,
  Index,
  Jobs,
  Stats,
  Trends,
} from '../../../../pipeline/published/documents.ts';
import type { Site } from '../../lib/site.ts';

/** What the dashboard is made from; null: it was never written. */
export interface DashboardDocuments {
  readonly stats: Stats;
  readonly trends: Trends | null;
  readonly jobs: Jobs | null;
  readonly errors: Errors | null;
  readonly costs: Costs | null;
  readonly coverage: Coverage | null;
  readonly plan: Index['plan'];
  /** Ids of runs that have a page. */
  readonly withPage: ReadonlySet<number>;
  readonly site: Pick<Site, 'base' | 'tracked'>;
}

/** A run, and what its stages and jobs did; undefined where that is not known. */
export interface RunShown {
  readonly run: Stats['runs'][number];
  readonly trend: Trends['runs'][number] | undefined;
  /** From its begin to its end; null while it runs. */
  readonly seconds: number | null;
}

/** Newest first. */
export function listRunsShown({ runs }: Stats, trends: Trends | null): RunShown[] {
  const byId = new Map(trends?.runs.map((trend) => [trend.id, trend]));
  return runs.map((run) => ({
    run,
    trend: byId.get(run.id),
    seconds:
      run.finished_at === null
        ? null
        : (Date.parse(run.finished_at) - Date.parse(run.started_at)) / 1000,
  }));
}
