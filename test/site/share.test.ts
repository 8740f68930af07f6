import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseHTML } from 'linkedom';
import { SaxesParser } from 'saxes';
import { beforeAll, describe, expect, it } from 'vitest';
import type {
  Contributor,
  ContributorActivity,
  Index,
} from '../../pipeline/published/documents.ts';
import { HOSTILE_NAME, REPOSITORIES } from '../support/community.ts';
import { type BuiltSite, buildInvented, listFiles, readText } from './built-site.ts';

const BASE = '/leaderboard/';
const URL_OF_SITE = `https://meadow.example${BASE}`;

interface Element {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: Element[];
  text: string;
}

/** A document as a strict parser sees it. @throws for one that is not well-formed */
function parseXml(text: string): Element {
  const root: Element = { name: '', attributes: {}, children: [], text: '' };
  const open = [root];
  const parser = new SaxesParser();
  parser.on('opentag', ({ name, attributes }) => {
    const element = {
      name,
      attributes: attributes as Record<string, string>,
      children: [],
      text: '',
    };
    open.at(-1)?.children.push(element);
    open.push(element);
  });
  parser.on('text', (part) => {
    const last = open.at(-1);
    if (last) last.text += part;
  });
  parser.on('closetag', () => open.pop());
  parser.write(text).close();
  return root.children[0] as Element;
}

const all = ({ children }: Element, name: string) => children.filter((one) => one.name === name);
const textOf = (element: Element, name: string) => all(element, name)[0]?.text ?? '';

describe('what a site offers to share', () => {
  let site: BuiltSite;
  let files: string[];
  let index: Index;
  const read = <T>(path: string) => JSON.parse(readText(site, `api/v1/${path}`)) as T;

  beforeAll(async () => {
    site = await buildInvented();
    files = listFiles(site.out);
    index = read<Index>('index.json');
  });

  /** The file of the site that a whole address means. */
  const fileOf = (address: string) => {
    expect(address.startsWith(URL_OF_SITE), address).toBe(true);
    const path = decodeURIComponent(address.slice(URL_OF_SITE.length));
    return path === '' || path.endsWith('/') ? `${path}index.html` : path;
  };

  it('has feeds by the rules of Atom, whatever people are called', () => {
    const feeds = files.filter((path) => path.endsWith('feed.xml'));
    expect(feeds).toHaveLength(1 + REPOSITORIES.length + index.contributors.length);
    const ids = new Set<string>();
    for (const path of feeds) {
      const feed = parseXml(readText(site, path));
      expect(feed.attributes.xmlns, path).toBe('http://www.w3.org/2005/Atom');
      expect(all(feed, 'author').map((one) => textOf(one, 'name').length > 0)).toEqual([true]);
      const self = all(feed, 'link').find(({ attributes }) => attributes.rel === 'self');
      expect(fileOf(self?.attributes.href ?? '')).toBe(path);
      for (const one of [feed, ...all(feed, 'entry')]) {
        expect(textOf(one, 'title'), path).not.toBe('');
        expect(textOf(one, 'updated'), path).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
        expect(files).toContain(fileOf(all(one, 'link')[0]?.attributes.href ?? ''));
        expect(URL.canParse(textOf(one, 'id')), path).toBe(true);
        expect(ids.has(textOf(one, 'id')), textOf(one, 'id')).toBe(false);
        ids.add(textOf(one, 'id'));
      }
      const times = all(feed, 'entry').map((one) => textOf(one, 'updated'));
      expect(times).toEqual(times.toSorted().toReversed());
    }
    const titles = feeds.map((path) => textOf(parseXml(readText(site, path)), 'title'));
    expect(titles.some((title) => title.includes(HOSTILE_NAME))).toBe(true);
  });

  it('says of the oldest day in a feed that it may have had more', () => {
    const titlesOf = (username: string) =>
      all(parseXml(readText(site, `contributors/${username}/feed.xml`)), 'entry').map((one) =>
        textOf(one, 'title'),
      );
    const lengths = index.contributors.map((username) => {
      const { recent } = read<ContributorActivity>(`contributors/${username}/activity.json`);
      const days = new Set(recent.map(({ occurred_at }) => occurred_at.slice(0, 10)));
      const titles = titlesOf(username);
      const isOldestShown = titles.length === days.size;
      const isCut = recent.length === 100;
      expect(titles.slice(0, -1).join()).not.toContain('At least');
      expect(titles.at(-1)?.startsWith('At least ') ?? false).toBe(isCut && isOldestShown);
      return isCut && isOldestShown;
    });
    expect(new Set(lengths).size).toBe(2);
  });

  it('has badges and cards that say what the documents say', () => {
    const svgs = files.filter((path) => /^(?:badge|card)\/.*\.svg$/.test(path));
    for (const path of svgs) expect(parseXml(readText(site, path)).name, path).toBe('svg');
    for (const username of index.contributors) {
      const { all: standing } = read<Contributor>(`contributors/${username}.json`).periods;
      const score = Math.round(standing?.total_score ?? 0).toLocaleString('en');
      const least = (standing?.unknown_kinds ?? []).length > 0 ? '+' : '';
      const title = textOf(parseXml(readText(site, `badge/${username}.svg`)), 'title');
      const said = `#${standing?.rank} of ${standing?.total} · ${score}${least} points · top `;
      expect(title).toContain(said);
      const { schemaVersion, label, message } = JSON.parse(
        readText(site, `badge/${username}.json`),
      );
      expect([schemaVersion, `${label}: ${message}`]).toEqual([1, title]);
      expect(textOf(parseXml(readText(site, `card/${username}.svg`)), 'title')).toBe(
        `${username}: rank ${standing?.rank} of ${standing?.total}, ${score}${least} points`,
      );
    }
    expect(textOf(parseXml(readText(site, 'badge/meadow/next.js.svg')), 'title')).toMatch(
      /^contributors?: \d/,
    );
    expect(svgs.length).toBeGreaterThan(100);
  });

  it('has Markdown on the pages of people and repositories that leads to files of the site', () => {
    for (const path of [
      'contributors/rosa-field/index.html',
      'repositories/meadow/next.js/index.html',
    ]) {
      const { document } = parseHTML(readText(site, path));
      const texts = [...document.querySelectorAll('.share textarea')].map(
        (one) => one.textContent ?? '',
      );
      expect(texts.length).toBe(path.startsWith('contributors') ? 2 : 1);
      for (const text of texts) {
        const [, image = '', page = ''] = /\]\((\S+)\)\]\((\S+)\)$/.exec(text) ?? [];
        expect(files).toContain(fileOf(image));
        expect(fileOf(page)).toBe(path);
      }
    }
  });

  it('has a picture, a description and an address for every page', () => {
    const pages = files.filter((path) => path.endsWith('.html'));
    const images = new Set<string>();
    for (const path of pages) {
      const { document } = parseHTML(readText(site, path));
      const meta = (name: string) =>
        document
          .querySelector(`meta[name="${name}"],meta[property="${name}"]`)
          ?.getAttribute('content') ?? '';
      expect(document.documentElement.getAttribute('lang'), path).toBe('en');
      expect(meta('description').length, path).toBeGreaterThan(10);
      expect(meta('twitter:card')).toBe('summary_large_image');
      images.add(fileOf(meta('og:image')));
      const feed = document
        .querySelector('link[type="application/atom+xml"]')
        ?.getAttribute('href');
      if (feed) expect(files, path).toContain(decodeURIComponent(feed.slice(BASE.length)));
    }
    expect(images.has('og/repositories/meadow/next.js.png')).toBe(true);
    expect(images.has('og/site.png')).toBe(true);
    for (const image of images) {
      const bytes = readFileSync(join(site.out, image));
      expect(bytes.subarray(1, 4).toString(), image).toBe('PNG');
      expect([bytes.readUInt32BE(16), bytes.readUInt32BE(20)]).toEqual([1200, 630]);
    }
  });

  it('has a map of all its pages, and what browsers ask for', () => {
    const urls = all(parseXml(readText(site, 'sitemap.xml')), 'url').map((one) =>
      fileOf(textOf(one, 'loc')),
    );
    const shown = files.filter(
      (path) =>
        path.endsWith('index.html') &&
        !/^contributor\/|^contributors\/(?:rose-field|tied-zero)\//.test(path),
    );
    expect(urls.toSorted()).toEqual(shown.toSorted());
    expect(readText(site, 'robots.txt')).toContain(`Sitemap: ${URL_OF_SITE}sitemap.xml`);
    const { icons } = JSON.parse(readText(site, 'site.webmanifest'));
    for (const { src } of icons) expect(files).toContain(src.slice(BASE.length));
    expect(files).toContain('.nojekyll');
  });

  it('shows every document on the page about the API', () => {
    const { document } = parseHTML(readText(site, 'api/index.html'));
    const shown = [...document.querySelectorAll('.endpoint h3')].map((one) =>
      one.textContent?.replace('GET /', ''),
    );
    expect(shown).toEqual(expect.arrayContaining(Object.values(index.documents)));
    const examples = [...document.querySelectorAll('[data-try]')].map(
      (one) => one.getAttribute('data-try') ?? '',
    );
    expect(examples.length).toBeGreaterThan(15);
    for (const example of examples)
      expect(files).toContain(decodeURIComponent(example.slice(BASE.length)));
  });
});
