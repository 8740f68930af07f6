/**
 * How PostgreSQL's types become JavaScript values: the same on a server and embedded.
 * Keys are the OIDs of `pg_type`, which never change for built-in types.
 */

const BYTEA = 17;
const INT8 = 20;
const DATE = 1082;
const INT8_ARRAY = 1016;
const TIMESTAMPTZ = 1184;
const NUMERIC = 1700;

/**
 * A bigint as a number. Ids and counts stay far below 2^53; a larger one throws and is not rounded.
 */
function parseBigint(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw new RangeError(`bigint ${text} does not fit a number`);
  return value;
}

function parseBigintArray(text: string): number[] {
  return text === '{}' ? [] : text.slice(1, -1).split(',').map(parseBigint);
}

/** `2025-01-02 03:04:05.678+00` and other offsets; the session's time zone does not matter. */
function parseTimestamp(text: string): Date {
  const iso = text.replace(' ', 'T').replace(/([+-]\d{2})$/, '$1:00');
  const value = new Date(iso);
  if (Number.isNaN(value.getTime())) throw new RangeError(`timestamp ${text} is not finite`);
  return value;
}

/** `\\x00ff`, as every session of ours writes it. */
function parseBytes(text: string): Buffer {
  if (!text.startsWith('\\x')) throw new RangeError('bytes are not written in hexadecimal');
  return Buffer.from(text.slice(2), 'hex');
}

export const TYPE_PARSERS: Readonly<Record<number, (text: string) => unknown>> = {
  [BYTEA]: parseBytes,
  [INT8]: parseBigint,
  [INT8_ARRAY]: parseBigintArray,
  [NUMERIC]: Number,
  [TIMESTAMPTZ]: parseTimestamp,
  [DATE]: (text) => text,
};
