import type { Scoring } from '../../pipeline/published/documents.ts';

/** An invented community: who did what in which week. Seeded, so that each run is the same. */

export type Kind = keyof Scoring['base_points'];

export interface Person {
  readonly id: number;
  readonly login: string;
  readonly name: string | null;
}

/** What one person did in one repository in one week; week 0 is the newest. */
export interface Deed {
  readonly person: Person;
  readonly repository: string;
  readonly week: number;
  readonly counts: Readonly<Partial<Record<Kind, number>>>;
  readonly added: number;
  readonly deleted: number;
}

export const REPOSITORIES = ['meadow/garden', 'meadow/next.js', 'Tools-Co/shed'] as const;

/** A login that GitHub would refuse: a board must show it as text, and it has no page. */
export const HOSTILE_LOGIN = '<script>alert(1)</script>';
export const HOSTILE_NAME = '"><img src=x onerror=alert(2)>';

const SPECIAL: readonly (readonly [string, string | null])[] = [
  ['rosa-field', 'Rosa Field'],
  ['tied-one', 'Tied One'],
  ['tied-two', 'Tied Two'],
  ['xu', '李小龍'],
  ['zoe_mueller', 'Zoë Müller-Größe'],
  ['salma', 'سلمى الحسن'],
  ['nameless', null],
  ['hostile-name', HOSTILE_NAME],
  [HOSTILE_LOGIN, '</script><script>alert(3)</script>'],
  ['long-name', `Wolfeschlegelsteinhausenbergerdorff${'-welche'.repeat(9)}`],
  ['emoji', '🌻🌻 Sunny 🌻🌻'],
];

const FIRST = [
  'Ada',
  'Bo',
  'Cleo',
  'Dag',
  'Eli',
  'Fay',
  'Gil',
  'Hana',
  'Ivo',
  'June',
  'Kai',
  'Lea',
];
const LAST = [
  'Ash',
  'Birch',
  'Cedar',
  'Dale',
  'Elm',
  'Fern',
  'Glen',
  'Heath',
  'Ivy',
  'Lake',
  'Moss',
];

export function inventPeople(size: number): Person[] {
  return Array.from({ length: size }, (_, index) => {
    const special = SPECIAL[index];
    if (special) return { id: index + 1, login: special[0], name: special[1] };
    const first = FIRST[index % FIRST.length] as string;
    const last = LAST[index % LAST.length] as string;
    return {
      id: index + 1,
      login: `${first}-${last}-${index}`.toLowerCase(),
      name: `${first} ${last}`,
    };
  });
}

/** Mulberry32: four lines are enough for invented data. */
export function createDice(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

const RATES: Readonly<Record<Kind, number>> = {
  RELEASE: 0.05,
  PR_MERGED: 1.6,
  PR_REVIEWED: 1.2,
  PR_OPENED: 2,
  COMMIT: 6,
  ISSUE_OPENED: 1,
  ISSUE_CLOSED: 0.8,
  PR_REVIEW_COMMENT: 2,
  COMMENT: 4,
};

function inventWeek(dice: () => number, zeal: number): Pick<Deed, 'counts' | 'added' | 'deleted'> {
  const counts: Partial<Record<Kind, number>> = {};
  for (const [kind, rate] of Object.entries(RATES) as [Kind, number][]) {
    const count = Math.floor(rate * zeal * dice() * 2 + dice() * 0.6);
    if (count > 0) counts[kind] = count;
  }
  if (Object.keys(counts).length === 0) counts.COMMENT = 1;
  const lines = Math.floor((counts.PR_MERGED ?? 0) * dice() * 400);
  return { counts, added: lines, deleted: Math.floor(lines * dice() * 0.6) };
}

/** The first people are the busiest; the two called "tied" do the same things. */
export function inventDeeds(people: readonly Person[]): Deed[] {
  const deeds: Deed[] = [];
  for (const person of people) {
    const seed = person.login === 'tied-two' ? 2 : person.id;
    const dice = createDice(seed);
    const zeal = Math.max(0.05, 1.2 / Math.sqrt(seed));
    const busy = Math.max(0.02, zeal * 0.6);
    for (const repository of REPOSITORIES) {
      // Nobody touched the shed for a quarter: its newest boards are empty.
      const newest = repository === 'Tools-Co/shed' ? 20 : seed % 12;
      for (let week = newest; week < 110; week++) {
        const first = week === newest && repository === 'meadow/garden';
        if (!first && dice() > busy) continue;
        deeds.push({ person, repository, week, ...inventWeek(dice, zeal) });
      }
    }
  }
  return deeds;
}
