import './runtime/node-guard.ts';
import { withOptions } from './runtime/context.ts';
import { runMain } from './runtime/main.ts';
import { createCommand, oneOf, parseOptions } from './runtime/options.ts';
import { PREVIEW_FORMATS, type PreviewFormat } from './stages/preview/format-preview.ts';
import { printPreview } from './stages/preview/print-preview.ts';

const command = createCommand(
  'config:preview',
  'Shows what a configuration does to the ranks, and changes nothing.',
).option(
  '--format <format>',
  PREVIEW_FORMATS.join(' or '),
  oneOf('--format', PREVIEW_FORMATS),
  'text',
);

await runMain((signal) => {
  const options = parseOptions(command);
  const { format } = command.opts<{ format: PreviewFormat }>();
  return withOptions({ ...options, dryRun: true }, signal, (context) =>
    printPreview(context, format),
  );
});
