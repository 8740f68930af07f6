import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { SaxesParser } from 'saxes';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { drawBadge } from '../../../site/src/share/badge.ts';
import { writeFeed } from '../../../site/src/share/feed.ts';
import { drawable, drawBoard, toPng } from '../../../site/src/share/picture.ts';
import { buildDocuments, writeDocuments } from '../../support/documents.ts';

const isXml = (text: string) => new SaxesParser().write(text).close();

describe('a badge and a feed', () => {
  it('are well-formed, whatever stands in them', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const nasty = `${text}</title>\u0000]]>\ud800`;
        isXml(drawBadge({ label: nasty, message: nasty }));
        const entry = {
          id: 'tag:x,2026-01-01:y',
          title: nasty,
          link: 'https://x.example/',
          updated: '2026-01-01T00:00:00Z',
          text: nasty,
        };
        isXml(
          writeFeed({
            title: nasty,
            page: 'https://x.example/',
            self: 'https://x.example/feed.xml',
            author: nasty,
            made: entry.updated,
            entries: [entry],
          }),
        );
      }),
    );
  });
});

describe('a picture', () => {
  it.each([
    ['Ada Lovelace', 'Ada Lovelace'],
    ['Ünï çödé', 'Ünï çödé'],
    ['Ирина', 'Ирина'],
    ['مريم', 'مريم'],
    ['山田太郎', 'login'],
    ['Party 🎉', 'login'],
    ['\u202e', 'login'],
    ['  ', 'login'],
  ])('says %j as %j', (name, shown) => {
    expect(drawable(name, 'login')).toBe(shown);
  });

  it('has glyphs for what it calls drawable', () => {
    const draw = (name: string) =>
      Buffer.from(toPng(drawBoard({ site: 'S', title: name, note: '', entries: [] }))).toString(
        'base64',
      );
    // A glyph that a font lacks is a box, or nothing.
    const lacking = draw('\u{e000}\u{e001}');
    const nothing = draw('');
    for (const name of ['é', 'Ж', 'Ω', 'م', 'ש', 'Ա', 'ა']) {
      const drawn = draw(name.repeat(2));
      expect(drawn, name).not.toBe(lacking);
      expect(drawn, name).not.toBe(nothing);
    }
    expect(draw('م')).not.toBe(draw('ر'));
  });
});

describe('the map of a site', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'sitemap-'));
    writeDocuments(folder, buildDocuments({ people: 3, contributorPages: 1 }));
    vi.stubEnv('SITE_DATA', folder);
  });
  afterEach(() => {
    vi.unstubAllEnvs();
    rmSync(folder, { recursive: true });
  });

  it('is an index of several where one would be too long', async () => {
    // It keeps the address of a site that another test read.
    vi.resetModules();
    const { writeSitemap } = await import('../../../site/src/share/sitemap.ts');
    const paths = [
      'index.html',
      'a/index.html',
      'b c/index.html',
      '404.html',
      'contributor/index.html',
    ];
    writeSitemap(folder, paths, 2);
    const names = readdirSync(folder).filter((name) => name.endsWith('.xml'));
    const texts = new Map(names.map((name) => [name, readFileSync(join(folder, name), 'utf8')]));
    for (const text of texts.values()) isXml(text);
    const locations = (name: string) =>
      [...(texts.get(name) ?? '').matchAll(/<loc>([^<]*)<\/loc>/g)].map(([, url]) => url);
    const site = 'https://meadow.example/leaderboard/';
    expect(locations('sitemap.xml')).toEqual([`${site}sitemap-1.xml`, `${site}sitemap-2.xml`]);
    expect(locations('sitemap-1.xml')).toEqual([site, `${site}a/`]);
    expect(locations('sitemap-2.xml')).toEqual([`${site}b%20c/`]);
  });
});
