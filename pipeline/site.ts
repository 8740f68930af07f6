import { buildSite } from '../site/build.ts';
import type { BuildOptions, PreviewOptions } from '../site/options.ts';
import { servePreview } from '../site/preview.ts';
import { untilAborted } from './runtime/main.ts';
import { print } from './util/printable.ts';

/** Builds the site from the published documents, and says how long it took. */
export async function build(options: BuildOptions): Promise<void> {
  const started = performance.now();
  const { out, base } = await buildSite(options);
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  print(`Built ${out} for ${base} in ${seconds} s`);
}

/** Serves the built site until the signal aborts. */
export async function preview(options: PreviewOptions, signal: AbortSignal): Promise<void> {
  const served = await servePreview(options);
  print(`The site is at ${served.url} (stop it with Ctrl-C)`);
  await untilAborted(signal);
  await served.close();
}

/** Serves the pages from their sources until the signal aborts: a change of a source shows at once. */
export async function dev(options: Pick<BuildOptions, 'data'>, signal: AbortSignal): Promise<void> {
  const { serveDev } = await import('../site/dev.ts');
  const served = await serveDev(options);
  print(`The site is at ${served.url} (stop it with Ctrl-C)`);
  await untilAborted(signal);
  await served.close();
}
