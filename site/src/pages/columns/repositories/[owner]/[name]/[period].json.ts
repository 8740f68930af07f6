import { listLongBoards } from '../../../../../lib/board.ts';
import { buildColumns } from '../../../../../lib/columns-file.ts';
import { readRepositories } from '../../../../../lib/documents.ts';
import type { Period } from '../../../../../lib/urls.ts';

export const getStaticPaths = () =>
  readRepositories().flatMap(({ owner, name, full_name }) =>
    listLongBoards(full_name).map((period) => ({ params: { owner, name, period } })),
  );

interface Context {
  params: { owner: string; name: string; period: Period };
}

export const GET = ({ params: { owner, name, period } }: Context) =>
  Response.json(buildColumns(`${owner}/${name}`, period));
