import { COMPARE_PAGE } from '../lib/compare-address.ts';
import { attribute, type Html, html } from '../lib/html.ts';
import { FORMS_PAGE } from '../lib/paths.ts';
import { SITE_PICTURE } from '../share/paths.ts';

/** What differs from page to page around its body: parts of the head, the navigation and the foot. */

export interface FootDocument {
  readonly label: string;
  readonly href: string;
}

export interface PageHead {
  readonly title: string;
  readonly description: string;
  /** Address of the document that this page shows. */
  readonly json?: string | undefined;
  /** Further documents of this page, for its foot. */
  readonly documents?: readonly FootDocument[] | undefined;
  /** Path of the picture that other sites show beside a link; else that of the site. */
  readonly image?: string | undefined;
  /** Path of the feed of this page. */
  readonly feed?: string | undefined;
  /** Pages that search engines should leave out. */
  readonly hidden?: boolean | undefined;
  /** The address, within the site and published, that the reader is led on to. */
  readonly leadsTo?: { readonly href: string; readonly canonical: string } | undefined;
}

/** What all pages have in common. */
export interface ShellFacts {
  readonly title: string;
  /** Where the site is published, with a slash at the end. */
  readonly url: string;
  readonly base: string;
  /** Address of the document that lists all. */
  readonly index: string;
  /** Whether there are forms for corrections. */
  readonly forms: boolean;
}

/** @param canonical the address of the page once published */
export function headPart(facts: ShellFacts, page: PageHead, canonical: string): Html {
  const { title, description, json, hidden = false, leadsTo, image = SITE_PICTURE, feed } = page;
  const address = leadsTo?.canonical ?? canonical;
  return html`<title>${title === facts.title ? title : `${title} · ${facts.title}`}</title>
    <meta name="description" content="${description}">
    ${leadsTo && html`<meta http-equiv="refresh" content="0; url=${leadsTo.href}">`}
    ${hidden ? html`<meta name="robots" content="noindex">` : html`<link rel="canonical" href="${address}">`}
    <meta property="og:type" content="website"><meta property="og:site_name" content="${facts.title}">
    <meta property="og:title" content="${title}"><meta property="og:description" content="${description}">
    <meta property="og:url" content="${address}"><meta name="twitter:card" content="summary_large_image">
    <meta property="og:image" content="${facts.url}${image}"><meta property="og:image:alt" content="${title}">
    ${feed && html`<link rel="alternate" type="application/atom+xml" title="Feed" href="${facts.base}${feed}">`}
    ${json && html`<link rel="alternate" type="application/json" href="${json}">`}`;
}

/**
 * The pages of the navigation, in its order; `under` is where the pages of that part lie: those of
 * months, `2026/10/`, in the years of a century.
 */
const LINKS = [
  { label: 'Leaderboard', path: '', under: 'global/' },
  { label: 'Repositories', path: 'repositories/' },
  { label: 'Compare', path: COMPARE_PAGE },
  { label: 'Months', path: 'months/', under: '20' },
  { label: 'Coverage', path: 'coverage/' },
  { label: 'Scoring', path: 'scoring/' },
  { label: 'Dashboard', path: 'dashboard/' },
];

/** The links of the navigation; marked is the page itself, or the part of the site it belongs to. */
export function navPart({ base }: ShellFacts, pathname: string): Html {
  const current = ({ path, under = path }: { path: string; under?: string }) => {
    if (pathname === base + path) return 'page';
    return under !== '' && pathname.startsWith(base + under) && 'true';
  };
  return html`${LINKS.map(
    (link) =>
      html`<li><a href="${base}${link.path}"${attribute('aria-current', current(link))}>${link.label}</a></li>`,
  )}`;
}

/** Pages about the site itself. */
const ABOUT = [
  { label: 'API', path: 'api/' },
  { label: 'Data', path: 'data/' },
  { label: 'Method and limits', path: 'methodology/' },
  { label: 'Privacy: not to be listed', path: 'privacy/' },
];

export const footPart = (
  { index, base, forms }: ShellFacts,
  { json, documents = [], feed }: PageHead,
): Html =>
  html`${json && html`<li><a href="${json}">Get this as JSON</a></li>`}
    ${documents.map((one) => html`<li><a href="${one.href}">${one.label}</a></li>`)}
    ${feed && html`<li><a href="${base}${feed}">Feed</a></li>`}<li><a href="${index}">All documents</a></li>
    ${forms && html`<li><a href="${base}${FORMS_PAGE}">Correct something</a></li>`}
    ${ABOUT.map(({ label, path }) => html`<li><a href="${base}${path}">${label}</a></li>`)}`;
