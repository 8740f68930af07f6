import { z } from 'zod';

const day = z.iso.date();
const instant = z.iso.datetime({ offset: true, local: true });

const hasZone = (text: string) => /(Z|[+-]\d\d:?\d\d)$/.test(text);

/**
 * A date (`2025-01-31`, its first moment in UTC) or an ISO instant; UTC where it names no zone.
 * Null for anything else, and for days that no calendar has.
 */
export function parseInstant(text: string): Date | null {
  if (day.safeParse(text).success) return new Date(`${text}T00:00:00Z`);
  if (!instant.safeParse(text).success) return null;
  const moment = new Date(hasZone(text) ? text : `${text}Z`);
  return Number.isNaN(moment.getTime()) ? null : moment;
}
