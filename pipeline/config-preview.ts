import './shell/node-guard.ts';
import { createCommand, oneOf, parseOptions } from './shell/arguments.ts';
import { withOptions } from './shell/context.ts';
import { PREVIEW_FORMATS, type PreviewFormat } from './shell/format-preview.ts';
import { printPreview } from './shell/print-preview.ts';
import { runMain } from './shell/run-main.ts';

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
