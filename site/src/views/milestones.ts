import type { ContributorActivity } from '../../../pipeline/published/documents.ts';
import { formatCount } from '../lib/format.ts';
import { type Html, html } from '../lib/html.ts';
import { kindText } from '../lib/kinds.ts';
import type { Person } from './person.ts';
import { bareTime } from './time.ts';

type Milestone = NonNullable<ContributorActivity['milestones']>[number];

/** What a person did for the first, the tenth or the hundredth time, the latest first. */
export function milestones({ milestones: all = [], periods }: Person): Html | false {
  const first = periods.all?.first_contribution_at;
  if (!first) return false;
  return html`<section><h2>Milestones</h2><ul class="list">
    ${all.map((one) => html`<li><span>${wordsOf(one)}</span>${bareTime(one.on)}`)}
    <li><span>First contribution</span>${bareTime(first)}</ul></section>`;
}

function wordsOf({ kind, nth }: Milestone): string {
  const what = kind === null ? 'contribution' : nameOf(kind);
  return nth === 1 ? `First ${what}` : `${formatCount(nth)}th ${what}`;
}

/** "merged pull request": the other order of words reads as a sentence. */
const nameOf = (kind: NonNullable<Milestone['kind']>): string =>
  kind === 'PR_MERGED' ? 'merged pull request' : kindText(kind).one;
