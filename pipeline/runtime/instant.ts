import { z } from 'zod';

const day = z.iso.date();
const ZONES = { offset: true, local: true };

/** With seconds and their fractions, or with minutes only. */
const instant = z.union([z.iso.datetime(ZONES), z.iso.datetime({ ...ZONES, precision: -1 })]);

const hasZone = (text: string) => /(Z|[+-]\d\d:?\d\d)$/.test(text);

/** Years that every part of the pipeline can store. */
const isInRange = (moment: Date) =>
  moment.getUTCFullYear() >= 1970 && moment.getUTCFullYear() <= 9999;

/**
 * A date (`2025-01-31`: its first moment in UTC) or an ISO instant, in UTC unless it has a zone.
 * Null for any other text, and for days that do not exist.
 */
export function parseInstant(text: string): Date | null {
  if (day.safeParse(text).success) return parseInstant(`${text}T00:00:00Z`);
  if (!instant.safeParse(text).success) return null;
  const moment = new Date(hasZone(text) ? text : `${text}Z`);
  return isInRange(moment) ? moment : null;
}
