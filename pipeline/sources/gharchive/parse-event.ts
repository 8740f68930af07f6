import { isScored } from '../../domain/credit-archive-event.ts';

/** How an event of the archive usually begins; longer than any real beginning. */
const USUAL_BEGINNING = /^\{"id":"[^"]*","type":"([A-Za-z]+)",/;
const BEGINNING_BYTES = 100;

export type ParsedEvent =
  /** Parsed, but not checked against a schema. */
  { readonly event: unknown } | { readonly skipped: 'type_not_scored' };

/**
 * Reads the JSON text of one event; null if it is not JSON. A star or a fork that is written the
 * usual way is not parsed: its type is enough.
 */
export function parseEvent(text: Buffer): ParsedEvent | null {
  const type = USUAL_BEGINNING.exec(text.toString('latin1', 0, BEGINNING_BYTES))?.[1];
  if (type !== undefined && !isScored(type)) return { skipped: 'type_not_scored' };
  const event = parseJson(text);
  if (event === undefined) return null;
  if (!isScored((event as { type?: unknown } | null)?.type)) return { skipped: 'type_not_scored' };
  return { event };
}

/** The value of a JSON text; undefined if the text is not JSON. */
export function parseJson(text: Buffer): unknown {
  try {
    return JSON.parse(text.toString('utf8'));
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
