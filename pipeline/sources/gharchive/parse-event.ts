import { isScored } from '../../domain/credit-archive-event.ts';
import { EVENT_SHAPES, TYPE_SHAPE } from './event-shape.ts';
import { pickJson, type Shape } from './pick-json.ts';

/** How an event of the archive usually begins; longer than any real beginning. */
const USUAL_BEGINNING = /^\{"id":"[^"]*","type":"([A-Za-z]+)",/;
const BEGINNING_BYTES = 100;

export type ParsedEvent =
  /** Only the fields that are used; nothing of it is checked. */
  { readonly event: unknown } | { readonly skipped: 'type_not_scored' };

/** Reads the JSON text of one event; null if it is none. Of stars and forks only the type is read. */
export function parseEvent(text: Buffer): ParsedEvent | null {
  const usual = USUAL_BEGINNING.exec(text.toString('latin1', 0, BEGINNING_BYTES))?.[1];
  const type = usual ?? typeOf(text);
  if (type === null) return null;
  if (!isScored(type)) return { skipped: 'type_not_scored' };
  const event = pickWhole(text, EVENT_SHAPES[type]);
  return event === null ? null : { event };
}

/** The type of an event however it is written; null if it is no JSON. */
function typeOf(text: Buffer): unknown {
  const event = pickWhole(text, TYPE_SHAPE) as { type?: unknown } | null;
  return event === null ? null : (event.type ?? 'none');
}

function pickWhole(text: Buffer, shape: Shape): unknown {
  const picked = pickJson(text, 0, shape);
  return picked?.end === text.length ? picked.value : null;
}
