import type { FactsOfBoard } from '../../../pipeline/published/documents.ts';
import type { BoardEntry } from '../lib/board-columns.ts';
import { formatCount, formatRange, formatScore, plural } from '../lib/format.ts';
import { attribute, type Html, html } from '../lib/html.ts';
import { type Period, personHref, type Site } from '../lib/site.ts';
import { deltaText } from './board-row.ts';
import { avatar, movement } from './person-marks.ts';
import { scoreBar } from './score-bar.ts';
import { trend } from './trend.ts';

/** What stands above the first page of a board: the first three, and the facts of the week. */
export interface Strip {
  readonly period: Period;
  readonly first: readonly BoardEntry[];
  readonly hasHistory: boolean;
  /** Null where they were never written. */
  readonly facts: FactsOfBoard | null;
  /** The seven days of the facts. */
  readonly week: { readonly from: string; readonly to: string } | null;
  /** The address of a person's page; null if there is none. */
  readonly hrefOf: (username: string) => string | null;
}

export function strip(site: Site, shown: Strip): Html {
  const { first, facts, week } = shown;
  const items = facts ? listFacts(shown, facts) : [];
  return html`<section class="week-strip" aria-label="Summary"><ol class="podium">
    ${first.map((entry, place) => step(site, shown, entry, place))}</ol>
    ${
      items.length > 0 &&
      html`<div class="facts-week"><h2>This week${week && html` <small>${formatRange(week.from, week.to)}</small>`}</h2>
    <ul>${items}</ul></div>`
    }</section>`;
}

const PODIUM_BAR = 300;

function step(site: Site, { first, hasHistory }: Strip, entry: BoardEntry, place: number): Html {
  const { username, display_name, page, total_score, delta_7d, points } = entry;
  const href = page !== 'none' && personHref(site, username, page === 'built');
  const bar = scoreBar(points, first[0]?.total_score ?? 0, { width: PODIUM_BAR });
  return html`<li><div class="who"><b class="place place-${Math.min(3, entry.rank)}">${entry.rank}</b>${avatar(site, entry)}
    <p class="names"><a${attribute('href', href)}><bdi>${display_name ?? username}</bdi></a>${display_name !== null && html`<small>${username}</small>`}</p></div>
    <p class="big"${attribute('title', !Number.isInteger(total_score) && formatScore(total_score))}>${formatCount(total_score)} <small>points</small>
    ${hasHistory && html` ${movement(entry.rank, entry.previous_rank)}`}</p>
    <svg class="br" viewBox="0 0 ${PODIUM_BAR} 8" preserveAspectRatio="none">${bar}</svg>${trend(entry.trend, [234, 40])}
    <p class="pace">${delta_7d > 0 && html`<b class="up">${deltaText(delta_7d)}</b> in 7 days`}${delta_7d > 0 && first.length > 1 && ' · '}${distance(first, place)}</p></li>`;
}

/** How far the next one is: behind the first, before the others. */
function distance(first: readonly BoardEntry[], place: number): string | null {
  const own = first[place];
  const other = first[place === 0 ? 1 : place - 1];
  if (!own || !other) return null;
  const by = Math.abs(own.total_score - other.total_score);
  if (by === 0) return `level with #${other.rank}`;
  return `${formatCount(by)} ${place === 0 ? 'ahead of' : 'behind'} #${other.rank}`;
}

/** In the order of their weight; what is not known or did not happen is left out. */
function listFacts(shown: Strip, facts: FactsOfBoard): Html[] {
  const moves = facts.periods[shown.period];
  const all = [
    facts.contributions > 0 &&
      fact(
        formatCount(facts.contributions),
        html`<b>contributions</b> by ${plural(facts.people, 'person', 'people')}${change(facts)}`,
      ),
    (facts.newcomers ?? 0) > 0 &&
      fact(
        formatCount(facts.newcomers ?? 0),
        html`<b>${facts.newcomers === 1 ? 'newcomer' : 'newcomers'}</b>${firstMerged(facts)}`,
      ),
    moves?.rise &&
      fact(
        html`<span class="u">${formatCount(moves.rise.previous_rank - moves.rise.rank)}</span>`,
        html`${name(shown, moves.rise.username)} to #${moves.rise.rank}, the biggest rise within the first hundred`,
      ),
    facts.leader &&
      fact(
        deltaText(facts.leader.points),
        html`${name(shown, facts.leader.username)} leads the week`,
      ),
    moves !== undefined &&
      moves.new_in_ten.length > 0 &&
      moves.new_in_ten.length <= 3 &&
      fact(
        formatCount(moves.new_in_ten.length),
        html`new in the first ten: ${moves.new_in_ten.map((one, place) => html`${place > 0 && ', '}${name(shown, one)}`)}`,
      ),
  ];
  return all.filter((one) => one instanceof Object);
}

const fact = (value: string | Html, text: Html): Html =>
  html`<li><b>${value}</b><span>${text}</span></li>`;

function name({ hrefOf }: Strip, username: string): Html {
  const href = hrefOf(username);
  return html`<a${attribute('href', href)}><bdi>${username}</bdi></a>`;
}

const firstMerged = ({ first_merged: merged }: FactsOfBoard): string | null =>
  merged ? `, ${plural(merged, 'first merged pull request')}` : null;

/** Against the seven days before, of the kinds that are known of both. */
function change({ compared }: FactsOfBoard): Html | null {
  if (!compared || compared.before === 0) return null;
  const share = Math.round((compared.now / compared.before - 1) * 100);
  if (share === 0) return html`, as many as before`;
  const text = `${share > 0 ? '+' : '−'}${formatCount(Math.abs(share))}%`;
  return html`, <span class="${share > 0 ? 'up' : 'down'}" title="${formatCount(compared.before)} in the seven days before, ${formatCount(compared.now)} of the same kinds now">${text}</span>`;
}
