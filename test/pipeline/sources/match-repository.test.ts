import { describe, expect, it } from 'vitest';
import { createMatcher } from '../../../pipeline/sources/match-repository.ts';

const repository = (id: number, name: string, githubId: number | null) => ({
  id,
  owner: 'acme',
  name,
  githubId,
  defaultBranch: null,
});

describe('the repository of an event', () => {
  const { matchName } = createMatcher([
    repository(1, 'widget', 70),
    repository(2, 'Gadget', null),
    repository(3, 'gizmo', null),
  ]);

  it('is found by GitHub id, which survives a rename, else by name without regard to case', () => {
    expect(matchName(70, 'acme/renamed')?.id).toBe(1);
    expect(matchName(71, 'ACME/gadget')?.id).toBe(2);
    expect(matchName(null, 'acme/widget')?.id).toBe(1);
  });

  it('is never whichever one has no known id', () => {
    expect(matchName(null, 'somebody/else')).toBeNull();
    expect(matchName(null, null)).toBeNull();
    expect(matchName(null, 'acme/gadget')?.id).toBe(2);
  });
});
