import fc from 'fast-check';

/** JSON as nobody expects it: the answer of a server with some of its values replaced. */

/** Values that have broken parsers, databases and pages. */
export const NASTY: readonly unknown[] = [
  ...[null, true, -1, 0.5, 2 ** 31, 2 ** 53, 2 ** 60, 1e308, -0],
  ...['', '\0', 'a\0b', '\ud800', '\udc00x', '\u202e', 'x'.repeat(70_000), '9'.repeat(40)],
  ...['2025-02-30T00:00:00Z', '2025-03-05', 'yesterday', '+275760-09-13T00:00:00Z', 'NaN'],
  ...['__proto__', '<html></html>', '::error::x', '../..', [], {}, [[]], [null], { nodes: null }],
];

export const nastyValue = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...NASTY) },
  { weight: 1, arbitrary: fc.jsonValue({ maxDepth: 2 }) },
);

/** One change: the place is the n-th member of the document, counted through. */
export interface Mutation {
  readonly place: number;
  readonly value: unknown;
  /** Leaves the member out. */
  readonly isGone: boolean;
}

export const mutation: fc.Arbitrary<Mutation> = fc.record({
  place: fc.nat(),
  value: nastyValue,
  isGone: fc.integer({ min: 0, max: 4 }).map((number) => number === 0),
});

type Holder = Record<string, unknown>;

/** Every member of a document, with the object or list that holds it. */
function membersOf(document: unknown): (readonly [holder: Holder, key: string])[] {
  if (typeof document !== 'object' || document === null) return [];
  const holder = document as Holder;
  return Object.keys(holder).flatMap((key) => [[holder, key] as const, ...membersOf(holder[key])]);
}

/** Changes a document in place; nothing happens to one without members. */
export function mutate(document: unknown, { place, value, isGone }: Mutation): void {
  const members = membersOf(document);
  const [holder, key] = members[place % Math.max(members.length, 1)] ?? [];
  if (!holder || key === undefined) return;
  if (!isGone) holder[key] = structuredClone(value);
  else if (Array.isArray(holder)) holder.splice(Number(key), 1);
  else delete holder[key];
}

/** A body that is not what was asked for at all. */
export const WRONG_BODIES: readonly string[] = [
  ...['', ' ', '<html><body>Unicorn!</body></html>', '{"data":{"repository":', '[1,', 'null', '[]'],
  ...['{}', '0', '"text"', 'true', '1e999', '{"data":null}', '{"data":[]}', '{"data":"x"}'],
  ...['{"errors":null}', '{"errors":[]}', '{"errors":{}}', '{"errors":[null]}', '{"errors":"x"}'],
  ...['{"data":{},"errors":[{"message":7}]}', '{"data":{"repository":null}}', '{"message":{}}'],
  ...['{"data":{},"errors":[{"message":"x","path":"y"}]}', '['.repeat(50_000)],
];
