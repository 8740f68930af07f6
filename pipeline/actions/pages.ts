import { EXAMPLE_URL, usualPath } from '../config/site-address.ts';
import { type RepositoryApi, statusOf } from './repository-api.ts';

/** GitHub Pages of this repository: on, off, or not ours to deploy to. */
export type Pages =
  | { readonly state: 'on'; readonly url: string }
  | { readonly state: 'off' | 'branch' | 'refused' };

/** Asks GitHub. A workflow's token can deploy to Pages, but can't switch it on. */
export async function readPages({ octokit, owner, repo }: RepositoryApi): Promise<Pages> {
  try {
    const { data } = await octokit.rest.repos.getPages({ owner, repo });
    if (data.build_type === 'legacy') return { state: 'branch' };
    return { state: 'on', url: data.html_url ?? '' };
  } catch (error) {
    const status = statusOf(error);
    if (status === 404) return { state: 'off' };
    if (status === 403) return { state: 'refused' };
    throw error;
  }
}

const KEPT = 'until then, the built site is the artifact github-pages of each run';

/** What to switch on, in one sentence; empty if nothing. */
export function pagesHint(pages: Pages, url: string): string {
  const source = `${url}/settings/pages → Build and deployment → Source: GitHub Actions`;
  const hints = {
    on: '',
    off: `GitHub Pages is off: switch it on at ${source}; ${KEPT}.`,
    branch: `GitHub Pages is built from a branch: change it at ${source}; ${KEPT}.`,
    refused: `GitHub does not say whether Pages is on: see ${source}; ${KEPT}.`,
  };
  return hints[pages.state];
}

/**
 * The outputs about Pages. While config/site.yaml has the address of the example, the site is built
 * for the path that GitHub serves it under.
 */
export function describePages(pages: Pages, siteUrl: string, api: RepositoryApi) {
  return {
    pages: pages.state === 'on',
    pages_hint: pagesHint(pages, api.url),
    site_args: siteUrl === EXAMPLE_URL ? `--base\n${pathOf(pages, api)}` : '',
  };
}

/** `/repo/`, or `/` for a domain of its own and for the site of a person or an organisation. */
function pathOf(pages: Pages, { owner, repo }: RepositoryApi): string {
  if (pages.state === 'on' && URL.canParse(pages.url)) return new URL(pages.url).pathname;
  return usualPath({ owner, repo });
}
