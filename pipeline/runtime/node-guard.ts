/**
 * Imported first by each script: an older Node would fail later, at something obscure.
 * The syntax here is what any Node can read.
 */

export const MIN_NODE_MAJOR = 24;

/** What to do about a Node that is too old; null if it is not. `version` is like `24.1.0`. */
export function explainOldNode(version: string): string | null {
  const major = Number(version.split('.')[0]);
  if (major >= MIN_NODE_MAJOR) return null;
  return (
    `This needs Node ${MIN_NODE_MAJOR} or newer, and this is Node ${version}. ` +
    'Run `npm ci`, which brings one along, then start with `npm run …`; ' +
    'or install one from https://nodejs.org/.'
  );
}

const explanation = explainOldNode(process.versions.node);
if (explanation !== null) {
  console.error(explanation);
  process.exit(2);
}
