import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { classifyError, isWorthRetrying } from '../../../../pipeline/domain/error-class.ts';
import { fetchArchive } from '../../../../pipeline/sources/gharchive/index.ts';
import { HOUR_LIMITS } from '../../../../pipeline/sources/gharchive/limits.ts';
import { archiveEvent, push, sha } from '../../../support/archive-events.ts';
import {
  createArchiveFolder,
  gzipLines,
  readAll,
  sourceRequest,
} from '../../../support/archive-folder.ts';

const archive = createArchiveFolder();

/** A push of one commit, in the hour of the day. */
function commit(number: number, createdAt: string) {
  const parts = push('refs/heads/main', [{ sha: sha(number), distinct: true }]);
  return archiveEvent({ ...parts, id: `${number}`, created_at: createdAt });
}

/** Reads the two hours from a day's start on; every test has a day of its own. */
async function readDay(day: string) {
  return readAll(fetchArchive(archive.url, sourceRequest(`${day}T00:00Z`, `${day}T02:00Z`)));
}

const commits = (sum: Awaited<ReturnType<typeof readDay>>) =>
  sum.contributions.map(({ eventId }) => Number.parseInt(eventId.slice(-8), 16));

describe('a folder of hour files', () => {
  it('is read oldest hour first', async () => {
    archive.write('2020-01-01-0.json.gz', [commit(1, '2020-01-01T00:10:00Z')]);
    archive.write('2020-01-01-1.json.gz', [commit(2, '2020-01-01T01:10:00Z')]);
    const sum = await readDay('2020-01-01');
    expect(commits(sum)).toEqual([1, 2]);
    expect(sum).toMatchObject({ read: 2, kept: 2, gaps: [], skipped: {}, warnings: {} });
  });

  it('says after each day where to resume, and resumes there', async () => {
    for (const [number, hour] of [
      [1, '2020-02-01-5'],
      [2, '2020-02-01-23'],
      [3, '2020-02-02-0'],
      [4, '2020-02-03-1'],
    ] as const) {
      const [year, month, day, clock] = hour.split('-') as [string, string, string, string];
      const at = `${year}-${month}-${day}T${clock.padStart(2, '0')}:10:00Z`;
      archive.write(`${hour}.json.gz`, [commit(number, at)]);
    }
    const request = sourceRequest('2020-02-01T05:00Z', '2020-02-03T02:00Z');
    const whole = await readAll(fetchArchive(archive.url, request));
    expect(commits(whole)).toEqual([1, 2, 3, 4]);
    const reported: Date[] = [];
    for await (const { resumeAt } of fetchArchive(archive.url, request)) {
      if (resumeAt) reported.push(resumeAt);
    }
    expect(reported).toEqual([new Date('2020-02-02T00:00Z'), new Date('2020-02-03T00:00Z')]);
    const [first] = reported as [Date];
    const progress: number[] = [];
    const rest = await readAll(
      fetchArchive(archive.url, {
        ...request,
        resumeAt: first,
        onProgress: ({ done }) => progress.push(done),
      }),
    );
    expect(commits(rest)).toEqual([3, 4]);
    expect(rest.gaps).toEqual(whole.gaps.filter(({ from }) => from >= first));
    expect([progress[0], progress.at(-1)]).toEqual([20, 45]);
  });

  it('may lack an hour: that is a gap', async () => {
    archive.write('2020-01-02-1.json.gz', [commit(1, '2020-01-02T01:10:00Z')]);
    const sum = await readDay('2020-01-02');
    expect(commits(sum)).toEqual([1]);
    expect(sum.gaps).toEqual([
      {
        from: new Date('2020-01-02T00:00Z'),
        to: new Date('2020-01-02T01:00Z'),
        reason: 'missing',
      },
    ]);
  });

  /** The files of a folder, the window that is asked of it, and what is then said. */
  const NONE: readonly [string, readonly string[], [string, string], RegExp][] = [
    [
      'the two hours of 2015 without --now',
      ['2015-01-01-0.json.gz', '2015-01-01-1.json.gz'],
      ['2024-01-01T00:00Z', '2026-01-01T00:00Z'],
      /no file of the 17,544 hours from 2024-01-01T00:00:00Z to 2026-01-01T00:00:00Z: it holds 2 hours from 2015-01-01T00:00:00Z to 2015-01-01T02:00:00Z; give --from 2015-01-01T00:00:00Z --to 2015-01-01T02:00:00Z to read them, and --now 2015-01-01T02:00:00Z for/,
    ],
    [
      'a later time, by a name that sorts before an earlier one',
      ['2024-06-02-10.json.gz', '2024-06-02-9.json.gz', 'README.md', '2024-06-02-24.json.gz'],
      ['2024-05-01T05:30Z', '2024-05-01T05:45Z'],
      /of the 1 hour from 2024-05-01T05:00:00Z to 2024-05-01T06:00:00Z: it holds 2 hours from 2024-06-02T09:00:00Z to 2024-06-02T11:00:00Z; give --from 2024-06-02T09/,
    ],
    [
      'one hour',
      ['2020-12-31-23.json.gz'],
      ['2021-01-01T00:00Z', '2021-01-02T00:00Z'],
      /it holds 1 hour from 2020-12-31T23:00:00Z to 2021-01-01T00:00:00Z/,
    ],
    [
      'the old format alone',
      ['2014-12-31-23.json.gz'],
      ['2021-01-01T00:00Z', '2021-01-02T00:00Z'],
      /it holds 1 hour, all before 2015, whose format is not read/,
    ],
    [
      'other files alone',
      ['notes.txt'],
      ['2021-01-01T00:00Z', '2021-01-02T00:00Z'],
      /it holds no hour file \(YYYY-MM-DD-H\.json\.gz\)/,
    ],
  ];

  it.each(NONE)('that has none of the hours: %s', async (name, files, [from, to], message) => {
    const folder = join(archive.folder, name.replaceAll(' ', '-'));
    mkdirSync(folder);
    for (const file of files) writeFileSync(join(folder, file), gzipLines([]));
    const request = sourceRequest(from, to);
    const error = await readAll(fetchArchive(pathToFileURL(folder).href, request)).catch((e) => e);
    expect(error.message).toMatch(message);
    expect(isWorthRetrying(classifyError(error))).toBe(false);
  });

  it.each([
    ['where an earlier attempt found some', { resumeAt: new Date('2022-03-02T00:00Z') }],
    ['where no hour is over', { now: new Date('2022-03-01T00:30Z') }],
  ])('may have none of the hours %s', async (_, more) => {
    const request = sourceRequest('2022-03-01T00:00Z', '2022-03-03T00:00Z', more);
    await expect(readAll(fetchArchive(archive.url, request))).resolves.toMatchObject({ kept: 0 });
  });

  it('has no gap where an hour is not over', async () => {
    const request = sourceRequest('2020-01-03T00:00Z', '2020-01-03T00:30Z', {
      now: new Date('2020-01-03T00:30Z'),
    });
    expect((await readAll(fetchArchive(archive.url, request))).gaps).toEqual([]);
  });

  it('is given up where file after file can not be read', async () => {
    const day = '2020-03-01';
    for (const hour of [0, 1, 3, 4, 5]) {
      const name = `${day}-${hour}.json.gz`;
      symlinkSync(name, join(archive.folder, name));
    }
    archive.write(`${day}-2.json.gz`, [commit(1, `${day}T02:10:00Z`)]);
    const two = await readAll(
      fetchArchive(archive.url, sourceRequest(`${day}T00:00Z`, `${day}T05:00Z`)),
    );
    expect(commits(two)).toEqual([1]);
    expect(two.gaps.map(({ reason }) => reason)).toEqual(Array(4).fill('unreadable'));
    const three = sourceRequest(`${day}T00:00Z`, `${day}T06:00Z`);
    await expect(readAll(fetchArchive(archive.url, three))).rejects.toThrow("can't be read");
  });

  it('keeps what comes before the end of a truncated file', async () => {
    const events = Array.from({ length: 500 }, (_, i) => commit(i, '2020-01-04T00:10:00Z'));
    const bytes = gzipLines(events);
    archive.writeRaw('2020-01-04-0.json.gz', bytes.subarray(0, bytes.length - 40));
    archive.write('2020-01-04-1.json.gz', [commit(1000, '2020-01-04T01:10:00Z')]);
    const sum = await readDay('2020-01-04');
    expect(commits(sum).length).toBeGreaterThan(400);
    expect(commits(sum).at(-1)).toBe(1000);
    expect(sum.warnings).toEqual({ truncated_gzip: 1 });
    expect(sum.gaps.map(({ reason }) => reason)).toEqual(['truncated_gzip']);
  });

  it('keeps what comes before a corrupt place', async () => {
    const events = Array.from({ length: 40_000 }, (_, i) => commit(i, '2020-01-05T00:10:00Z'));
    const bytes = gzipLines(events);
    bytes.fill(0xff, bytes.length - 20_000, bytes.length - 10_000);
    archive.writeRaw('2020-01-05-0.json.gz', bytes);
    archive.write('2020-01-05-1.json.gz', [commit(50_000, '2020-01-05T01:10:00Z')]);
    const sum = await readDay('2020-01-05');
    expect(commits(sum).length).toBeGreaterThan(1_000);
    expect(commits(sum).at(-1)).toBe(50_000);
    expect(sum.warnings).toEqual({ corrupt_gzip: 1 });
  });

  it.each([
    ['an empty file', Buffer.alloc(0), 'truncated_gzip'],
    ['a file that is no gzip', Buffer.from('<html>not found</html>'), 'corrupt_gzip'],
  ])('goes on after %s', async (_, bytes, reason) => {
    archive.writeRaw('2020-01-06-0.json.gz', bytes);
    archive.write('2020-01-06-1.json.gz', [commit(1, '2020-01-06T01:10:00Z')]);
    const sum = await readDay('2020-01-06');
    expect(commits(sum)).toEqual([1]);
    expect(sum.warnings).toEqual({ [reason]: 1 });
  });

  it('goes on after a file that the disk does not give', async () => {
    symlinkSync('2020-01-11-0.json.gz', join(archive.folder, '2020-01-11-0.json.gz'));
    archive.write('2020-01-11-1.json.gz', [commit(1, '2020-01-11T01:10:00Z')]);
    const sum = await readDay('2020-01-11');
    expect(commits(sum)).toEqual([1]);
    expect(sum.warnings).toEqual({ unreadable: 1 });
    expect(sum.gaps.map(({ reason }) => reason)).toEqual(['unreadable']);
  });

  it.each([
    ['packed', { packedBytes: 2_000 }],
    ['unpacked', { rawBytes: 1_000_000 }],
  ])('goes on after a file that is too large %s, and keeps what came before', async (_, more) => {
    const events = Array.from({ length: 40_000 }, (_, i) => commit(i, '2020-01-12T00:10:00Z'));
    archive.write('2020-01-12-0.json.gz', events);
    archive.write('2020-01-12-1.json.gz', [commit(50_000, '2020-01-12T01:10:00Z')]);
    const request = sourceRequest('2020-01-12T00:00Z', '2020-01-12T02:00Z');
    const sum = await readAll(
      fetchArchive(archive.url, request, { limits: { ...HOUR_LIMITS, ...more } }),
    );
    expect(commits(sum).at(-1)).toBe(50_000);
    expect(commits(sum).length).toBeLessThan(40_000);
    expect(sum.gaps.map(({ reason }) => reason)).toEqual(['unreadable']);
    expect(sum.warnings).toMatchObject({ unreadable: 1 });
  });

  it('is named by its file alone where it can not be read', async () => {
    const day = '2020-03-02';
    for (const hour of [0, 1, 2]) {
      const name = `${day}-${hour}.json.gz`;
      symlinkSync(name, join(archive.folder, name));
    }
    const request = sourceRequest(`${day}T00:00Z`, `${day}T03:00Z`);
    await expect(readAll(fetchArchive(archive.url, request))).rejects.toThrow(
      /^2020-03-02-2\.json\.gz can't be read$/,
    );
  });

  it('may have a file of several gzip members', async () => {
    const members = [1, 2].map((n) => gzipLines([commit(n, '2020-01-07T00:10:00Z')]));
    archive.writeRaw('2020-01-07-0.json.gz', Buffer.concat(members));
    archive.write('2020-01-07-1.json.gz', []);
    const sum = await readDay('2020-01-07');
    expect(commits(sum)).toEqual([1, 2]);
    expect(sum.warnings).toEqual({ several_gzip_members: 1 });
  });

  it('keeps an event of another hour by its own time, and counts it', async () => {
    archive.write('2020-01-08-0.json.gz', [commit(1, '2020-01-08T01:30:00Z')]);
    archive.write('2020-01-08-1.json.gz', [commit(2, '2020-01-07T23:59:59Z')]);
    const sum = await readDay('2020-01-08');
    expect(commits(sum)).toEqual([1]);
    expect(sum.warnings).toEqual({ other_hour: 2 });
    expect(sum.skipped).toEqual({ outside_window: 1 });
  });

  it("counts each event that it can't take, and every event is kept or counted", async () => {
    const lines = [
      JSON.stringify(commit(1, '2020-01-09T00:00:00Z')),
      JSON.stringify({ ...commit(2, '2020-01-09T00:00:00Z'), actor: null }),
      JSON.stringify(
        archiveEvent({ type: 'WatchEvent', payload: {}, created_at: '2020-01-09T00:00:00Z' }),
      ),
      JSON.stringify(commit(3, '2020-01-09T00:00:00Z')).replace('"payload":{', '"payload":{,'),
      '{"id":"4","type":"PushEvent"',
    ];
    archive.writeRaw('2020-01-09-0.json.gz', gzipSync(lines.join('\n')));
    archive.write('2020-01-09-1.json.gz', []);
    const sum = await readDay('2020-01-09');
    expect(sum.skipped).toEqual({ malformed_event: 1, type_not_scored: 1, broken_line: 2 });
    const skipped = Object.values(sum.skipped).reduce((a, b) => a + b, 0);
    expect(sum.read).toBe(sum.kept + skipped);
  });

  it('gives batches of about as many contributors as asked for', async () => {
    const events = Array.from({ length: 1000 }, (_, i) => ({
      ...commit(i, '2020-01-10T00:10:00Z'),
      actor: { id: i + 1, login: `u${i}` },
    }));
    archive.write('2020-01-10-0.json.gz', events.slice(0, 500));
    archive.write(
      '2020-01-10-1.json.gz',
      events.slice(500).map((e) => ({ ...e, created_at: '2020-01-10T01:00:00Z' })),
    );
    const request = sourceRequest('2020-01-10T00:00Z', '2020-01-10T02:00Z', { batchSize: 100 });
    const sum = await readAll(fetchArchive(archive.url, request));
    expect(sum.contributions).toHaveLength(1000);
    expect(sum.batches).toBeGreaterThan(1);
    expect(sum.observations).toHaveLength(1000);
  });

  it('begins in 2015: what comes before is a gap', async () => {
    archive.write('2015-01-01-0.json.gz', [commit(1, '2015-01-01T00:10:00Z')]);
    const request = sourceRequest('2013-01-01T00:00Z', '2015-01-01T01:00Z');
    const sum = await readAll(fetchArchive(archive.url, request));
    expect(commits(sum)).toEqual([1]);
    expect(sum.gaps).toEqual([
      { from: request.window.from, to: new Date('2015-01-01T00:00Z'), reason: 'before_2015' },
    ]);
  });

  it('that is not there is an error that says what to do', async () => {
    const reading = readAll(
      fetchArchive(
        'file:///nowhere/at/all/',
        sourceRequest('2020-01-01T00:00Z', '2020-01-01T01:00Z'),
      ),
    );
    await expect(reading).rejects.toThrow('GHARCHIVE_URL must name a folder of hour files');
  });
});
