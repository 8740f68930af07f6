import { avatarAt, describeMovement, hueOf, initials } from '../lib/entry.ts';
import { formatCount } from '../lib/format.ts';
import { type Html, html } from '../lib/html.ts';
import { outsideHref, type SiteFacts } from '../lib/site.ts';

/** The marks beside a person's name: the picture, and how the rank moved. */

/** The tones of initials, `.h0` to `.h11` in avatar.css. */
const TONES = 12;

type PictureSite = Pick<SiteFacts, 'sample' | 'avatars'>;

interface Pictured {
  readonly username: string;
  readonly display_name: string | null;
  readonly avatar_url: string | null;
}

/** Initials, which the style sheet writes, with the picture over them. */
export function avatar(site: PictureSite, person: Pictured, size: 28 | 80 = 28): Html {
  const tone = Math.floor((hueOf(person.username) * TONES) / 360);
  const picture = pictureOf(site, person.avatar_url);
  const image = picture && html`<img src="${avatarAt(picture, size)}" alt="" loading="lazy">`;
  const className = `av h${tone}${size === 28 ? '' : ' large'}`;
  return html`<i class="${className}" data-i="${initials(person.username, person.display_name)}">${image}</i>`;
}

/** Pictures are the only requests to another host; a setting turns them off. */
function pictureOf(site: PictureSite, url: string | null): string | null {
  const outside = site.avatars ? outsideHref(site, url) : null;
  return outside?.startsWith('https://') ? outside : null;
}

/** How a rank changed since the day it is compared with; the style sheet writes the mark, and its words. */
export function movement(rank: number, previous: number | null): Html | null {
  const { kind, by } = describeMovement(rank, previous);
  if (kind === 'same') return null;
  if (kind === 'new') return html`<i class="nw" title="new on this board">new</i>`;
  return html`<i class="${kind === 'up' ? 'u' : 'w'}">${formatCount(by)}</i>`;
}
