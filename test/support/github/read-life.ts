import fc from 'fast-check';
import { emptyTables } from '../databases.ts';
import { type Life, live, lives } from './lives.ts';
import { type LocalGithub, startLocalGithub } from './local-github.ts';
import { MONTH } from './made-up-world.ts';
import { type Nights, openNights } from './night.ts';
import { readRows } from './scrape.ts';

/** A life of two repositories, read night by night with disturbances, and all at once at its end. */

/** What happens to one night. */
interface Disturbance {
  /** It is killed at its so-manieth request, and done again; null: it is not. */
  readonly killAt: number | null;
  /** All is read once more after it. */
  readonly isTwice: boolean;
}

export interface ReadLife {
  readonly life: Life;
  readonly disturbances: readonly Disturbance[];
  /** Each night looks at all of the past again; else one that wants all does so at the end. */
  readonly isRechecked: boolean;
}

export const readLives = (days: number, steps: number): fc.Arbitrary<ReadLife> =>
  fc.record({
    life: lives(days, steps),
    disturbances: fc.array(
      fc.record({
        killAt: fc.option(fc.integer({ min: 0, max: 60 }), { freq: 2 }),
        isTwice: fc.integer({ min: 0, max: 4 }).map((one) => one === 0),
      }),
      { minLength: days, maxLength: days },
    ),
    isRechecked: fc.boolean(),
  });

export interface LifeReader {
  /** The rows that the nights lead to, and those of one reading at the end. */
  read(what: ReadLife): Promise<{ nightly: unknown[]; atOnce: unknown[] }>;
  /** What GitHub would have refused. */
  violations(): readonly string[];
  close(): Promise<void>;
}

/** Opens readers on a database of their own each. @param url makes their addresses */
export async function openLifeReader(url?: () => Promise<string>): Promise<LifeReader> {
  const limits = { core: 1e9, graphql: 1e9 };
  const github = await startLocalGithub({ world: { repositories: [], people: [] }, limits });
  const open = async (days: number, plansRechecks: boolean) =>
    openNights({
      github,
      repositories: ['guild/life0', 'guild/life1'],
      files: { 'pipeline.yaml': `github: { recheck_days: ${days} }\n` },
      plansRechecks,
      url: (await url?.()) ?? 'memory:',
    });
  const rechecking = await open(1, true);
  const plain = await open(30, false);
  const close = async () => {
    await Promise.all([rechecking.close(), plain.close()]);
    await github.close();
  };
  return {
    violations: () => github.violations,
    close,
    read: async ({ life, disturbances, isRechecked }) => {
      const { world, nights } = live(life);
      github.setWorld(world);
      const last = nights.at(-1) as string;
      const reader = isRechecked ? rechecking : plain;
      await emptyTables(reader.db);
      for (const [place, now] of nights.entries()) {
        await readNight(github, reader, now, disturbances[place] as Disturbance);
      }
      if (!isRechecked) await whole(reader, last);
      const nightly = await readRows(reader.db);
      await emptyTables(plain.db);
      await whole(plain, last);
      return { nightly, atOnce: await readRows(plain.db) };
    },
  };
}

const from = new Date(MONTH.from);

/** Reads all that there is at a moment. */
const whole = async (nights: Nights, now: string) =>
  mustEndWell(await nights.read(now, { jobType: 'full', from, to: new Date(now) }));

async function readNight(
  github: LocalGithub,
  nights: Nights,
  now: string,
  { killAt, isTwice }: Disturbance,
): Promise<void> {
  if (killAt !== null) {
    const killed = new AbortController();
    const end = github.requests.length + killAt;
    github.setFault(({ index }) => void (index >= end && killed.abort()));
    await nights.read(now, {}, killed.signal).catch((error: unknown) => {
      if (!killed.signal.aborted) throw error;
    });
    github.setFault(() => undefined);
  }
  mustEndWell(await nights.read(now));
  if (isTwice) await whole(nights, now);
}

function mustEndWell({ code }: { readonly code: number }): void {
  if (code !== 0) throw new Error(`a night ended with exit code ${code}`);
}
