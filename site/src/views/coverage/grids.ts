import {
  describeKindMonth,
  describeMissing,
  type KindMonth,
  listMonths,
  type RepositoryCoverage,
  shareByKind,
} from '../../lib/coverage.ts';
import { capitalise, formatCount, plural } from '../../lib/format.ts';
import { Html, html } from '../../lib/html.ts';
import { GROUPS } from '../../lib/kinds.ts';
import { kindsOf } from '../../lib/known-kinds.ts';
import { listDamaged } from '../../lib/known-months.ts';
import type { Site } from '../../lib/site.ts';
import { gridCell, gridKeys, MOST_MONTHS, monthHeads } from '../known-grid.ts';
import { repositoryLink } from '../repository-link.ts';

/** What is known by month, of each kind and of each repository: oldest month at the left. */

type Repositories = readonly RepositoryCoverage[];

interface Grid {
  readonly title: string;
  readonly text: string;
  readonly head: string;
  readonly months: readonly string[];
  readonly rows: Html[];
  readonly more?: Html | false;
}

const grid = ({ title, text, head, months, rows, more }: Grid): Html =>
  html`<section class="fig g12"><header><div><h2>${title}</h2></div><p>${text}</p></header>
    <div class="scroll" tabindex="0" role="region" aria-label="${title}, by month"><table class="cov by-month"><caption class="sr-only">What is known by month, in per cent; an empty cell is whole</caption>
    ${monthHeads(head, months)}<tbody>${rows}</tbody></table></div>${gridKeys}${more}</section>`;

const lastMonths = (repositories: Repositories): string[] =>
  listMonths(repositories).slice(0, MOST_MONTHS).toReversed();

/** The mean of all repositories; kinds of which the same is known are one row. */
export function gridByKind(repositories: Repositories): Html | null {
  const months = lastMonths(repositories);
  const byKind = new Map(
    shareByKind(repositories, months).map(({ kind, months: own }) => [kind, own]),
  );
  if (byKind.size === 0) return null;
  const rows = Map.groupBy(GROUPS, (group) =>
    months
      .map((_, at) => leastKnown(kindsOf(group).flatMap((kind) => byKind.get(kind)?.[at] ?? [])))
      .join(''),
  );
  return grid({
    title: 'By kind and month',
    text: 'The mean of all repositories.',
    head: 'Kind',
    months,
    rows: [...rows].map(
      ([cells, groups]) =>
        html`<tr><th scope="row">${capitalise(groups.map(({ label }) => label.toLowerCase()).join(', '))}${new Html(cells)}`,
    ),
  });
}

/** The kind of which the least is known says what is known of its group. */
function leastKnown(kinds: readonly KindMonth[]): string {
  const measured = kinds.filter(({ share }) => share !== undefined);
  const least = measured.toSorted((a, b) => (a.share ?? 0) - (b.share ?? 0))[0];
  if (least?.share === undefined) return '<td class="o">';
  return gridCell(least.share, false, describeKindMonth(least)).text;
}

/** Names that stand in a row; more are counted, and listed below. */
const MOST_NAMES = 2;

/** Repositories of which the same is known share a row. */
export function gridByRepository(
  site: Pick<Site, 'tracked'>,
  repositories: Repositories,
  json: string,
): Html {
  const months = lastMonths(repositories);
  const groups = [...Map.groupBy(repositories, (one) => cellsOf(one, months)).entries()];
  const large = groups.filter(([, own]) => own.length > MOST_NAMES);
  const isCut = listMonths(repositories).length > months.length;
  const cut = isCut
    ? html`<p class="src"><span>The last ${months.length} months; <a href="${json}">coverage.json</a> has all.</span></p>`
    : false;
  return grid({
    title: 'By repository',
    text: 'Repositories with the same gaps share a line. A cell is the mean of all kinds.',
    head: 'Repository',
    months,
    rows: groups.map(
      ([cells, own]) =>
        html`<tr><th scope="row">${nameRow(site, own)} <small>${describeRow(own)}</small>${new Html(cells)}`,
    ),
    more: html`${large.map(
      ([, own]) =>
        html`<details class="more"><summary>Names of the ${formatCount(own.length)} repositories: ${describeRow(own)}</summary><ul class="names">${own.map(({ repository }) => html`<li>${repositoryLink(site, repository)}`)}</ul></details>`,
    )}${cut}`,
  });
}

function cellsOf({ months: own }: RepositoryCoverage, months: readonly string[]): string {
  const byMonth = new Map(own.map((month) => [month.month, month]));
  const damaged = listDamaged(own);
  return months
    .map((name) => {
      const month = byMonth.get(name);
      return month ? gridCell(month.coverage, damaged.has(month)).text : '<td class="o">';
    })
    .join('');
}

const nameRow = (site: Pick<Site, 'tracked'>, own: Repositories): Html =>
  own.length > MOST_NAMES
    ? html`${plural(own.length, 'repository', 'repositories')}`
    : html`${own.map(({ repository }, place) => html`${place > 0 && ', '}${repositoryLink(site, repository)}`)}`;

function describeRow([first]: Repositories): string {
  const missing = describeMissing(first?.months ?? []);
  return missing === 'nothing' ? 'whole in every kind' : missing;
}
