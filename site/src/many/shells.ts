import type { Html } from '../lib/html.ts';
import { SHELLS, type Shell } from './page.ts';

/**
 * A shell is the page around the bodies of many pages: Astro makes each shell once, with marks in
 * the four places that differ, and the writer of pages puts their parts there.
 */
export const PARTS = ['head', 'nav', 'body', 'foot'] as const;
export type ShellParts = Readonly<Record<(typeof PARTS)[number], Html>>;

/** Where the shells lie in a build until the pages are written; no page is called so. */
export const SHELL_FOLDER = '~shells';

/**
 * What a build begins each mark with: nobody can have written it into a document before. Without
 * one, as in the development server, there are no shells.
 */
const secret = () => process.env.SITE_SHELLS;

export const listShells = () =>
  secret() === undefined
    ? null
    : SHELLS.map((shell) => ({ params: { path: `${SHELL_FOLDER}/${shell}` }, props: { shell } }));

export interface ShellProps {
  readonly shell: Shell;
}

/** The text that stands for a part in a shell. */
export const markOf = (part: (typeof PARTS)[number]): string => `${secret()}-${part}`;

/** The texts of a shell before, between and after its marks. */
export function cutShell(text: string): readonly string[] {
  const pieces: string[] = [];
  let rest = text;
  for (const part of PARTS) {
    const [before = '', ...after] = rest.split(markOf(part));
    if (after.length !== 1) throw new Error(`a shell has ${after.length} marks for its ${part}`);
    pieces.push(before);
    rest = after[0] ?? '';
  }
  return [...pieces, rest];
}

export const fillShell = (pieces: readonly string[], parts: ShellParts): string =>
  PARTS.map((part, place) => (pieces[place] ?? '') + parts[part].text).join('') +
  (pieces[PARTS.length] ?? '');
