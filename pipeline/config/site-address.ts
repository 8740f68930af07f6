import { siteSchema } from './schema/site.ts';

/** The `url` of `config/site.yaml` that nobody has changed. */
export const EXAMPLE_URL = siteSchema.parse({}).url;

/** The path that GitHub Pages serves a repository under, while nobody has set a domain for it. */
export const usualPath = ({ owner, repo }: { readonly owner: string; readonly repo: string }) =>
  repo.toLowerCase() === `${owner}.github.io`.toLowerCase() ? '/' : `/${repo}/`;

/**
 * Where the site stands published. While config/site.yaml has the address of the example, that is
 * where GitHub Pages serves the repository whose workflow runs; else nowhere.
 * @param site its `url` in the configuration, and the path that it is built for
 */
export function siteAddress(
  { url, base }: { readonly url: string; readonly base: string },
  { GITHUB_REPOSITORY = '', GITHUB_SERVER_URL }: NodeJS.ProcessEnv = process.env,
): string | null {
  if (url !== EXAMPLE_URL) return url;
  const [owner] = GITHUB_REPOSITORY.split('/');
  if (!owner || GITHUB_SERVER_URL !== 'https://github.com') return null;
  return `https://${owner.toLowerCase()}.github.io${base}`;
}
