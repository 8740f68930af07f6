import type { WEBHOOK_FORMATS } from '../config/schema/site.ts';
import { escapeMarkdown } from '../util/markdown.ts';
import { toPrintableLine } from '../util/printable.ts';
import { withoutSecrets } from '../util/secrets.ts';

/** A message of the workflow for a chat. */
export interface Message {
  readonly kind: 'failure' | 'warning' | 'week';
  readonly title: string;
  readonly lines: readonly string[];
  /** Where to read more. */
  readonly url: string;
}

type Format = (typeof WEBHOOK_FORMATS)[number];

/** Discord takes 2,000 characters, the others more. */
const MOST_CHARACTERS = 1_900;
const MOST_LINES = 20;

const FORMATTERS: Readonly<Record<Format, (message: Message) => object>> = {
  json: ({ kind, title, lines, url }) => ({ kind, title, lines, url }),
  slack: (message) => ({ text: asText(message, escapeSlack) }),
  // Nobody is called by a name that came from outside.
  discord: (message) => ({
    content: asText(message, escapeMarkdown),
    allowed_mentions: { parse: [] },
  }),
  teams: ({ title, lines, url }) => ({
    type: 'message',
    attachments: [
      {
        contentType: 'application/vnd.microsoft.card.adaptive',
        content: {
          $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
          type: 'AdaptiveCard',
          version: '1.4',
          body: [
            { type: 'TextBlock', weight: 'Bolder', wrap: true, text: escapeMarkdown(title) },
            ...lines.map((text) => ({ type: 'TextBlock', wrap: true, text: escapeMarkdown(text) })),
          ],
          actions: [{ type: 'Action.OpenUrl', title: 'Open', url }],
        },
      },
    ],
  }),
};

/** The body of the request. */
export function formatMessage(message: Message, format: Format): object {
  const clean = (text: string) => toPrintableLine(withoutSecrets(text)).slice(0, MOST_CHARACTERS);
  const lines = message.lines.slice(0, MOST_LINES).map(clean);
  return FORMATTERS[format]({ ...message, title: clean(message.title), lines });
}

function asText({ title, lines, url }: Message, quote: (text: string) => string): string {
  const text = [title, ...lines].map(quote).join('\n');
  const most = MOST_CHARACTERS - url.length;
  return `${text.length > most ? `${text.slice(0, most - 1)}…` : text}\n${url}`;
}

/** https://api.slack.com/reference/surfaces/formatting#escaping */
const escapeSlack = (text: string) =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
