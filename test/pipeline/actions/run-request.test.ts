import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { planRun } from '../../../pipeline/actions/plan.ts';
import { readRunRequest } from '../../../pipeline/actions/run-request.ts';

const folder = mkdtempSync(join(tmpdir(), 'request-'));
afterAll(() => rmSync(folder, { recursive: true }));

function read(name: string, event: object) {
  const path = join(folder, 'event.json');
  writeFileSync(path, JSON.stringify(event));
  return readRunRequest(name, path);
}

const form = (inputs: Record<string, unknown>) => read('workflow_dispatch', { inputs });
const payload = (client_payload: unknown) =>
  read('repository_dispatch', { action: 'update-leaderboard', client_payload });

describe('what a run is asked for', () => {
  it('is nothing special on a schedule', () => {
    expect(readRunRequest('schedule', '/nowhere')).toEqual({
      repositories: [],
      sources: [],
      enrich: false,
      dry_run: false,
      skip_scraping: false,
      recalculate_only: false,
      accept_drop: false,
    });
  });

  it('is the same from a form, whose fields are texts, and from a payload', () => {
    const fromForm = form({
      repositories: ' a/b, c/d\n',
      job_type: 'full',
      from: '2025-01-31',
      to: '',
      sources: 'github',
      enrich: 'true',
      dry_run: 'false',
      skip_scraping: false,
    });
    expect(fromForm).toEqual(
      payload({
        repositories: ['a/b', 'c/d'],
        job_type: 'full',
        from: '2025-01-31',
        sources: ['github'],
        enrich: true,
      }),
    );
    expect(form({ job_type: 'automatic' })).toEqual(payload({}));
    expect(payload(null)).toEqual(payload({}));
  });

  it.each<[string, unknown, string]>([
    ['an array', [], 'The payload is refused: '],
    ['a text', 'x', 'The payload is refused: '],
    ['an unknown name', { 'dry-run': true }, 'There is no input "dry-run": see config/schema/'],
    ['a text for a list', { repositories: 'a/b' }, 'The input repositories is refused: '],
    [
      'a number',
      { repositories: [1] },
      'The input repositories is refused: expected owner/name; found "1".',
    ],
    [
      'a text for a flag',
      { dry_run: 'yes' },
      'The input dry_run is refused: expected true or false; found "yes".',
    ],
    [
      'another job type',
      { job_type: 'all' },
      'The input job_type is refused: expected full or incremental; found "all".',
    ],
    ['another source', { sources: ['gitlab'] }, 'The input sources is refused: expected one of '],
    [
      '101 repositories',
      { repositories: Array(101).fill('a/b') },
      'The input repositories is refused: expected at most 100',
    ],
    ['no day', { from: '2025-02-30' }, 'The input from is refused: there is no day 2025-02-30.'],
    ['a line end', { from: '2025-01-31\n' }, 'The input from is refused: expected 2025-01-31 or'],
    ['a far year', { from: '+99999-01-01' }, 'The input from is refused: '],
    ['an end alone', { to: '2025-01-31' }, 'The input to needs from'],
    ['no window', { from: '2025-01-31', to: '2025-01-31' }, 'The input from must lie before to.'],
    [
      'reading and not reading',
      { skip_scraping: true, from: '2025-01-31' },
      'A run that reads nothing takes no',
    ],
    ['two of a kind', { skip_scraping: true, recalculate_only: true }, 'Choose one of'],
    ['a dry run of nothing', { skip_scraping: true, dry_run: true }, 'A dry run shows'],
    ['the sample and more', { sources: ['sample', 'github'] }, 'The source sample is invented'],
    ['a control character', { repositories: ['a/b\u001b[2J'] }, 'found "a/bU+001B[2J"'],
  ])('is refused in one sentence: %s', (_, value, sentence) => {
    const attempt = () => payload(value);
    expect(attempt).toThrow(sentence);
    expect(attempt).toThrow(expect.objectContaining({ exitCode: 2 }));
    expect(attempt).not.toThrow(/\n/);
  });

  it('is quoted in part when it is long', () => {
    expect(() => payload({ repositories: ['😀'.repeat(10_000)] })).toThrow(`"${'😀'.repeat(80)}…"`);
  });
});

describe('the plan of a run', () => {
  it('has the words of each command, one a line', () => {
    const request = payload({ repositories: ['a/b'], sources: ['github'], from: '2025-01-31' });
    expect(planRun(request, 'server', 40)).toMatchObject({
      database: 'server',
      mode: 'all',
      pipeline_args: '--source\ngithub\n--repo\na/b\n--skip-scraping\n--time-limit\n40',
      discovery_args: '--source\ngithub\n--repo\na/b\n--from\n2025-01-31',
      scrape_args: '--source\ngithub\n--workers\n1\n--time-limit\n40',
      stage_args: '--source\ngithub',
      check_args: '',
    });
    expect(planRun(request, 'embedded', 40).pipeline_args).toBe(
      '--source\ngithub\n--repo\na/b\n--from\n2025-01-31\n--time-limit\n40',
    );
  });

  it.each([
    [{ dry_run: true }, 'dry-run'],
    [{ skip_scraping: true }, 'publish'],
    [{ recalculate_only: true }, 'recalculate'],
    [{}, 'all'],
  ])('for %j has the mode %s', (value, mode) => {
    expect(planRun(payload(value), 'embedded', 6).mode).toBe(mode);
  });

  it('accepts a fall of the contributions when that is said', () => {
    expect(planRun(payload({ accept_drop: true }), 'embedded', 6).check_args).toBe('--accept-drop');
  });
});
