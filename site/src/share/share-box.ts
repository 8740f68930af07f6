import { type Html, html } from '../lib/html.ts';
import { contributorPath, repositoryPath } from '../lib/paths.ts';
import { base, publishedUrl } from '../lib/urls.ts';
import { badgePath, cardPath, endpointPath } from './paths.ts';

/** What can be shown elsewhere of a person or a repository. All addresses are paths of the site. */
export interface Share {
  readonly page: string;
  /** What the pictures are of, in words. */
  readonly words: string;
  readonly badge: string;
  readonly endpoint: string;
  readonly card?: string;
}

export const shareOfPerson = (username: string, name: string): Share => ({
  page: contributorPath(username),
  words: `Contributions of ${name}`,
  badge: badgePath(username),
  endpoint: endpointPath(username),
  card: cardPath(username),
});

export const shareOfRepository = (fullName: string): Share => ({
  page: repositoryPath(fullName),
  words: `Contributors of ${fullName}`,
  badge: badgePath(fullName),
  endpoint: endpointPath(fullName),
});

/** What Markdown would take for markup in the text of a link. */
const escapeText = (text: string) => text.replaceAll(/[\\[\]`*_<>!]/g, '\\$&');

const address = (path: string) => publishedUrl(base + path);

/** Badge and card with the Markdown that shows them, ready to copy. */
export const shareBox = (
  share: Share,
): Html => html`<section class="share"><h2>Badge${share.card && ' and card'} to share</h2>
  <p>They are made anew with each run, follow the reader’s theme, and send nothing to anybody else.</p>
  ${picture(share, share.badge, 20)}${share.card && picture(share, share.card, 150)}
  <p class="note">As an endpoint badge of shields.io: <code>${address(share.endpoint)}</code></p></section>`;

function picture(share: Share, path: string, height: number): Html {
  const markdown = `[![${escapeText(share.words)}](${address(path)})](${address(share.page)})`;
  return html`<figure><img src="${base}${path}" alt="${share.words}" height="${height}" loading="lazy">
    <figcaption><label>Markdown <textarea readonly rows="2" spellcheck="false" dir="ltr">${markdown}</textarea></label></figcaption></figure>`;
}
