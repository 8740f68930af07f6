import type {
  Repository,
  RepositoryActivity,
  RepositoryDocument,
} from '../../../pipeline/published/documents.ts';
import { compareHref } from '../lib/compare-address.ts';
import { formatCompact, formatCount, formatShare, formatSpan, plural } from '../lib/format.ts';
import { attribute, type Html, html } from '../lib/html.ts';
import { formsPath } from '../lib/paths.ts';
import { outsideHref, type SiteFacts } from '../lib/site.ts';
import { unknownSince } from '../lib/unknown-weeks.ts';
import { atLeast } from '../lib/unknown-words.ts';
import { halfFigure, newcomersFigure } from './repository-people.ts';
import { repositoryWeeks } from './repository-weeks.ts';
import { reviewMatrix } from './review-matrix.ts';
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
    counted(stars, 'stars'),
    counted(forks, 'forks'),
    language && html`<li>${language}`,
    license && html`<li>${license}`,
    default_branch && html`<li>branch <code>${default_branch}</code>`,
    data_until && html`<li>data until ${time(data_until)}`,
    html`<li><a href="${compareHref(site.base, [repository.full_name])}">Compare</a>`,
    link && html`<li><a href="${link}">On GitHub</a>`,
    site.forms &&
      html`<li><a href="${site.base}${formsPath('repository', repository.full_name)}">A number is wrong</a>`,
  ];
}

/** What the first page of a repository shows besides its board. */
export interface RepositoryView {
  readonly repository: Repository;
  readonly activity: RepositoryActivity;
  /** People on the board of a week. */
  readonly activeThisWeek: number;
  readonly until: string;
  /** What is known of the last twelve months, in per cent; null: not measured. */
  readonly known: number | null;
  /** The address of the document. */
  readonly json: string;
}

/** The figures of a repository, and its pictures. */
export function repositoryFigures(site: SiteFacts, view: RepositoryView): Html {
  const { activity, until, known, json } = view;
  const source = html`${known !== null && html`<span>${formatShare(known / 100)} known of the last 12 months</span>`}
    <span><a href="${site.base}coverage/">What is missing</a></span><span><a href="${json}">JSON</a></span>`;
  return html`<dl class="figs">${listFigures(view)}</dl><div class="grid">
    ${repositoryWeeks({ activity, until, source })}
    ${newcomersFigure(activity)}${halfFigure(activity)}${reviewMatrix(site, activity)}</div>`;
}

function listFigures({ repository, activity, activeThisWeek }: RepositoryView): Html[] {
  const { concentration: now, concentration_year_ago: before, first_review, merge } = activity;
  const year = Object.values(activity.weeks.counts)
    .flat()
    .reduce((sum, count) => sum + count, 0);
  const cell = (label: string, value: string, remark: string) =>
    html`<div><dt>${label}</dt><dd${value === '–' && html` class="none"`}>${value} <span class="sub">${remark}</span></dd></div>`;
  const wait = (label: string, median: RepositoryActivity['merge']) =>
    median
      ? cell(
          label,
          formatSpan(median.seconds),
          `median of ${plural(median.pull_requests, 'pull request')}, 90 days`,
        )
      : cell(label, '–', 'none known in 90 days');
  return [
    cell(
      'Contributors',
      formatCount(repository.contributors),
      `${formatCount(activeThisWeek)} active in 7 days`,
    ),
    cell(
      'Contributions',
      formatCount(repository.contributions),
      `${atLeast(unknownSince(Date.parse(activity.weeks.from), activity.unknown))}${formatCount(year)} in 53 weeks`,
    ),
    now
      ? cell(
          'Half of all points',
          plural(now.half, 'person', 'people'),
          before ? `was ${formatCount(before.half)} a year ago` : `of ${formatCount(now.people)}`,
        )
      : cell('Half of all points', '–', 'nobody has points'),
    wait('First review after', first_review),
    wait('Merged after', merge),
  ];
}

type Read = Pick<RepositoryDocument, 'windows' | 'github_usage'>;
type Windows = Read['windows'];

/** What was read of a repository, with the gaps in it. */
export const windowsRead = ({
  windows,
  github_usage: usage,
}: Read): Html => html`<section class="windows"><h2>What was read</h2>
  ${windows.length === 0 ? html`<p>Nothing has been read yet.</p>` : windowTable(windows)}${usageNote(usage)}</section>`;

/** What reading it has cost. */
function usageNote(days: Read['github_usage']): Html | false {
  const requests = days.reduce((sum, day) => sum + day.requests, 0);
  return (
    requests > 0 &&
    html`<p class="src">${plural(requests, 'request')} to GitHub on the last ${plural(days.length, 'day')} that had any.</p>`
  );
}

const windowTable = (
  windows: Windows,
): Html => html`<p>What was not read cannot be scored.</p><table class="sum">
  <thead><tr><th scope="col">Source</th><th scope="col">From</th><th scope="col">To</th><th scope="col" class="number">Read</th></tr></thead>
  <tbody>${windows.map(windowRow)}</tbody></table>`;

const windowRow = ({ source, from, to, completeness, gaps }: Windows[number]): Html =>
  html`<tr><th scope="row">${source}<td>${bareTime(from)}<td>${bareTime(to)}${gaps.length > 0 && gapList(gaps)}
    <td class="number">${formatShare(Math.floor(completeness * 100) / 100)}</tr>`;

const gapList = (
  gaps: Windows[number]['gaps'],
): Html => html`<details class="gaps"><summary>${plural(gaps.length, 'gap')}</summary>
  <ul>${gaps.map((gap) => html`<li>${minuteTime(gap.from)} to ${minuteTime(gap.to)}: ${gap.reason}`)}</ul></details>`;
