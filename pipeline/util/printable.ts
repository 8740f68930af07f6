/**
 * Makes text fit to be printed: names, keys, paths and error texts come from outside, and a log is
 * read by terminals and by GitHub Actions, which both act on some of what they read.
 */

/**
 * What shows nothing, moves the cursor or turns text around: control (C0, C1) and format characters
 * (bidirectional, zero width, tags), unpaired surrogates, unassigned and private characters, line
 * and paragraph separators, and all that is ignored by default, such as variation selectors.
 */
const INVISIBLE = /[\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu;

/**
 * What starts a workflow command in a log of GitHub Actions: `::` after nothing but space on a line,
 * and `##[` anywhere (`TryParseV2` and `TryParse` in `ActionCommand.cs` of actions/runner).
 */
const COMMAND = /^([^\S\n]*):(?=:)|#(?=#\[)/gm;

/** `U+200B`. */
function codeOf(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  return `U+${code.toString(16).toUpperCase().padStart(4, '0')}`;
}

/** Lines of text without workflow commands: the first character of one is shown as `U+003A`. */
export function withoutCommands(lines: string): string {
  return lines.replace(COMMAND, (found, space: string = '') => {
    return space + codeOf(found.slice(space.length));
  });
}

/** Text of one or more lines; every other character that can't be seen is shown as `U+200B`. */
export function toPrintable(lines: string): string {
  const visible = lines.replace(INVISIBLE, (found) => (found === '\n' ? found : codeOf(found)));
  return withoutCommands(visible);
}

/** Text that must stay on its line, such as a name: line ends are shown as `U+000A`. */
export function toPrintableLine(text: string): string {
  return withoutCommands(text.replace(INVISIBLE, codeOf));
}

/** The one way to standard output for all that is not logged. */
export function print(lines: string): void {
  process.stdout.write(`${toPrintable(lines)}\n`);
}
