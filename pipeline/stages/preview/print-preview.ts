import type { Context } from '../../runtime/context.ts';
import type { PreviewFormat } from '../../runtime/options.ts';
import { EXIT } from '../../util/usage-error.ts';
import { wantedRepositories } from '../discovery/wanted-repositories.ts';
import { formatPreview } from './format-preview.ts';
import { previewConfig } from './index.ts';

const NOTHING_YET = `There is nothing to compare with: this database holds no calculated boards yet.
Run \`npm run pipeline\` first. For the invented data of the sample, give \`--source sample\` to both.
`;

/** `config:preview`: prints what the configuration would change. Returns the exit code. */
export async function printPreview(context: Context, format: PreviewFormat): Promise<number> {
  const preview = await previewConfig({ ...context, wanted: await wantedRepositories(context) });
  process.stdout.write(preview ? formatPreview(preview, format) : NOTHING_YET);
  return EXIT.done;
}
