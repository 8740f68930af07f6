import type { Fact, Issue } from './activity.ts';
import type { Person } from './community.ts';
import { pick } from './rng.ts';
import { later, pickAuthor, pickHelper, type Telling, toFact } from './telling.ts';
import { writeBody, writeTitle } from './words.ts';

/** The life of an issue: opened, discussed, closed, now and then reopened and closed again. */

function createIssue(telling: Telling, number: number, openedAt: number): Issue {
  const { dice, nextId } = telling;
  return {
    isPull: false,
    id: nextId(),
    number,
    author: pickAuthor(telling, openedAt),
    title: writeTitle(dice),
    body: dice() < 0.1 ? null : writeBody(dice),
    openedAt,
    commentedAt: [],
  };
}

function tellAction(
  telling: Telling,
  issue: Issue,
  at: number,
  actor: Person,
  action: 'opened' | 'closed' | 'reopened',
): Fact {
  return toFact(telling, at, actor, { kind: 'issue', action, issue });
}

function tellComment(telling: Telling, issue: Issue, after: number): Fact {
  const { dice, nextId } = telling;
  const actor = dice() < 0.35 ? issue.author : pickHelper(telling, after);
  const at = later(dice, actor, after, 7);
  issue.commentedAt.push(at);
  const remark = { id: nextId(), body: writeBody(dice) };
  return toFact(telling, at, actor, { kind: 'comment', thread: issue, remark });
}

/** Three of four issues are closed, one of twenty of these twice. */
function tellEnd(telling: Telling, issue: Issue, after: number): Fact[] {
  const { dice, crew } = telling;
  if (dice() > 0.75) return [];
  const actor = dice() < 0.3 ? issue.author : pick(dice, crew.maintainers, 1.5);
  const closedAt = later(dice, actor, after, 20);
  const closed = tellAction(telling, issue, closedAt, actor, 'closed');
  if (dice() > 0.05) return [closed];
  const reopenedAt = later(dice, issue.author, closedAt, 6);
  const reopened = tellAction(telling, issue, reopenedAt, issue.author, 'reopened');
  const closedAgainAt = later(dice, actor, reopenedAt, 20);
  return [closed, reopened, tellAction(telling, issue, closedAgainAt, actor, 'closed')];
}

/** All that happens to one issue, in the order of time. */
export function tellIssue(telling: Telling, number: number, openedAt: number): Fact[] {
  const issue = createIssue(telling, number, openedAt);
  const facts = [tellAction(telling, issue, openedAt, issue.author, 'opened')];
  for (let turns = Math.floor(6 * telling.dice() ** 1.7); turns > 0; turns -= 1) {
    facts.push(tellComment(telling, issue, facts.at(-1)?.at ?? openedAt));
  }
  return [...facts, ...tellEnd(telling, issue, facts.at(-1)?.at ?? openedAt)];
}
