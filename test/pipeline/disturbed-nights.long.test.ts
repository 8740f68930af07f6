import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { disturbNight, type Model, makeModel } from '../support/disturbed-nights.ts';
import { openLab } from '../support/night-lab.ts';

/** `npm run soak -- nights` tries many more, and restarts of the server. */
const SEEDS = [1, 4, 5, 7];

let lab: Awaited<ReturnType<typeof openLab>>;
let model: Model;
beforeAll(async () => {
  lab = await openLab(inject('postgresUrl'));
  model = await makeModel(lab, [inject('postgresUrl') ? 'server' : 'embedded']);
});
afterAll(() => lab.close());

it.each(SEEDS)(
  'a night after one with a fault, of the seed %i, has the same tables',
  async (seed) => {
    const { what, violations } = await disturbNight(lab, model, seed);
    expect(violations, what).toEqual([]);
  },
);
