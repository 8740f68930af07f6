import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { createLog } from '../../pipeline/runtime/log.ts';
import { createProgress } from '../../pipeline/runtime/progress.ts';
import { formatReport } from '../../pipeline/stages/preview/format-report.ts';
import { buildJobSummary } from '../../pipeline/stages/report/job-summary.ts';
import { createRedact } from '../../pipeline/stages/report/operations.ts';
import { print } from '../../pipeline/util/printable.ts';
import { problemsOf } from '../support/config-folder.ts';
import {
  COMMANDS,
  codeOf,
  expectHarmless,
  hostileText,
  INVISIBLE,
} from '../support/hostile-text.ts';
import { sourceFiles } from '../support/imports.ts';
import { reportNaming } from '../support/preview-report.ts';
import { projectFolder } from '../support/run-command.ts';
import { createScript, runScript } from '../support/run-script.ts';

/** Every way out of the process, tried with every text that must not leave it as it is. */

function throughLog(format: 'json' | 'pretty', text: string): string {
  const lines: string[] = [];
  const destination = { write: (line: string) => void lines.push(line) };
  const log = createLog(format, { destination, secrets: [] });
  const err = Object.assign(new Error(text), { stack: `Error: x\n${text}`, [`k${text}`]: text });
  log.info({ [`k${text}`]: text, list: [text, { [`k${text}`]: text }] }, text);
  log.error({ err }, text);
  log.child({ job: text }).warn(text);
  return lines.join('');
}

function printed(text: string): string {
  const write = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  try {
    print(text);
    return write.mock.calls.map(([chunk]) => String(chunk)).join('');
  } finally {
    write.mockRestore();
  }
}

function throughProgress(unit: string): string {
  const parts: string[] = [];
  const io = { now: () => 0, isTerminal: false, everySeconds: 0 };
  const progress = createProgress({ ...io, write: (part) => void parts.push(part) });
  progress.update({ unit: unit as 'files', done: 1, total: 2, bytes: null, kept: 0 });
  return parts.join('');
}

function throughPreview(format: 'text' | 'markdown', login: string): string {
  return formatReport(reportNaming(login), format);
}

function throughSummary(text: string): string {
  const gauge = { limit_usd: 0, spent_usd: 0, reserved_usd: 0, used: null };
  const run = { id: 1, status: 'FAILED', sources: [text], error_message: text };
  const dates = { started_at: '2026-03-14T02:00:00.000Z', finished_at: null };
  const counts = { repositories: 0, contributors: 0, contributions: 0 };
  return buildJobSummary({
    stats: { ...counts, runs: [{ ...run, ...dates }] } as never,
    jobs: { [text]: 1 },
    refused: 0,
    unfit: 0,
    costs: { daily: gauge, monthly: gauge, warning_threshold: 1, backfill: null },
  });
}

/** As an escaped text, which YAML has in common with JSON. */
const throughConfig = (text: string) =>
  problemsOf({
    'repos.yaml': `repositories: []\n${JSON.stringify(`k${text}`)}: 1\n`,
    'site.yaml': `title: ${JSON.stringify([text])}\nurl: ${JSON.stringify(text)}\n`,
    'weights.yaml': `${text}\n`,
  }).join('\n');

const EXITS: Readonly<Record<string, (text: string) => string>> = {
  'the log for machines': (text) => throughLog('json', text),
  'the log for people': (text) => throughLog('pretty', text),
  'standard output': printed,
  progress: throughProgress,
  'the preview in a terminal': (login) => throughPreview('text', login),
  'the preview in Markdown': (login) => throughPreview('markdown', login),
  'the summary of a run': throughSummary,
  'problems of the configuration': throughConfig,
  'published messages': createRedact([]),
};

function chunksOf(size: number): string[][] {
  const characters = INVISIBLE.filter((one) => one !== '\n');
  return Array.from({ length: Math.ceil(characters.length / size) }, (_, index) =>
    characters.slice(index * size, (index + 1) * size),
  );
}

describe.each(Object.entries(EXITS))('%s', (_, exit) => {
  it('shows every character that can not be seen', () => {
    // A few at a time: some messages show only the beginning of a long text.
    const shown = chunksOf(8).flatMap((chunk) => {
      const out = exit(chunk.join('a'));
      expectHarmless(out);
      return chunk.filter((one) => out.includes(codeOf(one)));
    });
    expect(shown.length).toBeGreaterThan(INVISIBLE.length / 4);
  });

  it.each(COMMANDS)('starts no command for %j', (text) => expectHarmless(exit(text)));

  it('is harmless with any text', () => {
    fc.assert(
      fc.property(hostileText, (text) => expectHarmless(exit(text))),
      { numRuns: 60 },
    );
  });
});

describe('the end of a process', () => {
  const texts = [...COMMANDS, ...INVISIBLE.map((one) => `a${one}::error::`)];

  it.each(['Error', 'UsageError'])('shows the text of an %s without acting on it', async (name) => {
    const body = `const texts = ${JSON.stringify(texts)};
      const cause = new Error(texts.join('\\n'));
      throw new ${name}(texts.join('\\n'), { cause });`;
    const env = { LOG_LEVEL: 'debug', GITHUB_ACTIONS: 'true' };
    const { stdout, stderr, code } = await runScript(createScript(body), [], { env });
    expect(code).toBe(name === 'Error' ? 1 : 2);
    // One annotation, whose text is that of the error.
    const [, annotation = ''] = /^::error::(.*)\n$/.exec(stdout) ?? [];
    expect(annotation).not.toBe('');
    expectHarmless(annotation);
    expectHarmless(stderr);
    const missing = INVISIBLE.filter((one) => one !== '\n' && !stderr.includes(codeOf(one)));
    expect(missing).toEqual([]);
  });
});

it('a log line stays what it says, and hides secrets behind a line end', () => {
  const lines: string[] = [];
  const destination = { write: (line: string) => void lines.push(line) };
  const log = createLog('json', { destination, secrets: [] });
  log.info({ n: 1.5, none: null, list: ['"\\'], text: 'a\nb' }, 'token:\nghp_abcdefgh1234');
  expect(JSON.parse(lines[0] ?? '')).toMatchObject({
    n: 1.5,
    none: null,
    list: ['"\\'],
    text: 'a\nb',
    msg: 'token:\nghp_[hidden]',
  });
});

/** Each makes its text printable; the guards of Node and of packages run before anything can. */
const EXIT_FILES = [
  'pipeline/runtime/dev-guard.mjs',
  'pipeline/runtime/log.ts',
  'pipeline/runtime/main.ts',
  'pipeline/runtime/node-guard.mjs',
  'pipeline/runtime/progress.ts',
  'pipeline/util/printable.ts',
];

it('nothing is written to the terminal by another way', () => {
  const writes = /\bconsole\.\w+\(|process\.std(?:out|err)\.write/;
  const files = sourceFiles().filter(
    (file) =>
      /^(?:pipeline|db)\//.test(file) &&
      writes.test(readFileSync(join(projectFolder, file), 'utf8')),
  );
  expect(files.filter((file) => !EXIT_FILES.includes(file))).toEqual([]);
});
