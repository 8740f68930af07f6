import * as nodeModule from 'node:module';
import { fileURLToPath } from 'node:url';

/**
 * Loaded before each command (`node --import`), and in plain JavaScript: an older Node can't read
 * TypeScript, and would fail with a message that says nothing of the reason.
 */

export const MIN_NODE_MAJOR = 24;

/**
 * What to do about a Node that is too old; null if it is not.
 *
 * @param {string} version like `24.1.0`
 * @returns {string | null}
 */
export function explainOldNode(version) {
  const major = Number(version.split('.')[0]);
  if (major >= MIN_NODE_MAJOR) return null;
  return (
    `This needs Node ${MIN_NODE_MAJOR} or newer, and this is Node ${version}. ` +
    'Run `npm ci`, which brings one along, then start with `npm run …`; ' +
    'or install one from https://nodejs.org/.'
  );
}

/**
 * The packages that are not installed.
 *
 * @param {readonly string[]} names
 * @returns {string[]}
 */
export function missingOf(names) {
  return names.filter((name) => {
    try {
      import.meta.resolve(name);
      return false;
    } catch {
      return true;
    }
  });
}

const explanation =
  explainOldNode(process.versions.node) ??
  (missingOf(['commander', 'zod']).length > 0
    ? 'The packages are missing: run `npm ci` in this folder, and then this again.'
    : null);
if (explanation !== null) {
  console.error(explanation);
  process.exit(2);
}

// Compiled code is kept from start to start: a command starts in less than half of the time.
nodeModule.enableCompileCache(
  fileURLToPath(new URL('../../node_modules/.cache/compiled', import.meta.url)),
);
