import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  openDocuments,
  READ_LIMITS,
  type ReadLimits,
} from '../../../../pipeline/stages/preview/document-source.ts';
import { readPublished } from '../../../../pipeline/stages/preview/read-published.ts';
import { UsageError } from '../../../../pipeline/util/usage-error.ts';
import { buildDocuments, writeDocuments } from '../../../support/documents.ts';

const documents = buildDocuments({ people: 20 });
const BOARD = 'boards/global/all/1.json';
const OWN = 'boards/meadow/garden/week/1.json';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'leaderboard-hostile-'));
  writeDocuments(folder, documents);
});
afterEach(() => rmSync(folder, { recursive: true }));

const fileOf = (path: string) => join(folder, 'api/v1', path);
const { signal } = new AbortController();

const read = async (place = folder, limits: Partial<ReadLimits> = {}) =>
  readPublished(await openDocuments(place, signal, { ...READ_LIMITS, ...limits }));

async function refusal(place?: string, limits?: Partial<ReadLimits>): Promise<string> {
  const error = await read(place, limits).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(UsageError);
  return (error as UsageError).message;
}

// biome-ignore lint/suspicious/noExplicitAny: a test changes any part of a document
type Change = (document: any) => void;

function change(path: string, edit: Change): void {
  const document = JSON.parse(readFileSync(fileOf(path), 'utf8'));
  edit(document);
  writeFileSync(fileOf(path), JSON.stringify(document));
}

it('reads documents as they are, from either folder', async () => {
  const published = await read();
  expect(published.accounts.length).toBeGreaterThan(15);
  expect(published.boards).toHaveLength(5 * 4);
  expect((await read(fileOf(''))).boards).toEqual(published.boards);
});

describe('a document is refused', () => {
  it.each<[what: string, path: string, edit: Change, message: RegExp]>([
    ['of another run', OWN, (own) => (own.generated_at = '2025-11-20T02:11:00.000Z'), /two runs/],
    [
      'with a name that leads out',
      'repositories.json',
      (all) => (all.repositories[0].owner = '..'),
      /a name that GitHub does not have: \.\.\//,
    ],
    [
      'with a repository twice',
      'repositories.json',
      (all) => all.repositories.push(all.repositories[0]),
      /one entry twice/,
    ],
    ['of another board', OWN, (own) => (own.scope = 'meadow/next.js'), /is another one's/],
    ['of another period', OWN, (own) => (own.period = 'month'), /is another one's/],
    ['that counts too many documents', OWN, (own) => (own.shards = 1e15), /is another one's/],
    [
      'that counts more documents than there are',
      OWN,
      (own) => (own.shards = 2),
      /has no boards\/meadow\/garden\/week\/2\.json/,
    ],
    [
      'with a login twice',
      BOARD,
      ({ columns }) => (columns.username[1] = columns.username[0].toUpperCase()),
      /twice/,
    ],
    [
      'with an id twice',
      BOARD,
      ({ columns }) => (columns.github_id[1] = columns.github_id[0]),
      /do not agree on who/,
    ],
    [
      'with another id of a login',
      BOARD,
      ({ columns }) => (columns.github_id[0] += 5_000_000),
      /do not agree on who/,
    ],
    [
      'with a login that cannot be stored',
      BOARD,
      ({ columns }) => (columns.username[0] = 'a\0b'),
      /a login that no account can have/,
    ],
    [
      'with half a character',
      BOARD,
      ({ columns }) => (columns.username[0] = '\ud800'),
      /a login that no account can have/,
    ],
    [
      'with a login of a megabyte',
      BOARD,
      ({ columns }) => (columns.username[0] = 'a'.repeat(1e6)),
      /a login that no account can have/,
    ],
    [
      'with a negative count',
      BOARD,
      ({ columns }) => (columns.counts.commit_count[0] = -1),
      /all\/1\.json does not match its schema/,
    ],
    [
      'with a count beyond all numbers',
      BOARD,
      ({ columns }) => (columns.counts.commit_count[0] = 1e300),
      /does not match its schema/,
    ],
    [
      'with a count that makes sums inexact',
      BOARD,
      ({ columns }) => (columns.lines_added[0] = 1e13),
      /a count that no account can have/,
    ],
    [
      'with a column that is too short',
      BOARD,
      ({ columns }) => columns.counts.commit_count.pop(),
      /does not match its schema/,
    ],
    [
      'with a field of its own',
      BOARD,
      (board) => (board.constructor = {}),
      /does not match its schema/,
    ],
    [
      'with a weight that no configuration has',
      'config/scoring.json',
      (all) => (all.base_points.COMMIT = 1e12),
      /weights that no configuration can have/,
    ],
    [
      'with a former login that cannot be stored',
      'renames.json',
      (all) => all.renames.push({ former_login: '\0', username: 'rosa-field' }),
      /a login that no account can have/,
    ],
  ])('%s', async (_, path, edit, message) => {
    change(path, edit);
    expect(await refusal()).toMatch(message);
  });

  it('that is no JSON, or nested without end', async () => {
    writeFileSync(fileOf(BOARD), '{"a":');
    expect(await refusal()).toBe(`${BOARD} is not JSON`);
    writeFileSync(fileOf(BOARD), '['.repeat(2_000_000));
    expect(await refusal()).toBe(`${BOARD} is not JSON`);
  });

  it('that is missing, no file, or behind a link that leads out', async () => {
    rmSync(fileOf(BOARD));
    expect(await refusal()).toBe(`${folder} has no ${BOARD}`);
    mkdirSync(fileOf(BOARD));
    expect(await refusal()).toBe(`${BOARD} is no file`);
    rmSync(fileOf(BOARD), { recursive: true });
    symlinkSync('/etc/hostname', fileOf(BOARD));
    expect(await refusal()).toBe(`${BOARD} leads out of ${folder}`);
  });

  it('that is larger than allowed, alone or with the others', async () => {
    truncateSync(fileOf(BOARD), READ_LIMITS.document + 1);
    expect(await refusal()).toBe(`${BOARD} is larger than the 32,000,000 bytes that are left`);
    rmSync(folder, { recursive: true });
    writeDocuments(folder, documents);
    expect(await refusal(folder, { all: 20_000 })).toMatch(/is larger than the [\d,]+ bytes/);
  });
});

describe('a site', () => {
  let server: Server | undefined;
  afterEach(() => {
    server?.closeAllConnections();
    server?.close();
  });

  async function serve(answer: RequestListener): Promise<string> {
    server = createServer(answer);
    await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}/board`;
  }

  const files: RequestListener = ({ url = '' }, response) => {
    response.end(readFileSync(join(folder, url.replace('/board/', ''))));
  };

  it('is read as its folder is', async () => {
    const { readEvents: _, readCosts: _c, ...published } = await read(await serve(files));
    const { readEvents: __, readCosts: __c, ...fromFolder } = await read();
    expect(published).toEqual(fromFolder);
  });

  it.each([
    ['http://example.org', /is read over https:\/\/ alone/],
    ['ftp://127.0.0.1/', /is read over https:\/\/ alone/],
    ['file:///etc/passwd', /is read over https:\/\/ alone/],
    ['http://localhost.example.org', /is read over https:\/\/ alone/],
    ['https://', /is no address/],
    ['/no/such/folder', /there is no folder/],
  ])('%s is none', async (place, message) => {
    expect(await refusal(place)).toMatch(message);
  });

  it('that has moved is not followed', async () => {
    const place = await serve((_, response) => {
      response.writeHead(301, { location: 'http://127.0.0.1:1/' }).end();
    });
    expect(await refusal(place)).toMatch(
      /has moved to http:\/\/127\.0\.0\.1:1\/: give the address/,
    );
  });

  it('that has no documents, or does not answer', async () => {
    const place = await serve((_, response) => response.writeHead(404).end());
    expect(await refusal(place)).toBe(`${place}/api/v1/index.json answers 404`);
    expect(await refusal('http://127.0.0.1:1')).toMatch(/does not answer: /);
  });

  it('whose answer has no end', async () => {
    const place = await serve((_, response) => {
      const more = () => {
        while (!response.destroyed && response.write('x'.repeat(65_536)));
      };
      response.on('drain', more);
      more();
    });
    expect(await refusal(place, { document: 1_000_000 })).toMatch(/index\.json is larger than/);
  });

  it('that takes too long', async () => {
    const place = await serve((_, response) => void response.write('{'));
    expect(await refusal(place, { timeMs: 200 })).toBe(`reading ${place} took more than 0.2 s`);
  });
});
