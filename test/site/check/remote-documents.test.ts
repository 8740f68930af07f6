import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { compareWithPublished } from '../../../site/check/compare.ts';
import { openFolder, SCHEMAS } from '../../../site/check/documents.ts';
import {
  LIMITS,
  LimitError,
  type Limits,
  openSite,
  UnreadableError,
} from '../../../site/check/remote-documents.ts';
import { configOf, REPOSITORIES } from '../../support/community.ts';
import { buildDocuments, writeDocuments } from '../../support/documents.ts';

describe('the documents of a published site', () => {
  let server: Server | undefined;
  afterEach(() => {
    vi.restoreAllMocks();
    server?.closeAllConnections();
    server?.close();
  });

  async function serve(listener: RequestListener): Promise<string> {
    server = createServer(listener);
    await new Promise<void>((done) => server?.listen(0, '127.0.0.1', done));
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}/base`;
  }
  const readIndex = async (listener: RequestListener, limits: Partial<Limits> = {}) => {
    const source = openSite(await serve(listener), { ...LIMITS, delaysMs: [1, 1], ...limits });
    return source.read('index', {}, SCHEMAS.index);
  };
  const index = { generated_at: '2025-01-01T00:00:00Z', sample: false, url: 'x', periods: ['all'] };
  const text = JSON.stringify(index);

  it('are read under the path of the site', async () => {
    const paths: (string | undefined)[] = [];
    const found = await readIndex((request, response) => {
      paths.push(request.url);
      response.end(text);
    });
    expect(found).toEqual(index);
    expect(paths).toEqual(['/base/api/v1/index.json']);
  });

  it('are none where nothing is published', async () => {
    expect(await readIndex((_, response) => response.writeHead(404).end('no'))).toBeNull();
  });

  it('are asked for again after a failure of the server', async () => {
    let tries = 0;
    const found = await readIndex((_, response) => {
      tries += 1;
      response.writeHead(tries < 3 ? 503 : 200).end(text);
    });
    expect(found).toEqual(index);
    await expect(readIndex((_, response) => response.writeHead(500).end())).rejects.toThrow(
      'answers 500',
    );
  });

  it.each([
    ['no JSON', '<'],
    ['another thing', '{"generated_at":"yesterday"}'],
    ['a list', '[[[[]]]]'],
    ['null', 'null'],
    ['own keys', '{"__proto__":{"sample":false},"constructor":1}'],
  ])('are refused if they are %s', async (_, body) => {
    await expect(readIndex((_request, response) => response.end(body))).rejects.toThrow(
      /index\.json is not/,
    );
  });

  it('are read up to a length, though the answer has no end', async () => {
    const endless: RequestListener = (_, response) => {
      const more = () => {
        while (!response.destroyed && response.write('['.repeat(65_536)));
      };
      response.on('drain', more);
      more();
    };
    const limits = { documentBytes: 1_000_000 };
    await expect(readIndex(endless, limits)).rejects.toThrow('is too long');
    await expect(readIndex(endless, { allBytes: 1_000_000 })).rejects.toThrow(LimitError);
  });

  it('are waited for up to a time', async () => {
    const silent: RequestListener = (_, response) => response.write('{');
    await expect(readIndex(silent, { requestMs: 50 })).rejects.toThrow('does not answer');
    await expect(readIndex(silent, { allMs: 50 })).rejects.toThrow(LimitError);
  });

  it('follow redirects, but not off https, to another scheme or for ever', async () => {
    const found = await readIndex((request, response) => {
      if (request.url === '/there') response.end(text);
      else response.writeHead(301, { location: '/there' }).end();
    });
    expect(found).toEqual(index);
    for (const location of ['http://leaderboard.example/', 'file:///etc/passwd', 'ftp://a.example'])
      await expect(
        readIndex((_, response) => response.writeHead(302, { location }).end()),
      ).rejects.toThrow('is not asked');
    await expect(
      readIndex((_, response) => response.writeHead(302, { location: '/again' }).end()),
    ).rejects.toThrow('redirects more than 5 times');
  });

  it.each(['http://leaderboard.example/', 'ftp://a.example/', 'file:///tmp'])(
    'are not asked for at %s',
    (address) => {
      expect(() => openSite(address)).toThrow('is not asked');
    },
  );

  it('may be for people who are logged in', async () => {
    await expect(readIndex((_, response) => response.writeHead(403).end())).rejects.toThrow(
      UnreadableError,
    );
    const login: RequestListener = (_, response) =>
      response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end('<h1>Log in');
    await expect(readIndex(login)).rejects.toThrow(UnreadableError);
  });

  it('may be of a host that is not there', async () => {
    const cause = Object.assign(new Error('getaddrinfo'), { code: 'ENOTFOUND' });
    vi.spyOn(globalThis, 'fetch').mockRejectedValueOnce(new TypeError('fetch failed', { cause }));
    const source = openSite('https://leaderboard.invalid/', { ...LIMITS, delaysMs: [] });
    await expect(source.read('index', {}, SCHEMAS.index)).rejects.toThrow(
      'there is no host leaderboard.invalid',
    );
  });

  describe('of which more is there than is read', () => {
    let folder: string;
    beforeAll(() => {
      folder = mkdtempSync(join(tmpdir(), 'remote-'));
      writeDocuments(folder, buildDocuments({ people: 20, contributorPages: 3 }));
    });
    afterAll(() => rmSync(folder, { recursive: true, force: true }));

    /** A document of a board by columns in which nobody stands, and one of no weights. */
    const EMPTY = {
      total: 0,
      unranked: { contributions: 0 },
      columns: { username: [], counts: {} },
      base_points: {},
    };

    const compare = async (shards: number, contributions: number) => {
      const built = openFolder(folder);
      const listed = await built.read('repositories', {}, SCHEMAS.repositories);
      const documents: Record<string, object> = {
        'index.json': { ...index, sample: true },
        'repositories.json': {
          repositories: listed?.repositories.map((one) => ({ ...one, contributions })),
        },
      };
      const address = await serve((request, response) => {
        const path = request.url?.replace('/base/api/v1/', '') ?? '';
        const board = { ...EMPTY, generated_at: index.generated_at, shards };
        if (path === 'dashboard/coverage.json') response.writeHead(404).end();
        else response.end(JSON.stringify(documents[path] ?? board));
      });
      const published = openSite(address, { ...LIMITS, requests: 60 });
      const config = { repositories: REPOSITORIES, people: configOf().people };
      return compareWithPublished({ built, published, config, acceptDrop: false });
    };

    it('is compared by the sums of the repositories', async () => {
      const same = await compare(10_000, 1);
      expect(same.map(({ level }) => level)).not.toContain('error');
      expect(same.find(({ level }) => level === 'warning')?.text).toMatch(
        /^People are not compared: .* has more than 60 documents to read/,
      );
      const fallen = (await compare(10_000, 1_000_000)).filter(({ level }) => level === 'error');
      expect(fallen).toHaveLength(REPOSITORIES.length);
    });
  });
});
