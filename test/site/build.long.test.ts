import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createFolderDraft } from '../../pipeline/util/atomic-folder.ts';
import { checkDocuments } from '../../site/check-documents.ts';
import { buildDocuments, writeDocuments } from '../support/documents.ts';
import { startCommand } from '../support/run-command.ts';
import { runBuild } from './built-site.ts';

/** Starts a build, kills it as soon as it writes, and returns the name of its draft. */
async function killInBuild(data: string, parent: string): Promise<string> {
  const { child, ended } = startCommand('site:build', ['--data', data], { cwd: data });
  const name = await vi.waitFor(
    () => {
      const mark = `.partial-${child.pid}-`;
      const found = readdirSync(parent).find((entry) => entry.includes(mark));
      return found ?? Promise.reject(new Error(`no draft of process ${child.pid}`));
    },
    { timeout: 60_000, interval: 20 },
  );
  child.kill('SIGKILL');
  await ended;
  return name;
}

describe('before the site is built', () => {
  let folder: string;
  let data: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'site-check-'));
    data = join(folder, 'data');
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const write = () => writeDocuments(data, buildDocuments({ people: 12, contributorPages: 3 }));
  const change = (path: string, edit: (document: never) => void) => {
    const file = join(data, 'api/v1', path);
    const document = JSON.parse(readFileSync(file, 'utf8'));
    edit(document as never);
    writeFileSync(file, JSON.stringify(document));
  };

  it('accepts whole documents and answers with the index', () => {
    write();
    expect(checkDocuments(data).contributors).toHaveLength(3);
  });

  it('does without the dashboard, which may never have been written', () => {
    writeDocuments(data, buildDocuments({ people: 12, contributorPages: 3, dashboard: false }));
    expect(() => checkDocuments(data)).not.toThrow();
  });

  it('names a missing page of a board', () => {
    write();
    rmSync(join(data, 'api/v1/boards/meadow/garden/week/1.json'));
    expect(() => checkDocuments(data)).toThrow(
      /garden\/week\/1\.json is missing.*npm run pipeline/,
    );
  });

  it('names the field that is not as agreed', () => {
    write();
    change('dashboard/costs.json', (costs: { daily: { spent_usd: unknown } }) => {
      costs.daily.spent_usd = 'much';
    });
    expect(() => checkDocuments(data)).toThrow(/costs\.json[\s\S]*daily\.spent_usd/);
  });

  it('refuses a link that would run script', () => {
    write();
    change('repositories.json', ({ repositories }: { repositories: { url: string }[] }) => {
      if (repositories[0]) repositories[0].url = 'javascript:alert(1)';
    });
    expect(() => checkDocuments(data)).toThrow(/repositories\.json[\s\S]*url/);
  });

  it('refuses a name that would leave its folder', () => {
    write();
    change('index.json', (index: { contributors: string[] }) => index.contributors.push('..'));
    expect(() => checkDocuments(data)).toThrow(/"\.\." cannot be the name/);
  });

  it('deletes what a build that was killed has left', async () => {
    write();
    const parent = fileURLToPath(new URL('../../site/.astro', import.meta.url));
    const [first, second] = [await killInBuild(data, parent), await killInBuild(data, parent)];
    const left = readdirSync(parent);
    expect(left).not.toContain(first);
    expect(left).toContain(second);
    createFolderDraft(join(parent, 'site')).discard();
  });

  it('stops with words and leaves an older site as it was', async () => {
    const out = join(folder, 'dist');
    mkdirSync(out);
    writeFileSync(join(out, 'index.html'), 'older');
    const { code, text } = await runBuild(['--data', data, '--out', out]);
    expect(code).toBe(2);
    expect(text).toMatch(/index\.json is missing: run npm run pipeline first/);
    expect(text).not.toMatch(/\bat .*\.ts:\d+/);
    expect(readFileSync(join(out, 'index.html'), 'utf8')).toBe('older');
    expect(existsSync(join(folder, 'dist/site.json'))).toBe(false);
  });
});
