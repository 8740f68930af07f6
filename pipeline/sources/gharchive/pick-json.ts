import { isAt } from '../bytes.ts';
import {
  BrokenJsonError,
  skipBlanks,
  skipColon,
  skipPlain,
  skipString,
  skipValue,
} from './skip-json.ts';

/**
 * Reads of a JSON text only the parts that are used. An event of a pull request is 20 kB, of
 * which ten fields count; making objects of the rest is what reading an archive would cost most.
 */

const QUOTE = 0x22;
const OPEN = 0x7b;
const CLOSE = 0x7d;
const OPEN_LIST = 0x5b;
const CLOSE_LIST = 0x5d;
const COMMA = 0x2c;
const ZERO = 0x30;
const NINE = 0x39;
/** So many digits are exact in a number. */
const MAX_SHORT_DIGITS = 15;

/** The parts of a value that are wanted. */
export type Shape =
  | { readonly type: 'whole' }
  /** Of an object these keys; what is no object is wanted whole. */
  | { readonly type: 'object'; readonly fields: Fields }
  /** Of each item of a list the same parts; what is no list is wanted whole. */
  | { readonly type: 'list'; readonly item: Shape };

interface Field {
  readonly key: string;
  readonly bytes: Buffer;
  readonly shape: Shape;
}

/** Fields by the length of their keys in bytes. */
type Fields = readonly (readonly Field[])[];

export const WHOLE: Shape = { type: 'whole' };

export function objectShape(shapes: Readonly<Record<string, Shape>>): Shape {
  const fields: Field[][] = [];
  for (const [key, shape] of Object.entries(shapes)) {
    const bytes = Buffer.from(key);
    for (let length = fields.length; length <= bytes.length; length++) fields.push([]);
    fields[bytes.length]?.push({ key, bytes, shape });
  }
  return { type: 'object', fields };
}

/** What was wanted of a value, and the index after it. */
export interface Picked {
  readonly value: unknown;
  readonly end: number;
}

/**
 * Reads the value that starts at `start`: what `JSON.parse` would give, without the keys that
 * no shape names. Null if it is no JSON.
 */
export function pickJson(bytes: Buffer, start: number, shape: Shape): Picked | null {
  const reader = new JsonReader(bytes, start);
  try {
    const value = reader.read(shape);
    return { value, end: reader.at };
  } catch (error) {
    if (error instanceof BrokenJsonError) return null;
    throw error;
  }
}

class JsonReader {
  /** Index of the next byte. */
  at: number;
  readonly #bytes: Buffer;

  constructor(bytes: Buffer, start: number) {
    this.#bytes = bytes;
    this.at = start;
  }

  read(shape: Shape): unknown {
    const byte = this.#bytes[this.at];
    if (shape.type === 'object' && byte === OPEN) return this.#readObject(shape.fields);
    if (shape.type === 'list' && byte === OPEN_LIST) return this.#readList(shape.item);
    if (byte === QUOTE) return this.#readString();
    return this.#readShortNumber() ?? this.#readWhole();
  }

  #readObject(fields: Fields): Record<string, unknown> {
    const object: Record<string, unknown> = {};
    if (this.#opensEmpty(CLOSE)) return object;
    do {
      const field = this.#readKey(fields);
      if (field) object[field.key] = this.read(field.shape);
      else this.at = skipValue(this.#bytes, this.at);
    } while (this.#goesOn(CLOSE));
    return object;
  }

  #readList(item: Shape): unknown[] {
    const list: unknown[] = [];
    if (this.#opensEmpty(CLOSE_LIST)) return list;
    do list.push(this.read(item));
    while (this.#goesOn(CLOSE_LIST));
    return list;
  }

  /** Passes over an opening bracket, and over its closer if that comes next. */
  #opensEmpty(closer: number): boolean {
    this.at = skipBlanks(this.#bytes, this.at + 1);
    if (this.#bytes[this.at] !== closer) return false;
    this.at++;
    return true;
  }

  /** Passes over the comma or the closer after a value. */
  #goesOn(closer: number): boolean {
    this.at = skipBlanks(this.#bytes, this.at);
    const byte = this.#bytes[this.at];
    if (byte !== COMMA && byte !== closer) throw new BrokenJsonError('no comma');
    this.at++;
    if (byte === closer) return false;
    this.at = skipBlanks(this.#bytes, this.at);
    return true;
  }

  /** Passes over a key and its colon, and finds the field that it names. */
  #readKey(fields: Fields): Field | undefined {
    if (this.#bytes[this.at] !== QUOTE) throw new BrokenJsonError('no key');
    const start = this.at + 1;
    const end = skipPlain(this.#bytes, start);
    const isPlain = this.#bytes[end] === QUOTE;
    const field = isPlain
      ? findField(fields, this.#bytes, start, end)
      : findNamed(fields, this.#readString());
    if (isPlain) this.at = end + 1;
    this.at = skipColon(this.#bytes, this.at);
    return field;
  }

  #readString(): string {
    const start = this.at;
    const end = skipPlain(this.#bytes, start + 1);
    if (this.#bytes[end] === QUOTE) {
      this.at = end + 1;
      return this.#bytes.toString('utf8', start + 1, end);
    }
    this.at = skipString(this.#bytes, start);
    return JSON.parse(this.#bytes.toString('utf8', start, this.at));
  }

  /** A whole number of few digits, as nearly all are; null if it is written in another way. */
  #readShortNumber(): number | null {
    if (this.#bytes[this.at] === ZERO) return null;
    let value = 0;
    let next = this.at;
    let byte = this.#bytes[next] as number;
    for (; byte >= ZERO && byte <= NINE; byte = this.#bytes[++next] as number)
      value = value * 10 + (byte - ZERO);
    const digits = next - this.at;
    if (digits === 0 || digits > MAX_SHORT_DIGITS) return null;
    if (byte !== COMMA && byte !== CLOSE && byte !== CLOSE_LIST) return null;
    this.at = next;
    return value;
  }

  #readWhole(): unknown {
    const start = this.at;
    this.at = skipValue(this.#bytes, start);
    return JSON.parse(this.#bytes.toString('utf8', start, this.at));
  }
}

function findField(fields: Fields, bytes: Buffer, start: number, end: number): Field | undefined {
  const candidates = fields[end - start];
  if (candidates === undefined) return undefined;
  for (const field of candidates) if (isAt(bytes, start, field.bytes)) return field;
  return undefined;
}

function findNamed(fields: Fields, key: string): Field | undefined {
  return fields[Buffer.byteLength(key)]?.find((field) => field.key === key);
}
