import { COVERAGE_KINDS } from '../../domain/coverage-kinds.ts';
import { describeUnknown, fromFirstKnown } from '../../domain/describe-unknown.ts';
import type { Coverage } from '../../published/documents.ts';

type RepositoryCoverage = Pick<Coverage['repositories'][number], 'unknown_kinds' | 'months'>;

/** What is known of the repositories and what is not, in one sentence for everybody. */
export function summarizeCoverage(repositories: readonly RepositoryCoverage[]): string {
  const read = repositories.filter(({ months }) => months.length > 0);
  if (read.length === 0) return 'Nothing has been read yet.';
  const lacking = read.filter(({ unknown_kinds }) => Object.keys(unknown_kinds).length > 0);
  const unread = repositories.length - read.length;
  const known =
    lacking.length > 0
      ? describeLacking(lacking, read.length)
      : `Every kind of contribution is known for ${countAll(read.length)}, as far as it was read`;
  const unknown = unread > 0 ? `; nothing was read yet of ${countRepositories(unread)}` : '';
  return `${known}${unknown}.`;
}

function describeLacking(lacking: readonly RepositoryCoverage[], all: number): string {
  const some = `${lacking.length} of ${countRepositories(all)}`;
  const unknown = lacking.flatMap(({ unknown_kinds }) => Object.values(unknown_kinds).flat());
  const kinds = COVERAGE_KINDS.filter((kind) => unknown.includes(kind));
  const what = describeUnknown(
    kinds,
    lacking.flatMap(({ months }) => fromFirstKnown(months)),
  );
  return `For ${lacking.length === all ? countAll(all) : some}, ${what}`;
}

const countRepositories = (count: number) =>
  count === 1 ? '1 repository' : `${count} repositories`;

function countAll(count: number): string {
  if (count === 1) return 'the repository';
  return count === 2 ? 'both repositories' : `all ${countRepositories(count)}`;
}
