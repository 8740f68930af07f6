import type { NewEntry } from '../../config/add-entry.ts';
import type { ConfigDocument } from '../../config/schema.ts';
import type { RepositoryApi } from '../repository-api.ts';
import type { FormIssue } from './issue.ts';
import { quote } from './quote.ts';

/** A change of the configuration, in words without any text from outside that was not checked. */
export interface Change {
  readonly entry: NewEntry;
  /** Of the commit and the pull request. */
  readonly title: string;
  /** Why it may be made, and what a maintainer should know. */
  readonly reasons: readonly string[];
}

/** What follows from a form: a change, or an answer in paragraphs of Markdown. */
export type Decision =
  | { readonly change: Change }
  | {
      readonly words: readonly string[];
      /** A maintainer can agree by the label. */
      readonly needsLabel?: boolean;
    };

/** What a decision is made from. */
export interface Asked {
  readonly api: RepositoryApi;
  readonly issue: FormIssue;
  readonly people: ConfigDocument<'people'>;
  readonly repos: ConfigDocument<'repos'>;
}

const EDIT = 'Edit the text of this issue (⋯ → Edit), and the answer comes anew.';
export const ask = (words: string): Decision => ({ words: [words, EDIT] });
export const none = (words: string): Decision => ({ words: [words] });

/** An answer as it was typed. */
export const quoteAnswer = (answer: string) => (answer === '' ? 'nothing' : `“${quote(answer)}”`);
