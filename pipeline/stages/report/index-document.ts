import { type Index, periodSchema } from '../../published/documents.ts';
import { DOCUMENT_PATHS } from '../../published/paths.ts';
import type { Head } from './head.ts';

/** `site` of the configuration, in as far as it is published. */
export interface SiteSettings {
  readonly title: string;
  readonly url: string;
  readonly page_size: number;
  readonly avatars: boolean;
}

/** `contributors`: the usernames that have documents. */
export function buildIndex(head: Head, site: SiteSettings, contributors: readonly string[]): Index {
  return {
    ...head,
    title: site.title,
    url: site.url.endsWith('/') ? site.url : `${site.url}/`,
    page_size: site.page_size,
    avatars: site.avatars,
    periods: periodSchema.options,
    contributors: [...contributors],
    documents: Object.fromEntries(
      Object.entries(DOCUMENT_PATHS).map(([name, { path }]) => [name, path]),
    ),
  };
}
