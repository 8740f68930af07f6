import { appendFileSync } from 'node:fs';
import { buildSite } from '../site/build.ts';
import type { Finding } from '../site/check/finding.ts';
import type { CheckOptions } from '../site/check/index.ts';
import type { BuildOptions, PreviewOptions } from '../site/options.ts';
import { servePreview } from '../site/preview.ts';
import { readConfig } from './config/load.ts';
import { siteAddress } from './config/site-address.ts';
import { fullName } from './domain/names.ts';
import { untilAborted } from './runtime/main.ts';
import { byShare, withElapsed } from './runtime/progress.ts';
import { print, toPrintable, toPrintableLine } from './util/printable.ts';
import { EXIT } from './util/usage-error.ts';

/** Builds the site, and shows how long that still takes. */
export function buildWithProgress(options: BuildOptions) {
  let share = () => 0;
  return withElapsed(
    'building the site',
    byShare(() => share()),
    () =>
      buildSite(options, (started) => {
        share = started;
      }),
  );
}

/** Builds the site from the published documents, and says how long it took. */
export async function build(options: BuildOptions): Promise<void> {
  const started = performance.now();
  const { out, base } = await buildWithProgress(options);
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  print(`Built ${out} for ${base} in ${seconds} s`);
}

/** The options of the command: `config` is the folder; without `published`, it is found out. */
export type CheckCommand = Pick<CheckOptions, 'out' | 'acceptDrop'> & {
  readonly config: string;
  readonly published?: string;
};

/** Checks whether the built site may be deployed; each finding is printed. Returns the exit code. */
export async function check({ config: folder, ...options }: CheckCommand): Promise<number> {
  const { checkSite, readSite } = await import('../site/check/index.ts');
  const { repositories, people } = readConfig(folder);
  const published = options.published ?? siteAddress(await readSite(options.out));
  const config = { repositories: repositories.map(fullName), people };
  const findings = await checkSite({ ...options, published, config });
  const lines = findings.map(({ level, text }) => `${MARKS[level]}: ${toPrintableLine(text)}`);
  const isSound = findings.every(({ level }) => level !== 'error');
  const end = isSound ? 'The site is sound.' : 'The site must not be deployed.';
  print([...lines, end].join('\n'));
  writeSummary([...lines, end]);
  return isSound ? EXIT.done : EXIT.failed;
}

const MARKS: Readonly<Record<Finding['level'], string>> = {
  error: 'Error',
  warning: 'Warning',
  note: 'Note',
};

/** Appends to the summary of the job in GitHub Actions. What is quoted can't be Markdown there. */
function writeSummary(lines: readonly string[]): void {
  const path = process.env.GITHUB_STEP_SUMMARY;
  if (!path) return;
  const text = toPrintable(lines.join('\n'));
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([ticks]) => ticks.length));
  const fence = '`'.repeat(longest + 1);
  appendFileSync(path, `## Check of the site\n\n${fence}text\n${text}\n${fence}\n\n`);
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
