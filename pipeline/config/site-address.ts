import { siteSchema } from './schema/site.ts';

type Variables = Readonly<Record<string, string | undefined>>;

/**
 * Where the site stands published, with the path. While config/site.yaml has the address of the
 * example, that is where GitHub Pages serves the repository whose workflow runs; else nowhere.
 */
export function addressOf(
  { url, base }: { readonly url: string; readonly base: string },
  { GITHUB_REPOSITORY = '', GITHUB_SERVER_URL }: Variables = process.env,
): string | null {
  if (url !== siteSchema.parse({}).url) return url;
  const [owner] = GITHUB_REPOSITORY.split('/');
  if (!owner || GITHUB_SERVER_URL !== 'https://github.com') return null;
  return `https://${owner.toLowerCase()}.github.io${base}`;
}

/** The path that GitHub Pages serves a repository under: `/` for the site of a person. */
export function pagesPath(owner: string, repo: string): string {
  return repo.toLowerCase() === `${owner}.github.io`.toLowerCase() ? '/' : `/${repo}/`;
}
