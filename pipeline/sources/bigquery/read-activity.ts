import type { Sighting } from '../../domain/sighting.ts';
import type { SourceBatch, SourceRequest } from '../../domain/source.ts';
import { runQuery } from './job.ts';
import type { BigQueryPorts } from './ports.ts';
import { buildArchiveQuery } from './query.ts';
import { readPages } from './read-pages.ts';
import { recoverReservations } from './recover.ts';
import { activityRowSchema } from './rows.ts';

/**
 * The cheap mode: no payload, so about a thirtieth of the price.
 *
 * The key of every kind of contribution is made from a number, an id or a sha (`eventIds`), and
 * all of these are in the payload: a release's id, the number of a pull request or issue, the id
 * of a review or comment, the sha of a commit. So this mode credits no kind at all. It tells who
 * was active under which login, for the rename rule, and how many events there are. Every event
 * is passed over as `payload_not_read`, and the whole window is a gap: it was not read.
 */
export async function* readActivity(
  request: SourceRequest,
  ports: BigQueryPorts,
): AsyncGenerator<SourceBatch> {
  await recoverReservations(ports, request.signal);
  const externalJobId = await runQuery(buildArchiveQuery(request, 'activity'), request, ports);
  let done = 0;
  for await (const { rows, totalRows } of readPages(externalJobId, request, ports)) {
    yield toBatch(rows);
    done += rows.length;
    request.onProgress({ unit: 'rows', done, total: totalRows, bytes: null, kept: 0 });
  }
  yield { ...toBatch([]), gaps: [{ ...request.window, reason: 'payload_not_read' }] };
}

function toBatch(rows: readonly unknown[]): SourceBatch {
  const active = rows.map((row) => activityRowSchema.parse(row));
  const read = active.reduce((total, { events }) => total + events, 0);
  return {
    contributions: [],
    sightings: active.map(toSighting),
    gaps: [],
    read,
    kept: 0,
    skipped: read > 0 ? { payload_not_read: read } : {},
    noticed: {},
  };
}

function toSighting(row: ReturnType<typeof activityRowSchema.parse>): Sighting {
  const { actor_id: id, actor_login: login } = row;
  return { id, login, type: null, firstSeenAt: row.first_seen_at, lastSeenAt: row.last_seen_at };
}
