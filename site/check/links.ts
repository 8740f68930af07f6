import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { asciiLower } from '../../pipeline/domain/names.ts';
import type { ContributorShard } from '../../pipeline/published/documents.ts';
import { documentPath } from '../../pipeline/published/paths.ts';
import { GENERIC_PAGE, monthPath, repositoryPath } from '../src/lib/paths.ts';
import type { SearchIndex } from '../src/lib/search-index.ts';
import { personAddress } from '../src/scripts/search-source.ts';
import type { BoardFacts } from '../src/views/board.ts';
import type { SiteFiles } from './files.ts';
import { error, type Finding, firstOf } from './finding.ts';

/** Where a site is served. */
export interface SiteAddress {
  /** Its path, with a slash at both ends. */
  readonly base: string;
  /** Its whole address, which canonical links begin with. */
  readonly url: string;
}

/** An element with an attribute that leads somewhere. Quoted values may hold a `>`. */
const TAG = /<[a-zA-Z](?:"[^"]*"|'[^']*'|[^'">])*>/g;
const MAY_LEAD = /\s(?:href|src|srcset|poster|data-board)\s*=/i;
const ATTRIBUTE = /([^\s"'<>/=]+)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'<>]+))/g;
const LEADS: ReadonlySet<string> = new Set(['href', 'src', 'srcset', 'poster', 'data-board']);

/** The addresses that a page leads to, as they are written in it. */
export function linksOf(html: string): string[] {
  const links: string[] = [];
  for (const [tag] of html.matchAll(TAG)) {
    if (!MAY_LEAD.test(tag)) continue;
    for (const [, name = '', double, single, bare] of tag.matchAll(ATTRIBUTE)) {
      if (!LEADS.has(name.toLowerCase())) continue;
      const value = decodeEntities(double ?? single ?? bare ?? '').trim();
      links.push(...addressesIn(name.toLowerCase(), value));
    }
  }
  return links;
}

/** The addresses in the value of an attribute; those of a board are the documents of its script. */
function addressesIn(name: string, value: string): readonly string[] {
  if (name === 'srcset') return value.split(',').map((one) => one.trim().split(/\s/)[0] ?? '');
  return name === 'data-board' ? (JSON.parse(value) as BoardFacts).documents : [value];
}

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', quot: '"', lt: '<', gt: '>' };

const decodeEntities = (text: string) =>
  text.replace(/&(?:#(\d{1,7})|#x([\da-f]{1,6})|(amp|quot|lt|gt));/gi, (found, ten, hex, name) => {
    if (name) return ENTITIES[name.toLowerCase()] ?? found;
    const code = ten ? Number(ten) : Number.parseInt(hex, 16);
    return code <= 0x10ffff ? String.fromCodePoint(code) : found;
  });

/** The place within the site that an address means, or why there is none; null if it is outside. */
type Place = { readonly file: string; readonly hash: string } | { readonly fault: string } | null;

/**
 * Resolves addresses to files of the site, as GitHub Pages does.
 * @param sharded the people that the page for those without a built one can show, in lower case
 */
function createResolver(
  { sizes }: SiteFiles,
  { base, url }: SiteAddress,
  sharded: ReadonlySet<string>,
) {
  /** Not a host that exists: the site itself, wherever it is. */
  const here = 'http://site.invalid';
  const fileOf = (path: string) =>
    [path.endsWith('/') || path === '' ? `${path}index.html` : path, `${path}/index.html`].find(
      (file) => sizes.has(file),
    );
  const isShown = (login: string) =>
    sharded.has(asciiLower(login)) &&
    sizes.has(`api/v1/${documentPath('contributor', { username: login })}`);
  return (link: string, page: string): Place => {
    const local = link.startsWith(url) ? base + link.slice(url.length) : link;
    const at = `${here}${base}${encodeURI(page).replace(/(^|\/)index\.html$/, '$1')}`;
    if (!URL.canParse(local, at)) return { fault: 'is not an address' };
    const { origin, pathname, hash, searchParams } = new URL(local, at);
    if (origin !== here) return null;
    if (!pathname.startsWith(base)) return { fault: `leads out of ${base}, where the site is` };
    const [path, id] = [decode(pathname.slice(base.length)), decode(hash.slice(1))];
    const file = path === null ? undefined : fileOf(path);
    const login = path === GENERIC_PAGE ? searchParams.get('login') : null;
    if (login !== null && !isShown(login))
      return { fault: 'leads to somebody of whom nothing is published' };
    return file === undefined ? { fault: 'leads to nothing' } : { file, hash: id ?? '' };
  };
}

function decode(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}

/** The logins, in lower case, of the people whose activity lies in shards. */
function readSharded(out: string, { sizes }: SiteFiles): ReadonlySet<string> {
  const logins = new Set<string>();
  for (let shard = 0; ; shard++) {
    const path = `api/v1/${documentPath('contributor_shard', { shard })}`;
    if (!sizes.has(path)) return logins;
    const document = JSON.parse(readFileSync(join(out, path), 'utf8')) as ContributorShard;
    for (const { username } of document.contributors) logins.add(asciiLower(username));
  }
}

/** The part of a page that is linked, by its id, and the page that links it. */
type Parts = Map<string, string>;

/** Whether every address within the site, in its pages and made by its scripts, leads somewhere. */
export function checkLinks(out: string, files: SiteFiles, address: SiteAddress): Finding[] {
  const pages = [...files.sizes.keys()].filter((path) => path.endsWith('.html'));
  const resolve = createResolver(files, address, readSharded(out, files));
  const faults: Finding[] = [];
  const partsByFile = new Map<string, Parts>();
  /** Addresses that mean the same on every page: most of them are on thousands. */
  const known = new Set<string>();
  const check = (link: string, page: string) => {
    const isSameEverywhere = link.startsWith('/') || link.includes('://');
    if (isSameEverywhere && known.has(link)) return;
    if (isSameEverywhere) known.add(link);
    const place = resolve(link, page);
    if (place === null) return;
    if ('fault' in place) faults.push(describe(page, link, place.fault));
    else if (place.hash !== '') addPart(partsByFile, place, page);
  };
  for (const page of pages) {
    const html = readFileSync(join(out, page), 'utf8');
    for (const link of linksOf(html)) {
      if (!link.startsWith('#')) check(link, page);
      // Within the page; it is not read again for that.
      else if (!hasPart(html, decode(link.slice(1)) ?? ''))
        faults.push(describe(page, link, 'has no such part'));
    }
  }
  for (const link of linksOfScripts(out, files, address.base)) check(link, 'search.json');
  return firstOf([...faults, ...checkParts(out, partsByFile)], 'links');
}

/** `#` and `#top` mean the beginning of any page. */
const hasPart = (html: string, id: string) =>
  id === '' || id === 'top' || html.includes(` id="${id}"`) || idsOf(html).has(id);

const idsOf = (html: string): ReadonlySet<string> =>
  new Set([...html.matchAll(/\sid="([^"]*)"/g)].map(([, id = '']) => decodeEntities(id)));

const describe = (page: string, link: string, fault: string) =>
  error(`${page} has the link ${link}, which ${fault}: build the site again from all documents.`);

function addPart(
  partsByFile: Map<string, Parts>,
  { file, hash }: { readonly file: string; readonly hash: string },
  page: string,
): void {
  const parts: Parts = partsByFile.get(file) ?? new Map();
  if (!parts.has(hash)) parts.set(hash, page);
  partsByFile.set(file, parts);
}

/** Each page that has linked parts is read once more, and only its ids are looked for. */
function checkParts(out: string, partsByFile: ReadonlyMap<string, Parts>): Finding[] {
  return [...partsByFile].flatMap(([file, parts]) => {
    if (!file.endsWith('.html')) return [];
    const html = readFileSync(join(out, file), 'utf8');
    const ids = idsOf(html);
    return [...parts]
      .filter(([id]) => id !== 'top' && !ids.has(id))
      .map(([id, page]) => describe(page, `${file}#${id}`, 'has no such part'));
  });
}

/** The addresses that the search makes of its index, as the browser does. */
function* linksOfScripts(out: string, { sizes }: SiteFiles, base: string): Generator<string> {
  if (!sizes.has('search.json')) return;
  const index = JSON.parse(readFileSync(join(out, 'search.json'), 'utf8')) as SearchIndex;
  for (const name of index.repositories) yield base + repositoryPath(name);
  for (const month of index.months) yield base + monthPath(month);
  for (const place of index.usernames.keys()) {
    yield personAddress(index, place, base);
  }
}
