import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  objectShape,
  pickJson,
  type Shape,
  WHOLE,
} from '../../../../pipeline/sources/gharchive/pick-json.ts';

/** What is wanted, written plainly: `true` for all of it. */
type Wanted = true | { [key: string]: Wanted } | [Wanted];

function shapeOf(wanted: Wanted): Shape {
  if (wanted === true) return WHOLE;
  if (Array.isArray(wanted)) return { type: 'list', item: shapeOf(wanted[0]) };
  return objectShape(
    Object.fromEntries(Object.entries(wanted).map(([key, value]) => [key, shapeOf(value)])),
  );
}

/** The same by `JSON.parse`: everything is made, and then thrown away. */
function pickPlainly(value: unknown, wanted: Wanted): unknown {
  if (wanted === true || typeof value !== 'object' || value === null) return value;
  if (Array.isArray(wanted) !== Array.isArray(value)) return value;
  if (Array.isArray(value)) {
    return value.map((item) => pickPlainly(item, (wanted as [Wanted])[0]));
  }
  const fields = Object.entries(value).filter(([key]) => Object.hasOwn(wanted, key));
  return Object.fromEntries(
    fields.map(([key, field]) => [
      key,
      pickPlainly(field, (wanted as Record<string, Wanted>)[key] as Wanted),
    ]),
  );
}

const BROKEN = Symbol('broken');

function expected(bytes: Buffer, wanted: Wanted): unknown {
  try {
    return pickPlainly(JSON.parse(bytes.toString('utf8')), wanted);
  } catch {
    return BROKEN;
  }
}

/** What is picked of a text that is one value, with blanks around it or not. */
function picked(bytes: Buffer, wanted: Wanted): unknown {
  const start = bytes.findIndex((byte) => !' \t\r\n'.includes(String.fromCharCode(byte)));
  const found = start < 0 ? null : pickJson(bytes, start, shapeOf(wanted));
  const rest = found && bytes.toString('latin1', found.end);
  return found && /^[ \t\r\n]*$/.test(rest ?? '') ? found.value : BROKEN;
}

const keys = fc.constantFrom('a', 'b', 'id', 'é', '"', 'a\\b', '', '\u2028');

const wanted = fc.letrec<{ wanted: Wanted }>((tie) => ({
  wanted: fc.oneof(
    { maxDepth: 3 },
    fc.constant(true as const),
    fc.dictionary(keys, tie('wanted')),
    fc.tuple(tie('wanted')),
  ) as fc.Arbitrary<Wanted>,
})).wanted;

const json = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.string({ unit: 'binary' }),
    fc.double(),
    fc.integer(),
    fc.constantFrom(true, false, null, 'https://example.org/a/b', '\\', '"', '\u0000'),
    fc.dictionary(keys, tie('value')),
    fc.array(tie('value')),
  ),
})).value;

const text = fc
  .tuple(json, fc.constantFrom('', ' ', '\t', '\r\n'))
  .map(([value, indent]) => Buffer.from(JSON.stringify(value, null, indent)));

describe('the parts of a JSON text', () => {
  it('are what JSON.parse makes of them', () => {
    fc.assert(
      fc.property(text, wanted, (bytes, parts) => {
        expect(picked(bytes, parts)).toEqual(expected(bytes, parts));
      }),
      { numRuns: 1000 },
    );
  });

  it('are refused where JSON.parse refuses the text, and only there', () => {
    const harm = fc.oneof(
      fc.constantFrom(...Buffer.from('"\\{}[]:,0-+.eEu \t\n\u0000x')),
      fc.integer({ min: 0, max: 255 }),
    );
    const how = fc.constantFrom('replace', 'insert', 'delete');
    const places = fc.array(fc.tuple(fc.nat(), harm, how), { minLength: 1, maxLength: 3 });
    fc.assert(
      fc.property(text, wanted, places, (whole, parts, harms) => {
        const bytes = [...whole];
        for (const [place, byte, change] of harms) {
          const at = place % (bytes.length + 1);
          bytes.splice(at, change === 'insert' ? 0 : 1, ...(change === 'delete' ? [] : [byte]));
        }
        const harmed = Buffer.from(bytes);
        expect(picked(harmed, parts)).toEqual(expected(harmed, parts));
      }),
      { numRuns: 5000 },
    );
  });

  it.each([
    ['a key written with escapes', '{"\\u0061":1}', { a: true }, { a: 1 }],
    ['the last of two of one key', '{"a":1,"a":2}', { a: true }, { a: 2 }],
    ['no key of its prototype', '{"__proto__":{"a":1},"b":2}', { a: true, b: true }, { b: 2 }],
    ['a list where an object was wanted', '{"a":[1]}', { a: { b: true } }, { a: [1] }],
    ['null where an object was wanted', '{"a":null}', { a: { b: true } }, { a: null }],
    ['each item of a list', '{"a":[{"b":1,"c":2},3]}', { a: [{ b: true }] }, { a: [{ b: 1 }, 3] }],
    ['nothing of what is not wanted', '{"c":{"a":1}}', { a: true }, {}],
    ['half a surrogate pair', '{"a":"\\ud800"}', { a: true }, { a: '\ud800' }],
    ['a large number as it is', '{"a":1208925819614629174706176}', { a: true }, { a: 2 ** 80 }],
  ] as [string, string, Wanted, unknown][])('%s', (_, input, parts, value) => {
    expect(pickJson(Buffer.from(input), 0, shapeOf(parts))).toEqual({
      value,
      end: Buffer.byteLength(input),
    });
  });

  it('end where the value ends', () => {
    expect(pickJson(Buffer.from('  {"a":1}{"a":2}'), 2, WHOLE)).toEqual({
      value: { a: 1 },
      end: 9,
    });
  });

  it('of a text that nests without end are refused, and cost little', () => {
    for (const opening of ['[', '{"a":']) {
      const deep = Buffer.from(opening.repeat(1_000_000));
      expect(pickJson(deep, 0, shapeOf({ b: true }))).toBeNull();
      expect(pickJson(deep, 0, WHOLE)).toBeNull();
    }
  });
});
