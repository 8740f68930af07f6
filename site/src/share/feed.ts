import { html } from '../lib/html.ts';
import { cleanXml } from './drawing.ts';

export interface FeedEntry {
  /** Stays the same for ever, and differs from those of all other entries: a tag URI. */
  readonly id: string;
  readonly title: string;
  readonly link: string;
  /** ISO 8601, UTC. */
  readonly updated: string;
  /** In plain text. */
  readonly text: string;
}

export interface Feed {
  readonly title: string;
  /** The page that the feed is of, and the feed itself: whole addresses. */
  readonly page: string;
  readonly self: string;
  readonly author: string;
  /** When nothing has happened yet. */
  readonly made: string;
  /** The newest first. */
  readonly entries: readonly FeedEntry[];
}

/** A feed by RFC 4287. */
export function writeFeed(feed: Feed): string {
  const { title, page, self, author, entries } = feed;
  return `<?xml version="1.0" encoding="utf-8"?>\n${
    html`<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en"><id>${page}</id><title>${cleanXml(title)}</title>
    <updated>${entries[0]?.updated ?? feed.made}</updated><author><name>${cleanXml(author)}</name></author>
    <link href="${page}"/><link rel="self" type="application/atom+xml" href="${self}"/>${entries.map(writeEntry)}</feed>`
      .text
  }\n`;
}

const writeEntry = ({ id, title, link, updated, text }: FeedEntry) =>
  html`<entry><id>${id}</id><title>${cleanXml(title)}</title><updated>${updated}</updated><link href="${link}"/><content>${cleanXml(text)}</content></entry>`;

/** The tag URI (RFC 4151) of something on a site. @param made the date that it first had it, `YYYY-MM-DD` */
export const tagUri = (site: string, made: string, what: string): string =>
  `tag:${new URL(site).hostname},${made}:${encodeURI(new URL(site).pathname + what)}`;
