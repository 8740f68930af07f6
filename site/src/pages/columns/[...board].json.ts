import { listLongBoards, repositoryNames } from '../../lib/board.ts';
import { buildColumns } from '../../lib/columns-file.ts';
import { spellFullName } from '../../lib/paths.ts';
import type { Period, Scope } from '../../lib/urls.ts';

/** The columns of every board that has more than one page. */
export const getStaticPaths = () => ['global', ...repositoryNames()].flatMap(listColumns);

const listColumns = (scope: Scope) =>
  listLongBoards(scope).map((period) => ({
    params: {
      board: `${scope === 'global' ? scope : `repositories/${spellFullName(scope)}`}/${period}`,
    },
    props: { scope, period },
  }));

interface Context {
  props: { scope: Scope; period: Period };
}

export const GET = ({ props: { scope, period } }: Context) =>
  Response.json(buildColumns(scope, period));
