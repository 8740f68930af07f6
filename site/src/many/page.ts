import type { Html } from '../lib/html.ts';
import type { PageHead } from '../views/shell.ts';

/** A page of which there are many: boards, lists, people, former logins. */
export interface ManyPage {
  /** Under the base of the site, with a slash at its end; each part is encoded. */
  readonly path: string;
  /** The shell that it stands in: it has the scripts that a board, or a person's page needs. */
  readonly shell: Shell;
  /** Reads what the page shows, and writes it. */
  readonly render: () => PageContent;
}

/** A file to share, of which there are many: a badge, a picture, a feed. */
export interface ManyFile {
  /** Under the base of the site; each part is encoded. */
  readonly path: string;
  readonly content: string | Uint8Array;
}

export const SHELLS = ['board', 'person', 'plain'] as const;
export type Shell = (typeof SHELLS)[number];

export interface PageContent extends PageHead {
  readonly body: Html;
}

/** The page as the development server takes it: without a slash at its end, and not encoded. */
export const toRoute = (page: ManyPage) => ({
  params: { path: decodeURIComponent(page.path).slice(0, -1) || undefined },
  props: { shell: page.shell, page },
});
