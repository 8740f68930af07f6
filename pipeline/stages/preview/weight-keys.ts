import { CONTRIBUTION_KINDS } from '../../domain/contribution-kinds.ts';
import type { Weights } from '../../domain/weights.ts';

/** A key of `weights.yaml` with another value, and the weights in force with that change alone. */
export interface ChangedKey {
  /** `base_points.COMMIT`, `lines.cap` */
  readonly key: string;
  readonly before: number | string;
  readonly after: number | string;
  readonly alone: Weights;
}

const LINE_KEYS = ['added', 'deleted', 'cap', 'from'] as const;

/** The keys that differ, in the order of the file. */
export function changedKeys(before: Weights, after: Weights): ChangedKey[] {
  const kinds = CONTRIBUTION_KINDS.map((kind) => ({
    key: `base_points.${kind}`,
    before: before.base_points[kind],
    after: after.base_points[kind],
    alone: { ...before, base_points: { ...before.base_points, [kind]: after.base_points[kind] } },
  }));
  const lines = LINE_KEYS.map((name) => ({
    key: `lines.${name}`,
    before: before.lines[name],
    after: after.lines[name],
    alone: { ...before, lines: { ...before.lines, [name]: after.lines[name] } },
  }));
  return [...kinds, ...lines].filter((key) => key.before !== key.after);
}
