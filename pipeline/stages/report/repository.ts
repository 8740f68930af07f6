import { kindSchema, type Repository, type RepositoryDocument } from '../../published/documents.ts';
import { type Head, iso } from './head.ts';

export interface RepositoryRow {
  readonly owner: string;
  readonly name: string;
  readonly github_id: number | null;
  readonly status: Repository['status'];
  readonly failure_reason: string | null;
  readonly default_branch: string | null;
  readonly description: string | null;
  readonly stars: number | null;
  readonly forks: number | null;
  readonly language: string | null;
  readonly topics: string[] | null;
  readonly license: string | null;
  readonly is_archived_on_github: boolean;
  readonly last_scraped_at: Date | null;
  readonly data_until: Date | null;
  /** People on its board of all time. */
  readonly contributors: number;
  /** Their contributions by kind, all time. */
  readonly totals: Readonly<Record<string, number>>;
}

export interface WindowRow {
  readonly source: string;
  readonly window_from: Date;
  readonly window_to: Date;
  readonly completeness: number;
  readonly gaps: readonly { readonly from: string; readonly to: string; readonly reason: string }[];
}

export function buildRepository(row: RepositoryRow, sample: boolean): Repository {
  const slug = `${row.owner}/${row.name}`;
  return {
    owner: row.owner,
    name: row.name,
    full_name: slug,
    github_id: row.github_id,
    url: `https://${sample ? 'example' : 'github'}.com/${slug}`,
    description: row.description,
    stars: row.stars,
    forks: row.forks,
    language: row.language,
    topics: row.topics ?? [],
    license: row.license,
    default_branch: row.default_branch,
    archived: row.is_archived_on_github,
    status: row.status,
    failure_reason: row.failure_reason,
    last_scraped_at: iso(row.last_scraped_at),
    data_until: iso(row.data_until),
    contributors: row.contributors,
    contributions: Object.values(row.totals).reduce((sum, count) => sum + count, 0),
  };
}

export interface UsageDayRow {
  readonly date: string;
  readonly points: number;
  readonly requests: number;
}

/** What belongs to one repository. */
export interface RepositoryParts {
  readonly windows: readonly WindowRow[];
  readonly usage: readonly UsageDayRow[];
}

export function buildRepositoryDocument(
  head: Head,
  row: RepositoryRow,
  { windows, usage }: RepositoryParts,
): RepositoryDocument {
  const totals = kindSchema.options.map((kind) => [kind, row.totals[kind] ?? 0]);
  return {
    ...head,
    repository: buildRepository(row, head.sample),
    totals: Object.fromEntries(totals) as RepositoryDocument['totals'],
    windows: windows.map(buildWindow),
    github_usage: usage.map(({ date, points, requests }) => ({ date, points, requests })),
  };
}

function buildWindow(row: WindowRow): RepositoryDocument['windows'][number] {
  return {
    source: row.source,
    from: row.window_from.toISOString(),
    to: row.window_to.toISOString(),
    completeness: row.completeness,
    gaps: row.gaps.map(({ from, to, reason }) => ({
      from: new Date(from).toISOString(),
      to: new Date(to).toISOString(),
      reason,
    })),
  };
}
