import type { Db } from '../../../db/client.ts';
import { readPartsPutAside } from '../../../db/queries/github-lists.ts';
import type { PublishedRepository } from '../../../db/queries/report/repositories.ts';
import { fullName } from '../../domain/names.ts';
import { parsePartsPutAside } from '../../domain/put-aside.ts';
import type { Coverage } from '../../published/documents.ts';
import type { Redact } from './operations.ts';

/** What GitHub refuses or can't show, by repository: the repository itself, lists, and items of them. */
export async function listPutAside(
  db: Db,
  rows: readonly PublishedRepository[],
  redact: Redact,
): Promise<Coverage['put_aside']> {
  const stored = await readPartsPutAside(db);
  return rows.flatMap((row) => {
    const repository = fullName(row);
    const parts = parsePartsPutAside(stored.get(row.id));
    const whole = row.failure_reason === null ? [] : [row.failure_reason];
    return [
      ...whole.map((reason) => ({
        repository,
        list: null,
        item: null,
        reason: redact(reason),
        since: null,
      })),
      ...parts.map(({ list, item, reason, since }) => ({
        repository,
        list,
        item: item === null ? null : redact(item),
        reason: redact(reason),
        since,
      })),
    ];
  });
}
