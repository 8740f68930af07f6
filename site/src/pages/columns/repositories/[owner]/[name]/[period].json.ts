import { listLongBoards } from '../../../../../lib/board.ts';
import { buildColumns } from '../../../../../lib/columns-file.ts';
import { readRepositories } from '../../../../../lib/documents.ts';
import type { Period, Scope } from '../../../../../lib/urls.ts';

export const getStaticPaths = () =>
  readRepositories().flatMap(({ owner, name, full_name }) =>
    listLongBoards(full_name).map((period) => ({
      params: { owner, name, period },
      props: { scope: full_name, period },
    })),
  );

interface Context {
  props: { scope: Scope; period: Period };
}

export const GET = ({ props: { scope, period } }: Context) =>
  Response.json(buildColumns(scope, period));
