import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { boardSchema, indexSchema } from '../../../../pipeline/published/documents.ts';
import { documentPath, SAFE_LOGIN } from '../../../../pipeline/published/paths.ts';
import { shardOf } from '../../../../pipeline/published/shards.ts';
import { calculate } from '../../../../pipeline/stages/calculate/index.ts';
import { report } from '../../../../pipeline/stages/report/index.ts';
import { configOf, NOW, quiet } from '../../../support/community.ts';
import { useDatabase } from '../../../support/databases.ts';
import { fillShape } from '../../../support/fill-shape.ts';
import { readTexts } from '../../../support/read-documents.ts';

/** Within 15 %. */
function expectAbout(estimate: number | undefined, size: number, what: string): void {
  expect(estimate ?? 0, what).toBeGreaterThan(size * 0.85);
  expect(estimate ?? 0, what).toBeLessThan(size * 1.15);
}

/** A community of a real shape, whole, however small the site must be. */

const SHAPE = { people: 1_500, repositories: 8, contributions: 20_000 };

describe('the documents of a community that does not fit', () => {
  const database = useDatabase('embedded');
  const out = mkdtempSync(join(tmpdir(), 'plan-'));
  afterAll(() => rmSync(out, { recursive: true, force: true }));

  const messages: string[] = [];
  const log = { ...quiet, info: (_: object, message: string) => messages.push(message) };
  const publish = async (site: object) => {
    const config = configOf({ site });
    await report({ db: database.db, config, now: NOW, log, out, sample: false });
    return readTexts(join(out, 'api/v1'));
  };
  let texts: ReadonlyMap<string, string>;
  beforeAll(async () => {
    await fillShape(database.db, SHAPE, NOW);
    await calculate({ db: database.db, config: configOf(), now: NOW, log: quiet });
    texts = await publish({ size_limit_mb: 45, page_size: 20, og_images: 0 });
  }, 120_000);
  const read = (path: string) => JSON.parse(texts.get(path) ?? 'null');
  const index = () => indexSchema.parse(read('index.json'));

  /** Everybody on a board, in its order. */
  const board = (period: string, path = `boards/global/${period}`) =>
    boardSchema.parse(read(`${path}/1.json`)).columns;

  it('give everybody with points a page or a place in a shard, and nobody both', () => {
    const { contributors, people, contributor_shards: shards, plan } = index();
    expect(plan.limited_by).toBe('size_limit_mb');
    expect(contributors.length).toBeGreaterThan(100);
    expect(contributors.length).toBeLessThan(people);
    const inShards = Array.from({ length: shards }, (_, shard) => {
      const own = read(documentPath('contributor_shard', { shard })).contributors;
      const names: string[] = own.map(({ username }: { username: string }) => username);
      for (const name of names) expect(shardOf(name.toUpperCase(), shards)).toBe(shard);
      return names;
    }).flat();
    const { username, rank = [] } = board('all');
    const ranked = username.filter((name, at) => rank[at] !== null && SAFE_LOGIN.test(name));
    expect([...contributors, ...inShards].toSorted()).toEqual(ranked.toSorted());
    expect(people).toBe(ranked.length);
    for (const name of ranked) {
      expect(texts.has(`contributors/${name}.json`), name).toBe(true);
      const isOwn = contributors.includes(name);
      for (const part of ['activity', 'repositories'])
        expect(texts.has(`contributors/${name}/${part}.json`), name).toBe(isOwn);
    }
  });

  it('give pages to the best and to those who were active in the last 90 days first', () => {
    const { contributors, board_pages, page_size } = index();
    const own = new Set(contributors);
    const all = board('all').username;
    for (const name of all.slice(0, board_pages * page_size))
      expect(own.has(name), name).toBe(true);
    const active = new Set(board('quarter').username);
    const isWithout = (name: string) => !own.has(name);
    const lastActive = all.findIndex((name) => active.has(name) && isWithout(name));
    const later = all.slice(board_pages * page_size).filter((name) => own.has(name));
    // As soon as somebody active has no page, nobody has one who was not active.
    if (lastActive >= 0) expect(later.every((name) => active.has(name))).toBe(true);
    else expect(later.some((name) => !active.has(name))).toBe(true);
  });

  it('say what was chosen, and stay within the limit', () => {
    const { contributors, people, plan } = index();
    const sum = plan.files.reduce((total, { bytes }) => total + bytes, 0);
    expect(plan.estimated_bytes).toBe(sum);
    expect(sum).toBeLessThanOrEqual(plan.limit_bytes);
    expect(plan.limit_bytes).toBe(45_000_000);
    expect(messages).toContainEqual(
      `The site takes about ${(sum / 1e6).toFixed(1)} of 45.0 MB; ${contributors.length} of ` +
        `${people.toLocaleString('en-US')} people have a page of their own; one page shows the ` +
        'others, as size_limit_mb in config/site.yaml leaves no room for more.',
    );
  });

  it('are as large as was estimated, by kind', () => {
    const kinds: Readonly<Record<string, RegExp>> = {
      'boards by columns': /^boards\//,
      'boards by rows': /^leaderboard\//,
      profiles: /^contributors\/[^/]+\.json$/,
      'activities and repositories': /^contributors\/[^/]+\//,
      'shards of people': /^contributor-shards\//,
    };
    const { files } = index().plan;
    for (const [kind, pattern] of Object.entries(kinds)) {
      const paths = [...texts.keys()].filter((path) => pattern.test(path));
      const bytes = paths.reduce((sum, path) => sum + statSync(join(out, 'api/v1', path)).size, 0);
      const planned = files.find((one) => one.kind === kind);
      expectAbout(planned?.bytes, bytes, `bytes of ${kind}`);
      expectAbout(planned?.files, paths.length, `files of ${kind}`);
    }
    const tables = [...texts.keys()].filter((path) => /^downloads\/(?!days)/.test(path));
    const bytes = tables.reduce((sum, path) => sum + statSync(join(out, 'api/v1', path)).size, 0);
    expectAbout(files.find(({ kind }) => kind === 'downloads')?.bytes, bytes, 'downloads');
  });
});
