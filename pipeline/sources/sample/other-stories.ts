import { HOUR_MS } from '../../domain/window.ts';
import type { Commit, Fact } from './activity.ts';
import { type Person, SAMPLE_BOTS } from './community.ts';
import { type Dice, pick, pickInteger, pickSha } from './rng.ts';
import { pickAwake } from './schedule.ts';
import { later, pickAuthor, type Telling, toFact } from './telling.ts';
import { forkIdOf } from './timelines.ts';
import { writeBody, writeTitle } from './words.ts';

/** What happens besides issues and pull requests. */

function writeCommits(dice: Dice, author: Person): Commit[] {
  // At most 20, as the payload of a push lists no more; most pushes hold one or two.
  const count = Math.min(20, Math.floor(dice() ** -0.75));
  return Array.from({ length: count }, () => ({
    sha: pickSha(dice),
    author,
    message: writeTitle(dice),
    isDistinct: dice() > 0.03,
  }));
}

/** A maintainer pushes to the default branch, or one of five times to another. */
export function tellPush(telling: Telling, at: number): Fact[] {
  const { dice, crew, people, nextId, repository } = telling;
  const actor = pickAwake(dice, crew.maintainers, at);
  const branch = dice() < 0.8 ? repository.defaultBranch : `spike-${pickInteger(dice, 1, 40)}`;
  const commits = writeCommits(dice, actor);
  const push = toFact(telling, at, actor, { kind: 'push', branch, commits });
  if (dice() > 0.06) return [push];
  const reader = pick(dice, people, 2);
  const remark = { id: nextId(), body: writeBody(dice) };
  const sha = commits[0]?.sha ?? '';
  const comment = { kind: 'commit-comment', sha, remark } as const;
  return [push, toFact(telling, later(dice, reader, at, 8), reader, comment)];
}

/** A release is published by a maintainer; in one of five repositories a bot does it. */
export function tellRelease(telling: Telling, at: number, count: number): Fact[] {
  const { dice, crew, nextId, repository } = telling;
  const isAutomatic = repository.githubId % 5 === 2;
  const actor = isAutomatic ? SAMPLE_BOTS.releaser : pickAwake(dice, crew.maintainers, at);
  const tag = `v${1 + Math.floor(count / 40)}.${Math.floor(count / 4) % 10}.${count % 4}`;
  const body = `${writeTitle(dice)}\n${writeTitle(dice)}`;
  return [toFact(telling, at, actor, { kind: 'release', id: nextId(), tag, body })];
}

/** Someone takes notice: a star, or one of six times a fork. */
export function tellNotice(telling: Telling, at: number): Fact[] {
  const actor = pickAwake(telling.dice, telling.people, at, 1);
  const isFork = telling.dice() < 1 / 6;
  const fork = { kind: 'fork', forkId: forkIdOf(telling, actor) } as const;
  return [toFact(telling, at, actor, isFork ? fork : { kind: 'watch' })];
}

/** What the rest of the world does in an hour, in repositories that nobody tracks. */
export function tellElsewhere(telling: Telling, hour: number): Fact[] {
  const { dice } = telling;
  const at = hour + Math.floor(dice() * HOUR_MS);
  const actor = pickAuthor(telling, at);
  if (dice() < 0.5) return [toFact(telling, at, actor, { kind: 'watch' })];
  const branch = telling.repository.defaultBranch;
  return [toFact(telling, at, actor, { kind: 'push', branch, commits: writeCommits(dice, actor) })];
}
