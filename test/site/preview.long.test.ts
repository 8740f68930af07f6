import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { get } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { SiteError } from '../../site/options.ts';
import { type Preview, requireFreePort, servePreview } from '../../site/preview.ts';
import { runCommand } from '../support/run-command.ts';

/** As it is sent, without the tidying of addresses that fetch does. */
function ask(port: number, path: string): Promise<{ status: number; text: string; to: string }> {
  return new Promise((done, fail) => {
    get({ host: '127.0.0.1', port, path, agent: false }, (response) => {
      let text = '';
      response.on('data', (chunk) => {
        text += chunk;
      });
      response.on('end', () =>
        done({ status: response.statusCode ?? 0, text, to: response.headers.location ?? '' }),
      );
    }).on('error', fail);
  });
}

/** Reads the first bytes, and hangs up. */
function breakOff(port: number, path: string): Promise<void> {
  return new Promise((done, fail) => {
    get({ host: '127.0.0.1', port, path, agent: false }, (response) => {
      response.once('data', () => response.destroy());
      response.once('close', done);
    }).on('error', fail);
  });
}

/** Empty for the one that listed the others, which is closed by now. */
function linkOf(fd: string): string {
  try {
    return readlinkSync(`/proc/self/fd/${fd}`);
  } catch {
    return '';
  }
}

function countOpen(file: string): number {
  return readdirSync('/proc/self/fd').filter((fd) => linkOf(fd) === file).length;
}

describe('the preview', () => {
  let folder: string;
  let preview: Preview;
  let port: number;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'site-preview-'));
    writeFileSync(join(folder, 'secret.txt'), 'secret');
    const out = join(folder, 'dist');
    mkdirSync(join(out, 'a'), { recursive: true });
    writeFileSync(join(out, 'site.json'), '{"base":"/board/"}');
    writeFileSync(join(out, 'index.html'), 'home');
    writeFileSync(join(out, 'a/index.html'), 'page a');
    writeFileSync(join(out, '404.html'), 'none');
    symlinkSync('loop', join(out, 'loop'));
    preview = await servePreview({ out, port: 0 });
    port = Number(new URL(preview.url).port);
  });
  afterAll(async () => {
    await preview?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it('serves pages under the base that the site was built for', async () => {
    expect(new URL(preview.url).pathname).toBe('/board/');
    expect(await ask(port, '/board/')).toMatchObject({ status: 200, text: 'home' });
    expect(await ask(port, '/board/a/?x=1')).toMatchObject({ status: 200, text: 'page a' });
  });

  it('leads to the base and to the slash at the end', async () => {
    expect(await ask(port, '/')).toMatchObject({ status: 302, to: '/board/' });
    expect(await ask(port, '/board/a')).toMatchObject({ status: 302, to: '/board/a/' });
  });

  it.each([
    '/elsewhere/',
    '/board/none/',
    '/board/../secret.txt',
    '/board/..%2f..%2fsecret.txt',
    '/board/%2e%2e/secret.txt',
    '/board/%00',
    '/board/%zz',
    `/board/${'a'.repeat(300)}`,
    '/board/loop',
  ])('answers %s with its own page for what is not there', async (path) => {
    expect(await ask(port, path)).toMatchObject({ status: 404, text: 'none' });
  });

  describe('of a site that is built again meanwhile', () => {
    const site = () => join(folder, 'dist/site.json');
    afterEach(async () => {
      writeFileSync(site(), '{"base":"/board/"}');
      await ask(port, '/board/');
    });

    it.each([
      ['for another address', '{"base":"/"}', '/', '/a/'],
      ['for another folder', '{"base":"/other/"}', '/other/', '/other/a/'],
      ['and is not there for a moment', null, '/board/', '/board/a/'],
      ['and is no site', '{"base":', '/board/', '/board/a/'],
    ])('goes on: it is built %s', async (_, text, home, page) => {
      if (text === null) rmSync(site());
      else writeFileSync(site(), text);
      expect(await ask(port, home)).toMatchObject({ status: 200, text: 'home' });
      expect(await ask(port, page)).toMatchObject({ status: 200, text: 'page a' });
    });
  });

  /** Only Linux lists the open files of a process there. */
  it.runIf(process.platform === 'linux')(
    'closes the files of downloads that are broken off',
    async () => {
      const large = join(folder, 'dist/large.json');
      writeFileSync(large, Buffer.alloc(5_000_000, ' '));
      for (let count = 0; count < 200; count += 20) {
        await Promise.all(Array.from({ length: 20 }, () => breakOff(port, '/board/large.json')));
      }
      await vi.waitFor(() => expect(countOpen(large)).toBe(0), 10_000);
      expect(await ask(port, '/board/')).toMatchObject({ status: 200, text: 'home' });
    },
  );

  it('says that a port is taken', async () => {
    await expect(servePreview({ out: join(folder, 'dist'), port })).rejects.toThrow(
      new RegExp(`Port ${port} is taken`),
    );
  });

  it('says so before any work is done for it, too', async () => {
    await expect(requireFreePort(port)).rejects.toThrow(new RegExp(`Port ${port} is taken`));
    await expect(requireFreePort(0)).resolves.toBeUndefined();
  });

  it('says what to do where there is no site', async () => {
    await expect(servePreview({ out: join(folder, 'none'), port: 0 })).rejects.toThrow(
      /run npm run site:build first/,
    );
  });
});

describe('a preview of a site whose site.json is broken', () => {
  it.each([
    ['cut off', '{"base": "/boa', /is not as npm run site:build writes it/],
    ['empty', '', /is not as/],
    ['null', 'null', /is not as/],
    ['without a base', '{}', /is not as/],
    ['with a base that is no text', '{"base": 1}', /is not as/],
    ['with a base that lacks a slash', '{"base": "/board"}', /is not as/],
    ['with a base of another server', '{"base": "//elsewhere/"}', /is not as/],
    ['a folder', null, /site\.json can't be read \(EISDIR\)/],
  ])('%s: says so', async (_, text, message) => {
    const out = mkdtempSync(join(tmpdir(), 'site-preview-'));
    onTestFinished(() => rmSync(out, { recursive: true }));
    if (text === null) mkdirSync(join(out, 'site.json'));
    else writeFileSync(join(out, 'site.json'), text);
    const error = await servePreview({ out, port: 0 }).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(SiteError);
    expect(String(error)).toMatch(message);
  });
});

describe('the commands of the site', () => {
  it.each([
    ['site:build', ['--bogus'], 'unknown option'],
    ['site:build', ['--data', '/nowhere'], '/nowhere'],
    ['site:dev', ['--data', '/nowhere'], 'npm run pipeline -- --source sample'],
    ['site:preview', ['--port', '99999'], 'expected a number from 0 to 65535'],
    ['site:preview', ['--port', '-1'], 'expected a number from 0 to 65535'],
    ['site:preview', ['--port', ''], 'expected a number from 0 to 65535'],
    ['site:preview', ['--out', '/nowhere'], 'run npm run site:build first'],
    ['site:preview', ['--out', '/dev/null'], 'run npm run site:build first'],
  ])('%s %j ends with 2, saying why', async (script, args, words) => {
    const { code, output } = await runCommand(script, args, { cwd: tmpdir() });
    expect(output).toContain(words);
    expect(output).not.toContain('    at ');
    expect(code).toBe(2);
  });
});
