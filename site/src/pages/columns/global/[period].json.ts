import { listLongBoards } from '../../../lib/board.ts';
import { buildColumns } from '../../../lib/columns-file.ts';
import type { Period } from '../../../lib/urls.ts';

export const getStaticPaths = () =>
  listLongBoards('global').map((period) => ({ params: { period } }));

export const GET = ({ params }: { params: { period: Period } }) =>
  Response.json(buildColumns('global', params.period));
