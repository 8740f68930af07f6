import type { ShellFacts } from '../views/shell.ts';
import { readIndex } from './documents.ts';
import { base, documentHref } from './urls.ts';

/** What all pages have in common, from the index of the documents. */
export function readShellFacts(): ShellFacts {
  const { title, url, forms } = readIndex();
  return { title, url, base, index: documentHref('index'), forms: forms !== undefined };
}
