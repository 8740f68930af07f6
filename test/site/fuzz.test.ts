import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { get } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Index } from '../../pipeline/published/documents.ts';
import { checkDocuments } from '../../site/check-documents.ts';
import { SiteError } from '../../site/options.ts';
import { servePreview } from '../../site/preview.ts';
import { personPage } from '../../site/src/many/people-pages.ts';
import { buildDocuments, writeDocuments } from '../support/documents.ts';
import { mutate, mutation, NASTY, WRONG_BODIES } from '../support/mutations.ts';
import { runs } from '../support/runs.ts';

/** Published documents that are damaged, as the site reads them. */
let folder: string;
let paths: string[];
/** Folders are never used twice: what was read of one is remembered. */
let copies = 0;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'site-fuzz-'));
  const documents = buildDocuments({ people: 6, contributorPages: 2 });
  // What no page of the build shows is only copied.
  const { contributors } = documents.get('index.json') as Index;
  const isShown = (path: string) => {
    const [folder, name = '', part] = path.split('/');
    if (part === 'events') return false;
    if (folder === 'contributors') return contributors.includes(name.replace(/\.json$/, ''));
    return folder !== 'leaderboard' && folder !== 'contributor-shards';
  };
  paths = [...documents.keys()].filter(isShown);
  writeDocuments(join(folder, 'whole'), documents);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Checks a copy of the documents of which one is changed: null, or the error. */
function checkChanged(path: string, change: (text: string) => string): unknown {
  copies += 1;
  const data = join(folder, `copy-${copies}`);
  cpSync(join(folder, 'whole'), data, { recursive: true });
  const file = join(data, 'api/v1', path);
  writeFileSync(file, change(readFileSync(file, 'utf8')));
  try {
    const { contributors } = checkDocuments(data);
    vi.stubEnv('SITE_DATA', data);
    for (const username of contributors) personPage(username).render();
    return null;
  } catch (error) {
    return error;
  } finally {
    vi.unstubAllEnvs();
    rmSync(data, { recursive: true });
  }
}

/** Nothing, or an error without a stack that names a document. */
function expectSiteError(error: unknown): void {
  if (error === null) return;
  expect(error).toBeInstanceOf(SiteError);
  expect((error as Error).message).toMatch(/\.json/);
  expect((error as Error).message.length).toBeLessThan(100_000);
}

describe('before the site is built, a document', () => {
  const path = fc.nat().map((index) => paths[index % paths.length] as string);

  it('may be changed in any place: it is accepted, or the error names it', () => {
    fc.assert(
      fc.property(path, fc.array(mutation, { minLength: 1, maxLength: 3 }), (name, mutations) => {
        const changed = (text: string) => {
          const document = JSON.parse(text);
          for (const one of mutations) mutate(document, one);
          return JSON.stringify(document);
        };
        expectSiteError(checkChanged(name, changed));
      }),
      runs(12),
    );
  });

  it('may be none, or cut off', () => {
    const text = fc.oneof(fc.constantFrom(...WRONG_BODIES), fc.nat(5_000));
    fc.assert(
      fc.property(path, text, (name, wrong) => {
        const change = (whole: string) =>
          typeof wrong === 'string' ? wrong : whole.slice(0, wrong % whole.length);
        const error = checkChanged(name, change);
        expect(error).not.toBeNull();
        expectSiteError(error);
      }),
      runs(8),
    );
  });

  it('may claim a billion parts', () => {
    const error = checkChanged('boards/global/all/1.json', (text) =>
      JSON.stringify({ ...JSON.parse(text), shards: 1_000_000_000 }),
    );
    expect(String(error)).toMatch(/all\/2\.json is missing/);
  });
});

describe('the preview', () => {
  const status = (port: number, path: string) =>
    new Promise<number>((done, fail) => {
      get({ host: '127.0.0.1', port, path, agent: false }, (response) => {
        response.resume();
        done(response.statusCode ?? 0);
      }).on('error', fail);
    });

  const bases = [...NASTY, '/', '/a/', '/ü 日/', '/a\r\nset-cookie: x/', 'a', '//', '/%/'];
  const texts = [...WRONG_BODIES, ...bases.map((base) => JSON.stringify({ base }))];

  it.each(texts.map((text) => [text.slice(0, 40), text]))(
    'of a site whose site.json is %j answers, or says what to do',
    async (_, text) => {
      const out = mkdtempSync(join(folder, 'out-'));
      mkdirSync(join(out, 'a'));
      writeFileSync(join(out, 'site.json'), text);
      writeFileSync(join(out, 'index.html'), 'home');
      try {
        const preview = await servePreview({ out, port: 0 });
        const { port } = preview.server.address() as { port: number };
        for (const path of ['/', '/a', '/%', '/%00', '/..%2f', '/x?%']) {
          expect([200, 302, 404]).toContain(await status(port, path));
        }
        await preview.close();
      } catch (error) {
        expect(error).toBeInstanceOf(SiteError);
        expect(String(error)).toContain('npm run site:build');
      }
    },
  );
});
