import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readDocument, readIndex } from '../lib/documents.ts';
import { html } from '../lib/html.ts';
import { contributorPath, encodePath, GENERIC_PAGE } from '../lib/paths.ts';

/** The most addresses of one file: sitemaps.org allows 50,000. */
const MOST = 45_000;
const HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n';
const NAMESPACE = 'http://www.sitemaps.org/schemas/sitemap/0.9';

/**
 * Writes the addresses of all pages for search engines: one file, or an index of several.
 * @param paths of all files of the site
 */
export function writeSitemap(out: string, paths: Iterable<string>, most = MOST): void {
  const { url, generated_at } = readIndex();
  const leading = new Set(
    readDocument('renames').renames.map(({ former_login }) => contributorPath(former_login)),
  );
  const pages = [...paths]
    .filter((path) => path === 'index.html' || path.endsWith('/index.html'))
    .map((path) => encodePath(path.slice(0, -'index.html'.length)))
    .filter((path) => path !== GENERIC_PAGE && !leading.has(path))
    .sort();
  const modified = html`<lastmod>${generated_at}</lastmod>`;
  const parts = Array.from({ length: Math.ceil(pages.length / most) }, (_, part) => {
    const own = pages.slice(part * most, (part + 1) * most);
    return html`<urlset xmlns="${NAMESPACE}">${own.map((path) => html`<url><loc>${url + path}</loc>${modified}</url>`)}</urlset>`;
  });
  const write = (name: string, text: string) => writeFileSync(join(out, name), HEAD + text);
  if (parts.length === 1) {
    write('sitemap.xml', parts[0]?.text ?? '');
    return;
  }
  const names = parts.map((_, part) => `sitemap-${part + 1}.xml`);
  for (const [part, name] of names.entries()) write(name, parts[part]?.text ?? '');
  const listed = names.map((name) => html`<sitemap><loc>${url + name}</loc>${modified}</sitemap>`);
  write('sitemap.xml', html`<sitemapindex xmlns="${NAMESPACE}">${listed}</sitemapindex>`.text);
}
