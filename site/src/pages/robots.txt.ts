import { readIndex } from '../lib/documents.ts';

/** Everything may be read. Engines that look for it find the map of the site here. */
export const GET = () =>
  new Response(`User-agent: *\nAllow: /\n\nSitemap: ${readIndex().url}sitemap.xml\n`);
