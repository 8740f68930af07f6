import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { generateSample, sampleWindow } from '../../../../pipeline/sources/sample/index.ts';
import { listHourFiles, newFolder, SMALL, TRIMMED_FROM } from './support.ts';

/** A short sample: the first hours of a month. */
const SHORT = { ...SMALL, now: new Date('2026-03-03T05:00:00Z'), months: 1 };

test('the same options give the same bytes, another seed gives others', async () => {
  const [one, two, other] = [newFolder(), newFolder(), newFolder()];
  await generateSample({ ...SHORT, folder: one });
  await generateSample({ ...SHORT, folder: two });
  await generateSample({ ...SHORT, folder: other, seed: 8 });
  const read = (folder: string) =>
    Buffer.concat(listHourFiles(folder).map((name) => readFileSync(join(folder, name))));
  expect(listHourFiles(one)).toEqual(listHourFiles(two));
  expect(read(one).equals(read(two))).toBe(true);
  expect(read(one).equals(read(other))).toBe(false);
});

test('a sample that is there is used again; with other options it is replaced', async () => {
  const folder = newFolder();
  const first = await generateSample({ ...SHORT, folder });
  const { mtimeMs } = statSync(join(folder, '2026-03-01-0.json.gz'));
  expect(await generateSample({ ...SHORT, folder })).toEqual(first);
  expect(statSync(join(folder, '2026-03-01-0.json.gz')).mtimeMs).toBe(mtimeMs);
  await generateSample({ ...SHORT, folder, now: new Date('2026-03-02T00:00:00Z') });
  expect(listHourFiles(folder)).toHaveLength(24);
});

test('the hour of now is not in it, and the hours of file names are not padded', async () => {
  const folder = newFolder();
  const { window, files } = await generateSample({ ...SHORT, folder });
  expect(window.to).toEqual(new Date('2026-03-03T05:00:00Z'));
  expect(files).toBe(2 * 24 + 5);
  expect(existsSync(join(folder, '2026-03-03-4.json.gz'))).toBe(true);
  expect(existsSync(join(folder, '2026-03-03-5.json.gz'))).toBe(false);
});

test('the eras meet where asked, else at the start of a month at or before the middle', async () => {
  const now = new Date('2026-11-24T06:30:00Z');
  expect(sampleWindow(now).from).toEqual(new Date('2026-05-01T00:00:00Z'));
  const { trimmedFrom, ...short } = { ...SHORT, months: 2 };
  const asked = await generateSample({ ...short, trimmedFrom, folder: newFolder() });
  expect(asked.trimmedFrom).toEqual(TRIMMED_FROM);
  const sample = await generateSample({ ...short, folder: newFolder() });
  expect(sample.trimmedFrom).toEqual(new Date('2026-03-01T00:00:00Z'));
});

test('two workers that ask at once get the same sample', async () => {
  const folder = newFolder();
  const [one, two] = await Promise.all([
    generateSample({ ...SHORT, folder }),
    generateSample({ ...SHORT, folder }),
  ]);
  expect(one).toEqual(two);
  expect(readdirSync(dirname(folder))).toEqual([basename(folder)]);
});

test('a folder with other files is left alone', async () => {
  const folder = newFolder();
  mkdirSync(folder);
  writeFileSync(join(folder, 'thesis.txt'), 'the only copy');
  await expect(generateSample({ ...SHORT, folder })).rejects.toThrow('holds other files');
  expect(readFileSync(join(folder, 'thesis.txt'), 'utf8')).toBe('the only copy');
});

test.each([
  ['seed', { seed: 1.5 }],
  ['months', { months: 0 }],
  ['now', { now: new Date('2014-06-01T00:00:00Z') }],
  ['now', { now: new Date(Number.NaN) }],
])('a wrong %s is refused', async (_, wrong) => {
  const folder = newFolder();
  await expect(generateSample({ ...SHORT, ...wrong, folder })).rejects.toThrow(RangeError);
  expect(existsSync(folder)).toBe(false);
});

/** Waits until a process is in the middle of writing. */
async function untilWriting(parent: string): Promise<void> {
  for (let tries = 0; tries < 2_000; tries += 1) {
    const partial = readdirSync(parent).find((name) => name.includes('.partial-'));
    if (partial && readdirSync(join(parent, partial)).length > 20) return;
    await sleep(10);
  }
  throw new Error('the process wrote nothing');
}

test('a killed process leaves nothing half-written, and the next one clears up', async () => {
  const folder = newFolder();
  const child = spawn(process.execPath, [join(import.meta.dirname, 'generate.ts'), folder]);
  const ended = once(child, 'exit');
  await untilWriting(dirname(folder));
  child.kill('SIGKILL');
  expect((await ended)[1]).toBe('SIGKILL');
  expect(existsSync(folder)).toBe(false);
  const { files } = await generateSample({ ...SHORT, folder });
  expect(listHourFiles(folder)).toHaveLength(files);
  expect(readdirSync(dirname(folder))).toEqual([basename(folder)]);
});
