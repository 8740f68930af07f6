/**
 * COMMANDS TO COME. What the workflows call and the project does not have yet, as scripts of bash.
 * Each line goes as soon as its command is there; the table ends empty, and then this file goes.
 *
 * `$CLI` runs a command of the project, `$ARTIFACTS` is the folder of all artifacts by run.
 */
export const COMMANDS_TO_COME: Readonly<Record<string, string>> = {
  // The newest artifact `database` back to `.data/live`, and `.data/live` into `.state/`.
  'actions:state': `
    if [ "$1" = keep ]; then
      mkdir -p .state
      if [ -d .data/live ]; then
        tar -C .data -cf .state/database.dump live
        echo kept=true >> "$GITHUB_OUTPUT"
      fi
    else
      mkdir -p .data
      newest=$(find "$ARTIFACTS" -mindepth 2 -maxdepth 2 -name database | sort -V | tail -n 1)
      if [ -n "$newest" ]; then tar -C .data -xf "$newest/database.dump"
      else echo 'no database was kept: starting again from GitHub'; fi
    fi`,
  'site:check': 'test -f site/dist/index.html || test -n "$ALLOW_NO_SITE"',
  recalculate: 'exec $CLI calculate',
  backup: 'printf backup > "$2"',
  restore: 'grep -q backup "$2"',
};

/** Options that the plan gives and the commands do not have yet; each takes a value. */
export const OPTIONS_TO_COME: readonly string[] = ['--time-limit', '--workers'];
