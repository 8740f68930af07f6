/**
 * COMMANDS TO COME. What the workflows call and the project does not have yet, as scripts of bash.
 * Each line goes as soon as its command is there; the table ends empty, and then this file goes.
 *
 * `$CLI` runs a command of the project.
 */
export const COMMANDS_TO_COME: Readonly<Record<string, string>> = {
  recalculate: 'exec $CLI calculate',
};

/** Options that the plan gives and the commands do not have yet; each takes a value. */
export const OPTIONS_TO_COME: readonly string[] = ['--time-limit', '--workers'];
