import type { Stats } from '../../../../pipeline/published/documents.ts';
import { formatCount, plural } from '../../lib/format.ts';
import { type Html, html } from '../../lib/html.ts';
import type { Site } from '../../lib/site.ts';
import { repositoryLink } from '../repository-link.ts';
import { time } from '../time.ts';

/** Repositories that are shown at first: those with the most points. */
const FIRST = 10;

/** What GitHub was asked about each repository. */
export function usagePanel(site: Pick<Site, 'tracked'>, usage: Stats['github_usage']): Html | null {
  if (usage.length === 0) return null;
  const rest = usage.slice(FIRST);
  return html`<section class="fig g12" data-usage><header><div><h2>Use of GitHub’s API</h2>
    <p>Points of GraphQL, and requests of REST and GraphQL together, since each repository was first read.</p></div></header>${table(site, usage.slice(0, FIRST))}
    ${rest.length > 0 && html`<details class="more"><summary>${plural(rest.length, 'more repository', 'more repositories')}</summary>${table(site, rest)}</details>`}</section>`;
}

const table = (site: Pick<Site, 'tracked'>, usage: Stats['github_usage']): Html =>
  html`<table class="sum"><thead><tr><th scope="col">Repository</th><th scope="col" class="number">Points</th><th scope="col" class="number">Requests</th>
    <th scope="col" class="number">Last read</th></tr></thead><tbody>${usage.map(
      ({ repository, points, requests, last_read_on }) =>
        html`<tr><th scope="row">${repositoryLink(site, repository)}</th><td class="number">${formatCount(points)}</td>
        <td class="number">${formatCount(requests)}</td><td class="number">${time(last_read_on)}</td></tr>`,
    )}</tbody></table>`;
