import { createRequire, registerHooks } from 'node:module';

/** GitHub's own packages for workflows, which import JSON in a way that Node refuses. */

registerHooks({
  load(url, context, next) {
    const isJson = url.endsWith('.json') && url.includes('/node_modules/@actions/');
    return next(url, isJson ? { ...context, importAttributes: { type: 'json' } } : context);
  },
});

export const { validate } = await import('@actions/languageservice');
export const { convertWorkflowTemplate, NoOperationTraceWriter, parseWorkflow } = await import(
  '@actions/workflow-parser'
);
export const { data, Evaluator, Lexer, Parser } = await import('@actions/expressions');
export const { truthy } = await import('@actions/expressions/result');

interface TextDocuments {
  readonly TextDocument: {
    create(
      uri: string,
      language: string,
      version: number,
      text: string,
    ): Parameters<typeof validate>[0];
  };
}

/** The package that the language service takes its texts from. */
const ofService = createRequire(import.meta.resolve('@actions/languageservice'));
export const { TextDocument } = ofService('vscode-languageserver-textdocument') as TextDocuments;
