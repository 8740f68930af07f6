import { escapeMarkdown } from '../../util/markdown.ts';

const MOST_CHARACTERS = 80;

/**
 * Text from outside in Markdown, cut, on one line. It is neither a mention nor a link: GitHub makes
 * one of each address that it sees, and notes it on the page that it leads to.
 */
export const quote = (text: string): string =>
  escapeMarkdown(text.slice(0, MOST_CHARACTERS)).replaceAll(/:(?=\/\/)|www(?=\.)/gi, '$&\u200B');
