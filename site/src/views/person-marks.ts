import type { PictureType } from '../../../pipeline/domain/picture.ts';
import { avatarFile } from '../../../pipeline/published/path-names.ts';
import { describeMovement, hueOf, initials } from '../lib/entry.ts';
import { formatCount } from '../lib/format.ts';
import { type Html, html } from '../lib/html.ts';
import type { SiteFacts } from '../lib/site.ts';

/** The marks beside a person's name: the picture, and how the rank moved. */

/** The tones of initials, `.h0` to `.h11` in avatar.css. */
const TONES = 12;

type PictureSite = Pick<SiteFacts, 'base' | 'avatars'>;

interface Pictured {
  readonly username: string;
  readonly display_name: string | null;
  readonly github_id: number | null;
  /** The ending of the file; absent: there is none. */
  readonly avatar?: PictureType | undefined;
}

/** Initials, which the style sheet writes, with the picture over them. */
export function avatar(site: PictureSite, person: Pictured, size: 28 | 56 = 28): Html {
  const tone = Math.floor((hueOf(person.username) * TONES) / 360);
  const picture = pictureOf(site, person);
  const image = picture && html`<img src="${picture}" alt="" loading="lazy">`;
  const className = `av h${tone}${size === 28 ? '' : ' large'}`;
  return html`<i class="${className}" data-i="${initials(person.username, person.display_name)}">${image}</i>`;
}

/** A file of this site: no page asks another host for a picture. */
const pictureOf = (
  { base, avatars }: PictureSite,
  { github_id, avatar }: Pictured,
): string | null => (avatars && avatar && github_id ? base + avatarFile(github_id, avatar) : null);

/** How a rank changed since the day it is compared with; the style sheet writes the mark, and its words. */
export function movement(rank: number, previous: number | null): Html | null {
  const { kind, by } = describeMovement(rank, previous);
  if (kind === 'same') return null;
  if (kind === 'new') return html`<i class="nw" title="new on this board">new</i>`;
  return html`<i class="${kind === 'up' ? 'u' : 'w'}">${formatCount(by)}</i>`;
}
