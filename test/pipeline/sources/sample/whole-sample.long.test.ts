import { statSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { SAMPLE_OPTED_OUT } from '../../../../pipeline/domain/people.ts';
import { SAMPLE_REPOSITORIES } from '../../../../pipeline/sources/sample/community.ts';
import {
  generateSample,
  SAMPLE_SEED,
  type Sample,
} from '../../../../pipeline/sources/sample/index.ts';
import { isTrimmed, listHourFiles, newFolder, type ReadEvent, readLines } from './support.ts';

/** The sample of a first run, once, with the defaults. */

const folder = newFolder();
const branches = new Map(
  SAMPLE_REPOSITORIES.map(({ owner, name, defaultBranch }) => [`${owner}/${name}`, defaultBranch]),
);
const counts = new Map<string, number>();
const actions = new Map<string, number>();
const points = new Map<string, number>();
const odd = { repeated: 0, late: 0, lineSeparators: 0, markup: 0, mentions: 0 };
const hidden = { contributions: 0 };
const ids = { full: [] as number[], trimmed: [] as number[] };
let sample: Sample;

function add(map: Map<string, number>, key: string, count = 1): void {
  map.set(key, (map.get(key) ?? 0) + count);
}

/** How many contributions an event of a tracked repository is, roughly as the pipeline counts. */
function countContributions({ type, payload, repo }: ReadEvent): number {
  const branch = branches.get(repo.name);
  if (
    branch === undefined ||
    ['WatchEvent', 'ForkEvent', 'CreateEvent', 'DeleteEvent'].includes(type)
  )
    return 0;
  if (type !== 'PushEvent') return payload.action === 'reopened' ? 0 : 1;
  const commits = payload.ref === `refs/heads/${branch}` ? (payload.commits ?? []) : [];
  return commits.filter((commit: { distinct: boolean }) => commit.distinct).length;
}

function readFile(name: string): void {
  const lines = readLines(folder, name);
  const unique = new Set(lines);
  odd.repeated += lines.length - unique.size;
  for (const line of unique) {
    const event = JSON.parse(line) as ReadEvent;
    if (line.includes('\u2028')) odd.lineSeparators += 1;
    if (line.includes('<script>')) odd.markup += 1;
    if (line.includes(`as @${SAMPLE_OPTED_OUT} asked`)) odd.mentions += 1;
    const hour = `${event.created_at.slice(0, 10)}-${Number(event.created_at.slice(11, 13))}.json.gz`;
    if (hour !== name) odd.late += 1;
    else ids[isTrimmed(event, sample.trimmedFrom) ? 'trimmed' : 'full'].push(Number(event.id));
    const count = countContributions(event);
    add(counts, isTrimmed(event, sample.trimmedFrom) ? 'trimmed' : 'full', count);
    if (event.actor.login === SAMPLE_OPTED_OUT) hidden.contributions += count;
    if (count > 0) add(points, `${event.actor.id}`, count);
    if (event.type === 'PullRequestEvent') {
      add(actions, `${event.repo.name}#${event.payload.number} ${event.payload.action}`);
    }
  }
}

beforeAll(async () => {
  sample = await generateSample({
    folder,
    seed: SAMPLE_SEED,
    now: new Date('2026-11-24T06:30:00Z'),
  });
  for (const name of listHourFiles(folder)) readFile(name);
}, 300_000);

test('there are 40,000 to 60,000 contributions in less than 30 MB', () => {
  const [full = 0, trimmed = 0] = [counts.get('full'), counts.get('trimmed')];
  expect(full + trimmed).toBeGreaterThan(40_000);
  expect(full + trimmed).toBeLessThan(60_000);
  expect(full).toBeGreaterThan(trimmed);
  const sizes = listHourFiles(folder).map((name) => statSync(join(folder, name)).size);
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(30_000_000);
});

test('every hour has its file but those of two days, and the manifest counts them', () => {
  const hours = (sample.window.to.getTime() - sample.window.from.getTime()) / 3_600_000;
  const names = listHourFiles(folder);
  expect(names).toHaveLength(hours - 48);
  expect(names).not.toContain('2026-05-13-4.json.gz');
  for (const hour of ['13-4', '13-5', '13-23', '14-3'])
    expect(names).not.toContain(`2026-09-${hour}.json.gz`);
  expect(names).toContain('2026-09-13-3.json.gz');
  expect(names).toContain('2026-09-14-4.json.gz');
  expect(sample.files).toBe(names.length);
});

test('the oddities of real files are there', () => {
  expect(odd.repeated).toBeGreaterThan(100);
  expect(odd.late).toBeGreaterThan(100);
  expect(odd.lineSeparators).toBeGreaterThan(100);
  expect(odd.markup).toBeGreaterThan(20);
});

test('somebody who opts out has contributed, and others name them in titles', () => {
  expect(hidden.contributions).toBeGreaterThan(20);
  expect(odd.mentions).toBeGreaterThan(100);
});

test('event ids rise with time, and fall once, where the eras meet', () => {
  for (const list of [ids.full, ids.trimmed]) {
    expect(list.filter((id, index) => id <= (list[index - 1] ?? 0))).toEqual([]);
  }
  expect(ids.trimmed.at(-1)).toBeLessThan(ids.full[0] ?? 0);
});

test('every pull request that ended has one opening and one end', () => {
  for (const [key, count] of actions) {
    expect(count).toBe(1);
    const [pull, action] = key.split(' ');
    if (action !== 'opened') expect(actions.get(`${pull} opened`)).toBe(1);
  }
});

test('few do much and many do little', () => {
  const shares = [...points.values()].sort((a, b) => b - a);
  const total = shares.reduce((sum, share) => sum + share, 0);
  const top = shares.slice(0, 20).reduce((sum, share) => sum + share, 0);
  expect(shares.length).toBeGreaterThan(300);
  expect(top / total).toBeGreaterThan(0.35);
  expect(shares[Math.floor(shares.length / 2)]).toBeLessThan(total / 600);
});
