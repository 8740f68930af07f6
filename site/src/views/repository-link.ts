import { type Html, html } from '../lib/html.ts';
import type { Site } from '../lib/site.ts';

/** A repository, `owner/name`. One that is no longer tracked has no page: its name is text. */
export function repositoryLink({ tracked }: Pick<Site, 'tracked'>, name: string): Html {
  const href = tracked.get(name);
  return href === undefined ? html`${name}` : html`<a href="${href}">${name}</a>`;
}
