import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { parentPort, workerData } from 'node:worker_threads';
import { SiteError } from '../../options.ts';
import { readShellFacts } from '../lib/shell-facts.ts';
import { href, publishedUrl } from '../lib/urls.ts';
import { footPart, headPart, navPart, type ShellFacts } from '../views/shell.ts';
import type { ManyFile, ManyPage, Shell } from './page.ts';
import { fillShell } from './shells.ts';
import { filesOf, listUnits, pagesOf } from './units.ts';

/** A thread that writes pages: it takes one unit after the other, until none is left. */

export interface WriteJob {
  /** Folder of the site. */
  readonly out: string;
  /** The texts of each shell around its marks. */
  readonly shells: Readonly<Record<Shell, readonly string[]>>;
  /** Shared by all threads: the next unit that nobody has taken, and how many are done. */
  readonly progress: Int32Array;
}

/** What a thread says when it has ended: the pages that it wrote, or the mistake in the documents. */
export type WriteEnd = { readonly pages: number } | { readonly mistake: string };

export async function writeUnits({ out, shells, progress }: WriteJob): Promise<number> {
  const units = listUnits();
  const facts = readShellFacts();
  let pages = 0;
  for (;;) {
    const unit = units[Atomics.add(progress, 0, 1)];
    if (!unit) return pages;
    for (const page of pagesOf(unit)) {
      writePage(out, page, shells[page.shell], facts);
      pages += 1;
    }
    for (const file of filesOf(unit)) writeShared(out, file);
    Atomics.add(progress, 1, 1);
    // resvg gives the memory of pictures back only between two turns of the event loop.
    await setImmediate();
  }
}

function writePage(out: string, page: ManyPage, shell: readonly string[], facts: ShellFacts): void {
  const content = page.render();
  const address = href(page.path);
  const text = fillShell(shell, {
    head: headPart(facts, content, publishedUrl(address)),
    nav: navPart(facts, address),
    body: content.body,
    foot: footPart(facts, content),
  });
  const folder = join(out, decodeURIComponent(page.path));
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'index.html'), text);
}

function writeShared(out: string, { path, content }: ManyFile): void {
  const file = join(out, decodeURIComponent(path));
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, content);
}

async function end(job: WriteJob): Promise<WriteEnd> {
  try {
    return { pages: await writeUnits(job) };
  } catch (error) {
    if (error instanceof SiteError) return { mistake: error.message };
    throw error;
  }
}

parentPort?.postMessage(await end(workerData as WriteJob));
