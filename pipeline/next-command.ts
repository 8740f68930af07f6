import { DEFAULT_DATA } from '../site/options.ts';
import type { PipelineOptions } from './runtime/options.ts';
import { isActions } from './runtime/workflow-commands.ts';
import { EXIT } from './util/usage-error.ts';

/** What a person types after a run of the pipeline. */
export function nextCommand(code: number, { out }: Pick<PipelineOptions, 'out'>): string {
  if (code !== EXIT.done) return 'Next: npm run dead-letters -- list';
  const data = out === DEFAULT_DATA ? '' : ` -- --data ${quoted(out)}`;
  return `Next: npm run site:build${data} && npm run site:preview`;
}

/** A path as a shell reads it. */
const quoted = (path: string) =>
  /^[\w./-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`;

/** Whether a person reads what is printed: not a file, not another program, not GitHub Actions. */
export const isForPeople = ({ log }: Pick<PipelineOptions, 'log'>): boolean =>
  Boolean(process.stdout.isTTY) && log === 'pretty' && !isActions();
