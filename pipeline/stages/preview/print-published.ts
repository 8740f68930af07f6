import { startEmbeddedThread } from '../../../db/embedded-thread.ts';
import type { PreviewFormat } from '../../runtime/options.ts';

interface PublishedOptions {
  /** A folder of documents, or the address of a site. */
  readonly published: string;
  /** The folder of the configuration. */
  readonly config: string;
  readonly format: PreviewFormat;
}

/**
 * `config:preview --published`: the effect of a configuration from published documents, without a
 * database of ones own. Returns the exit code. The tables that it calculates in take longest: they
 * are begun before the code of the preview is loaded.
 */
export async function printPublishedPreview(
  { published, config, format }: PublishedOptions,
  signal: AbortSignal,
): Promise<number> {
  const thread = startEmbeddedThread();
  try {
    const [{ readEnvironment }, { readConfig }, { print }, { EXIT }, preview, { formatReport }] =
      await Promise.all([
        import('../../config/environment.ts'),
        import('../../config/load.ts'),
        import('../../util/printable.ts'),
        import('../../util/usage-error.ts'),
        import('./index.ts'),
        import('./format-report.ts'),
      ]);
    const tried = readConfig(config);
    const lookUp = preview.lookUpWith(readEnvironment(), tried, signal);
    const report = await preview.previewPublished(published, tried, { signal, lookUp, thread });
    print(formatReport(report, format).trimEnd());
    return EXIT.done;
  } finally {
    await thread.close();
  }
}
