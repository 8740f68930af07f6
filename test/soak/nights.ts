import { disturbNight, makeModel, type NightEnd } from '../support/disturbed-nights.ts';
import { openLab } from '../support/night-lab.ts';
import { startPostgres } from '../support/postgres-server.ts';
import type { Finding } from './soak.ts';

const RUNS = 200;

/** Nights with a fault at random, each followed by a normal one. */
export async function soakNights(seed: number): Promise<Finding> {
  const server = await startPostgres();
  const lab = await openLab(server.url, server.restart);
  try {
    const model = await makeModel(lab, ['server', 'embedded']);
    const ends: NightEnd[] = [];
    for (let run = 0; run < RUNS; run++) {
      const end = await disturbNight(lab, model, seed + run);
      ends.push(end);
      console.log(`night ${run + 1} of ${RUNS}: ${end.what}, ${describeEnd(end)}`);
    }
    return describe(ends);
  } finally {
    await lab.close();
    await server.stop();
  }
}

function describeEnd({ violations }: NightEnd): string {
  return violations.length === 0 ? 'the same tables after the next run' : violations.join('; ');
}

function describe(ends: readonly NightEnd[]): Finding {
  const faults = Map.groupBy(ends, ({ fault }) => fault);
  const stopped = (some: readonly NightEnd[]) => some.filter(({ code }) => code !== 0).length;
  const counts = [...faults].map(
    ([fault, some]) => `${fault} ${some.length} (${stopped(some)} of them stopped the run)`,
  );
  const isSame = ({ violations }: NightEnd) => violations.length === 0;
  return {
    summary: `${ends.filter(isSame).length} of ${ends.length} had the same tables after the next run: ${counts.join(', ')}`,
    violations: ends.flatMap(({ seed, what, violations }) =>
      violations.map((text) => `with the seed ${seed}, ${what}: ${text}`),
    ),
  };
}
