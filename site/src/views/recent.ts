import type { ContributorActivity } from '../../../pipeline/published/documents.ts';
import { capitalise, formatScore } from '../lib/format.ts';
import { type Html, html } from '../lib/html.ts';
import { eventLabel, groupOf, kindText } from '../lib/kinds.ts';
import { outsideHref, type Site } from '../lib/site.ts';
import { repositoryLink } from './repository-link.ts';
import { bareTime } from './time.ts';

type Event = ContributorActivity['recent'][number];

/** The latest contributions, newest first. */
export const recent = (site: Site, events: readonly Event[]): Html =>
  html`<ol class="recent">${events.map((event) => item(site, event))}</ol>`;

function item(site: Site, event: Event): Html {
  const link = outsideHref(site, event.url);
  const label = eventLabel(event.event_id) ?? (link ? 'On GitHub' : null);
  const shown = link ? html`<a href="${link}">${label}</a>` : label;
  return html`<li><i class="dot c-${groupOf(event.kind)}"></i><span class="what">
    ${event.title && html`<bdi class="title">${event.title}</bdi>`}
    ${capitalise(kindText(event.kind).one)} in ${repositoryLink(site, event.repository)}
    <small>${shown}${label && ' · '}source: ${event.source}</small></span>
    ${bareTime(event.occurred_at)}<b>+${formatScore(event.points)}</b>`;
}
