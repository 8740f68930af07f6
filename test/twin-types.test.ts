import { describe, expect, it } from 'vitest';
import { type ObjectType, objectTypes, parseFile, parseText } from './support/declarations.ts';
import { sourceFiles } from './support/imports.ts';

/**
 * One thing has one type. Two layers that know the same thing take its type from the domain, and
 * do not declare it twice. Twins are two object types of different layers, each with at least
 * four properties, that share at least 80 % of the larger one's property names, `snake_case` and
 * `camelCase` being the same.
 *
 * Not compared are the tables of db/schema.ts: they state the columns, whose names and types differ
 * from what the domain makes of them. The published documents are zod schemas, and their types are
 * inferred: they are no declarations.
 */

const LEAST_PROPERTIES = 4;
const LEAST_OVERLAP = 0.8;

/** `sources`, `stages`, …, `db`, `site`. */
const layerOf = ({ file }: ObjectType) => file.replace(/^pipeline\//, '').split('/')[0];

const isTable = ({ file, name }: ObjectType) => file === 'db/schema.ts' && name.endsWith('Table');

const toCamelCase = (name: string) =>
  name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());

/** The type itself and the types that it extends, as far as they are declared here. */
function lineage(type: ObjectType, all: ReadonlyMap<string, ObjectType>): Set<ObjectType> {
  const line = new Set([type]);
  for (const member of line)
    for (const parent of member.parents) {
      const found = all.get(parent);
      if (found) line.add(found);
    }
  return line;
}

/** The names of what a type has and the other one does not have by the same declaration. */
function namesOf(line: ReadonlySet<ObjectType>, other: ReadonlySet<ObjectType>): Set<string> {
  const own = [...line].filter((type) => !other.has(type));
  return new Set(own.flatMap(({ properties }) => properties.map(toCamelCase)));
}

function overlap(a: ReadonlySet<ObjectType>, b: ReadonlySet<ObjectType>): number {
  const ofA = namesOf(a, b);
  const ofB = namesOf(b, a);
  if (Math.min(ofA.size, ofB.size) < LEAST_PROPERTIES) return 0;
  return [...ofA].filter((name) => ofB.has(name)).length / Math.max(ofA.size, ofB.size);
}

function findTwins(types: readonly ObjectType[]): string[] {
  const byName = new Map(types.map((type) => [type.name, type]));
  const lines = types.map((type) => ({ type, line: lineage(type, byName) }));
  const say = ({ file, name }: ObjectType) => `${name} (${file})`;
  return lines.flatMap((a, place) =>
    lines
      .slice(place + 1)
      .filter((b) => layerOf(a.type) !== layerOf(b.type))
      .filter((b) => overlap(a.line, b.line) >= LEAST_OVERLAP)
      .map((b) => `${say(a.type)} and ${say(b.type)}`),
  );
}

describe('object types', () => {
  const types = sourceFiles()
    .filter((file) => file.endsWith('.ts'))
    .flatMap((file) => objectTypes(parseFile(file)));

  it('are found in every layer', () => {
    expect(types.length).toBeGreaterThan(200);
    const layers = ['config', 'db', 'domain', 'runtime', 'site', 'sources', 'stages'];
    expect(types.map(layerOf)).toEqual(expect.arrayContaining(layers));
  });

  it('have no twin in another layer', () => {
    expect(findTwins(types.filter((type) => !isTable(type)))).toEqual([]);
  });

  const COST = 'export interface Cost { day: string; source: string; usd: number; bytes: number }';

  it.each([
    ['the same', 'interface Row { day: Date; source: string; usd: number; bytes: bigint }', true],
    ['an alias', 'type Row = { readonly day: Date; source?: string; usd(): 1; bytes: 2 }', true],
    ['one property more', 'interface Row { day: 1; source: 2; usd: 3; bytes: 4; id: 5 }', true],
    [
      'two properties more',
      'interface Row { day: 1; source: 2; usd: 3; bytes: 4; i: 5; j: 6 }',
      false,
    ],
    [
      'its parts',
      'interface Half { day: 1; source: 2 } type Row = Half & { usd: 3; bytes: 4 }',
      true,
    ],
    ['an extension', 'interface Row extends Cost { id: 1; at: 2; by: 3; of: 4 }', false],
    ['another one', 'interface Row { id: 1; name: 2; usd: 3; bytes: 4 }', false],
  ])('with a twin would be found: %s', (_, text, isTwin) => {
    const both = [
      parseText('pipeline/domain/budget.ts', COST),
      parseText('db/queries/costs.ts', text),
    ].flatMap(objectTypes);
    expect(findTwins(both)).toHaveLength(isTwin ? 1 : 0);
  });

  it('in snake case and camel case are twins, those of one layer are not', () => {
    const camel = 'interface A { firstAt: 1; lastAt: 2; userId: 3; rank: 4 }';
    const snake = 'interface B { first_at: 1; last_at: 2; user_id: 3; rank: 4 }';
    const find = (file: string) =>
      findTwins(
        [parseText('pipeline/domain/a.ts', camel), parseText(file, snake)].flatMap(objectTypes),
      );
    expect(find('site/src/lib/b.ts')).toEqual([
      'A (pipeline/domain/a.ts) and B (site/src/lib/b.ts)',
    ]);
    expect(find('pipeline/domain/b.ts')).toEqual([]);
  });
});
