import { readDocument, readRepositories } from './documents.ts';
import { splitName } from './paths.ts';
import type { Scope } from './urls.ts';

/** The first and the last moment of all windows that were read. */
export interface ReadSpan {
  readonly from: string;
  readonly to: string;
}

/** The span that was read of a board's repositories, gaps included; null if nothing was read. */
export function readSpan(scope: Scope): ReadSpan | null {
  const names = scope === 'global' ? readRepositories().map(({ full_name }) => full_name) : [scope];
  const windows = names.flatMap((name) => readDocument('repository', splitName(name)).windows);
  const from = windows.map((window) => window.from).sort()[0];
  const to = windows
    .map((window) => window.to)
    .sort()
    .at(-1);
  return from === undefined || to === undefined ? null : { from, to };
}
