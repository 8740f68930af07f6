import type { Fact } from './activity.ts';
import { createDice, pickSha } from './rng.ts';

/** Where a push led from and to. */
export interface PushTrail {
  readonly pushId: number;
  readonly ref: string;
  readonly head: string;
  readonly before: string;
}

/** Above the push ids that GitHub has given out (about 38 billion in 2026). */
const FIRST_PUSH_ID = 900_000_000_000;
const NOWHERE = '0'.repeat(40);
const NO_TRAIL: PushTrail = { pushId: 0, ref: '', head: NOWHERE, before: NOWHERE };

/** Follows the branches, so that each push begins where the last one ended. */
export function createPushTrails(): (fact: Fact) => PushTrail {
  const heads = new Map<string, string>();
  let pushId = FIRST_PUSH_ID;
  return (fact) => {
    if (fact.kind !== 'push') return NO_TRAIL;
    const { repository, branch, commits } = fact;
    const key = `${repository.githubId} ${branch}`;
    const before = heads.get(key) ?? pickSha(createDice(repository.githubId));
    const head = commits.at(-1)?.sha ?? before;
    heads.set(key, head);
    pushId += 1;
    return { pushId, ref: `refs/heads/${branch}`, head, before };
  };
}
