/** How a rank changed since the last snapshot. Shared with the browser. */
export interface Movement {
  readonly kind: 'up' | 'down' | 'same' | 'new';
  readonly mark: string;
  readonly text: string;
}

export function describeMovement(rank: number, previous: number | null): Movement {
  if (previous === null) return { kind: 'new', mark: 'new', text: 'new on this board' };
  const by = previous - rank;
  if (by > 0) return { kind: 'up', mark: `▲${by}`, text: `up ${by}` };
  if (by < 0) return { kind: 'down', mark: `▼${-by}`, text: `down ${-by}` };
  return { kind: 'same', mark: '–', text: 'unchanged' };
}
