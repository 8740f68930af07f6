import type { Repository, RepositoryDocument } from '../../../pipeline/published/documents.ts';
import { formatCompact, formatCount, formatShare, plural } from '../lib/format.ts';
import { attribute, type Html, html } from '../lib/html.ts';
import { outsideHref, type SiteFacts } from '../lib/site.ts';
import { bareTime, minuteTime, time } from './time.ts';

/** The head of a repository's pages, and what was read of it. */

const STATES: Partial<Record<Repository['status'], Html>> = {
  PENDING: html`<span class="tag">Not read yet</span>`,
  SCRAPING: html`<span class="tag">Being read now</span>`,
  FAILED: html`<span class="tag bad">Last reading failed</span>`,
};

export function repositoryHead(site: SiteFacts, repository: Repository): Html {
  const { owner, name, description, topics, failure_reason } = repository;
  return html`<header class="page-head"><p class="crumb"><a href="${site.base}repositories/">Repositories</a></p>
    <h1><span class="owner">${owner} /</span> ${name}${repository.archived && html` <span class="tag">Archived</span>`} ${STATES[repository.status]}</h1>
    ${description && html`<p class="lead" dir="auto">${description}</p>`}
    <ul class="facts">${listFacts(site, repository)}</ul>
    ${topics.length > 0 && html`<ul class="topics" aria-label="Topics">${topics.map((topic) => html`<li>${topic}`)}</ul>`}
    ${failure_reason && html`<p class="warning">The last reading failed: ${failure_reason}</p>`}</header>`;
}

function listFacts(site: SiteFacts, repository: Repository) {
  const { stars, forks, language, license, default_branch, data_until } = repository;
  const link = outsideHref(site, repository.url);
  const counted = (count: number | null, what: string) =>
    count !== null &&
    html`<li${attribute('title', formatCount(count))}>${formatCompact(count)} ${what}`;
  return [
    html`<li>${plural(repository.contributors, 'contributor')}`,
    html`<li>${plural(repository.contributions, 'contribution')}`,
    counted(stars, 'stars'),
    counted(forks, 'forks'),
    language && html`<li>${language}`,
    license && html`<li>${license}`,
    default_branch && html`<li>branch <code>${default_branch}</code>`,
    data_until && html`<li>data until ${time(data_until)}`,
    link && html`<li><a href="${link}">On GitHub</a>`,
  ];
}

type Windows = RepositoryDocument['windows'];

/** What was read of a repository, with the gaps in it. */
export const windowsRead = (
  windows: Windows,
): Html => html`<section class="windows"><h2>What was read</h2>
  ${windows.length === 0 ? html`<p>Nothing has been read yet.</p>` : windowTable(windows)}</section>`;

const windowTable = (
  windows: Windows,
): Html => html`<p>What was not read cannot be scored.</p><table class="sum">
  <thead><tr><th scope="col">Source</th><th scope="col">From</th><th scope="col">To</th><th scope="col" class="number">Read</th></tr></thead>
  <tbody>${windows.map(windowRow)}</tbody></table>`;

const windowRow = ({ source, from, to, completeness, gaps }: Windows[number]): Html =>
  html`<tr><th scope="row">${source}${gaps.length > 0 && gapList(gaps)}<td>${bareTime(from)}<td>${bareTime(to)}
    <td class="number">${formatShare(Math.floor(completeness * 100) / 100)}</tr>`;

const gapList = (
  gaps: Windows[number]['gaps'],
): Html => html`<details class="gaps"><summary>${plural(gaps.length, 'gap')}</summary>
  <ul>${gaps.map((gap) => html`<li>${minuteTime(gap.from)} to ${minuteTime(gap.to)}: ${gap.reason}`)}</ul></details>`;
