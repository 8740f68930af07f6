import { Command, CommanderError } from 'commander';
import { UsageError } from '../util/usage-error.ts';

/** A command with `--help`, whose errors are thrown and not printed. */
export function createBaseCommand(name: string, description: string): Command {
  return new Command(name)
    .description(description)
    .usage('-- [options]')
    .helpOption('-h, --help', 'show this')
    .configureOutput({ writeErr: () => undefined })
    .exitOverride();
}

/** A command that reads the configuration. */
export function createConfigCommand(name: string, description: string): Command {
  const command = createBaseCommand(name, description);
  return command.option('--config <dir>', 'folder of the YAML files', 'config');
}

/** `error: unknown option '--sorce'` + `(Did you mean --source?)` on one line, with a help hint. */
function toUsageError(error: CommanderError, name: string): UsageError {
  const message = error.message.replace(/^error: /, '').replaceAll(/\s*\n\s*/g, ' ');
  return new UsageError(`${message}; see \`npm run ${name} -- --help\``, { cause: error });
}

/**
 * The options given to a command; `args` are the words after its name.
 *
 * @throws UsageError for an option that is unknown or wrong
 * @throws CommanderError with exit code 0 when help was asked for and shown
 */
export function parseCommand<T extends object>(command: Command, args: readonly string[]): T {
  try {
    return command.parse(args, { from: 'user' }).opts<T>();
  } catch (error) {
    if (!(error instanceof CommanderError) || error.exitCode === 0) throw error;
    throw toUsageError(error, command.name());
  }
}
