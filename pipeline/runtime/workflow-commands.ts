import type * as Core from '@actions/core';
import { toPrintable, toPrintableLine } from '../util/printable.ts';
import { withoutSecrets } from '../util/secrets.ts';

/** Groups and annotations in a log of GitHub Actions. Anywhere else, these functions do nothing. */

let core: typeof Core | null = null;

export const isActions = () => process.env.GITHUB_ACTIONS === 'true';

/** Loads what issues the commands. */
export async function loadWorkflowCommands(): Promise<void> {
  core = isActions() ? await import('@actions/core') : null;
}

/** For a log that only programs read: no command may stand between its lines. */
export function silenceWorkflowCommands(): void {
  core = null;
}

/** The lines until `closeGroup` are folded. */
export const openGroup = (name: string) => core?.startGroup(toPrintableLine(name));

export const closeGroup = () => core?.endGroup();

/** Where an annotation points to, and what it is about. Lines and columns count from 1. */
export interface Place {
  readonly title?: string;
  readonly file?: string;
  readonly startLine?: number;
  readonly startColumn?: number;
}

/** GitHub shows the first ten of each kind of a step. */
const MOST = 10;
/** Characters; GitHub shows no more than some lines. */
const LONGEST = 2_000;

const issued = { warning: 0, error: 0 };

/** Shows a message on the page of the run. */
export function annotate(kind: 'warning' | 'error', message: string, place: Place = {}): void {
  if (!core || issued[kind] >= MOST) return;
  issued[kind] += 1;
  const clean = (text: string) => toPrintable(withoutSecrets(text)).slice(0, LONGEST);
  const { title, file } = place;
  core[kind](clean(message), {
    ...place,
    ...(title !== undefined && { title: toPrintableLine(title) }),
    ...(file !== undefined && { file: toPrintableLine(file) }),
  });
}
