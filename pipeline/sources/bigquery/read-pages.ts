import type { SourceRequest } from '../../domain/source.ts';
import type { BigQueryPorts } from './ports.ts';
import { withRetries } from './retry.ts';
import type { ResultPage } from './warehouse.ts';

/** The pages of a job that is done, one in memory at a time. */
export async function* readPages(
  externalJobId: string,
  { signal }: SourceRequest,
  { warehouse, retryDelaysMs }: BigQueryPorts,
): AsyncGenerator<ResultPage> {
  let token: string | null = null;
  do {
    const from: string | null = token;
    const page: ResultPage = await withRetries(retryDelaysMs, signal, () =>
      warehouse.readPage(externalJobId, from, signal),
    );
    yield page;
    token = page.next;
  } while (token !== null);
}
