import { createProgress } from '../../runtime/progress.ts';

type OnProgress = (done: number, total: number) => void;

/** A number of rows in words. */
export const describeRows = (rows: number): string =>
  rows === 1 ? '1 row' : `${rows.toLocaleString('en-US')} rows`;

/** Shows the progress of work on rows, and returns how many there were. */
export async function withRowProgress(
  work: (onProgress: OnProgress) => Promise<unknown>,
): Promise<number> {
  const progress = createProgress();
  let rows = 0;
  try {
    await work((done, total) => {
      rows = total;
      progress.update({ unit: 'rows', done, total, bytes: null, kept: null });
    });
  } finally {
    progress.finish();
  }
  return rows;
}
