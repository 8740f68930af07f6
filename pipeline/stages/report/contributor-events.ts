import type { OwnContribution } from '../../../db/queries/report/contributors.ts';
import { SECOND_MS } from '../../domain/time.ts';
import { type ContributorEvents, contributorEventsSchema } from '../../published/documents.ts';
import { documentPath } from '../../published/paths.ts';
import { EVENTS_PART } from '../../published/sizes.ts';
import type { Report } from './context.ts';

/**
 * Writes the contributions of a person that the document of activity does not list, and returns the
 * number of documents.
 * @param older newest first
 */
export function writeEvents(
  report: Report,
  username: string,
  older: readonly OwnContribution[],
): number {
  const parts = Math.ceil(older.length / EVENTS_PART);
  for (let part = 1; part <= parts; part++) {
    const rows = older.slice((part - 1) * EVENTS_PART, part * EVENTS_PART);
    const document = { ...report.head, username, part, parts, ...buildColumns(report, rows) };
    const path = documentPath('contributor_events', { username, part });
    report.folder.write(path, contributorEventsSchema, document);
  }
  return parts;
}

type Columns = Omit<ContributorEvents, keyof Report['head'] | 'username' | 'part' | 'parts'>;

export function buildColumns(report: Report, rows: readonly OwnContribution[]): Columns {
  const { appearance, repositoryNames, hideMentions } = report;
  const repositories = createList<string>();
  const kinds = createList<OwnContribution['kind']>();
  const sources = createList<string>();
  const titles = createList<string>();
  const columns = {
    event_id: rows.map((row) => row.event_id),
    repository: rows.map((row) =>
      repositories.placeOf(repositoryNames.get(row.repository_id) ?? ''),
    ),
    kind: rows.map((row) => kinds.placeOf(row.kind)),
    source: rows.map((row) => sources.placeOf(row.source)),
    occurred_at: rows.map((row) => Math.floor(row.occurred_at / SECOND_MS)),
    number: rows.map((row) => Math.max(0, row.subject_number ?? 0)),
    title: rows.map(({ title }) => (title === null ? null : titles.placeOf(hideMentions(title)))),
    ...(rows.some((row) => row.reference !== null) && {
      reference: rows.map((row) => row.reference),
    }),
  };
  return {
    server: appearance.sample ? null : appearance.server,
    repositories: repositories.values,
    kinds: kinds.values,
    sources: sources.values,
    titles: titles.values,
    columns,
  };
}

/** Values, each once, in the order in which they were met. */
function createList<T>() {
  const places = new Map<T, number>();
  const values: T[] = [];
  const placeOf = (value: T): number => {
    const known = places.get(value);
    if (known !== undefined) return known;
    places.set(value, values.length);
    return values.push(value) - 1;
  };
  return { values, placeOf };
}
