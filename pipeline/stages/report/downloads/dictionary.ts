import { DATA_LICENCES } from '../../../domain/licences.ts';
import {
  BOARD_COLUMNS,
  boardCsv,
  CSV_PERIODS,
  DAY_COLUMNS,
  DOWNLOADS,
  type DownloadColumn,
  PERSON_COLUMNS,
} from '../../../published/downloads.ts';
import type { Report } from '../context.ts';
import { withSlash } from '../index-document.ts';

/** The data dictionary, as a Data Package (https://datapackage.org, version 2). */
export function buildDictionary({
  config,
  head,
  repositoryNames,
}: Pick<Report, 'config' | 'head' | 'repositoryNames'>): object {
  const { title, url, data_licence } = config.site;
  const { title: licence, url: path } = DATA_LICENCES[data_licence];
  const until = (head.data_until ?? head.generated_at).slice(0, 10);
  return {
    $schema: 'https://datapackage.org/profiles/2.0/datapackage.json',
    name: 'contributor-leaderboard',
    title,
    description: `Contributions until ${until}, weights ${head.weights_version}.`,
    homepage: withSlash(url),
    created: head.generated_at,
    licenses: [{ name: data_licence, title: licence, path }],
    sources: [{ title: 'Public activity on GitHub' }],
    resources: [
      resource(DOWNLOADS.boards, 'All boards', BOARD_COLUMNS),
      resource(DOWNLOADS.people, 'The board of all repositories and all time', PERSON_COLUMNS),
      resource(DOWNLOADS.days, 'Contributions by repository and day', DAY_COLUMNS),
      resource(DOWNLOADS.daysParquet, 'Contributions by repository and day', DAY_COLUMNS),
      ...listBoards(['global', ...repositoryNames.values()]),
    ],
  };
}

/** Their columns are described once, in a file of their own. */
const listBoards = (scopes: readonly string[]) =>
  scopes.flatMap((scope) =>
    CSV_PERIODS.map((period) => ({
      ...fileOf(boardCsv(scope, period), `The board ${scope}, ${period}`),
      schema: inFolder(DOWNLOADS.personSchema),
    })),
  );

const resource = (path: string, title: string, columns: readonly DownloadColumn[]) => ({
  ...fileOf(path, title),
  schema: schemaOf(columns),
});

/** The dictionary lies in the folder of the downloads. */
const inFolder = (path: string) => path.replace('downloads/', '');

function fileOf(path: string, title: string) {
  const format = path.slice(path.lastIndexOf('.') + 1);
  const name = inFolder(path)
    .toLowerCase()
    .replaceAll(/[^a-z0-9._-]/g, '-');
  return { name, title, path: inFolder(path), format, type: 'table' };
}

/** A Table Schema. */
export const schemaOf = (columns: readonly DownloadColumn[]) => ({
  $schema: 'https://datapackage.org/profiles/2.0/tableschema.json',
  fields: columns.map(({ name, type, description }) => ({ name, type, description })),
});
