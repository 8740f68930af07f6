import { listPostgresFiles, readPostgresFile } from '../../lib/postgres-files.ts';

export const getStaticPaths = () => listPostgresFiles().map((file) => ({ params: { file } }));

export const GET = ({ params }: { params: { file: string } }) => {
  const { content, type } = readPostgresFile(params.file);
  return new Response(content, { headers: { 'content-type': type } });
};
