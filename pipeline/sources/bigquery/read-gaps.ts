import { z } from 'zod';
import type { Gap } from '../../domain/gaps.ts';
import type { SourceRequest } from '../../domain/source.ts';
import { HOUR_MS, startOfHour, type TimeWindow } from '../../domain/window.ts';
import type { BigQueryPorts } from './ports.ts';
import { readPages } from './read-pages.ts';

const hourRowSchema = z.object({ hour: z.iso.datetime() });

/** The hours of the window that the archive lacks (404 are known, and a table may be missing). */
export async function readGaps(
  externalJobId: string,
  request: SourceRequest,
  ports: BigQueryPorts,
): Promise<Gap[]> {
  const present = new Set<number>();
  for await (const { rows } of readPages(externalJobId, request, ports)) {
    for (const row of rows) present.add(Date.parse(hourRowSchema.parse(row).hour));
  }
  return missingHours(request.window, present);
}

/** Hours that the window touches and that are not present, as gaps inside of it. */
export function missingHours(window: TimeWindow, present: ReadonlySet<number>): Gap[] {
  const gaps: Gap[] = [];
  const end = window.to.getTime();
  for (let hour = startOfHour(window.from).getTime(); hour < end; hour += HOUR_MS) {
    if (present.has(hour)) continue;
    const from = new Date(Math.max(hour, window.from.getTime()));
    gaps.push({ from, to: new Date(Math.min(hour + HOUR_MS, end)), reason: 'missing' });
  }
  return gaps;
}
