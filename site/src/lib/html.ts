/**
 * Markup as strings, for the build, the development server and the browser alike. Whatever is put
 * into a template is escaped here, and nowhere else. A line break with the spaces around it is
 * layout of the source alone: a space that readers see stands within a line.
 */
export class Html {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }

  toString(): string {
    return this.text;
  }
}

/** What a template takes: text and numbers are escaped; null, undefined and false are nothing. */
export type Part = Html | string | number | null | undefined | false | readonly Part[];

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Safe as text and within the quotes of an attribute. */
export const escapeHtml = (text: string): string =>
  /[&<>"']/.test(text) ? text.replace(/[&<>"']/g, (one) => ENTITIES[one] ?? one) : text;

function write(part: Part): string {
  if (typeof part === 'string') return escapeHtml(part);
  if (part instanceof Html) return part.text;
  if (part === null || part === undefined || part === false) return '';
  if (typeof part === 'number') return String(part);
  let text = '';
  for (const one of part) text += write(one);
  return text;
}

/** The text of each template without its layout: a template is met thousands of times. */
const tidied = new WeakMap<TemplateStringsArray, readonly string[]>();

function tidy(strings: TemplateStringsArray): readonly string[] {
  let known = tidied.get(strings);
  if (!known) {
    known = strings.map((text) => text.replace(/\s*\n\s*/g, ''));
    tidied.set(strings, known);
  }
  return known;
}

/** Data for a script as an attribute: in single quotes, as JSON is full of double ones. */
export const jsonAttribute = (name: string, value: unknown): Html =>
  new Html(` ${name}='${JSON.stringify(value).replace(/[&<>']/g, (one) => ENTITIES[one] ?? one)}'`);

/** A template: `` html`<b title="${text}">${text}</b>` ``. Attributes are always in quotes. */
export function html(strings: TemplateStringsArray, ...parts: readonly Part[]): Html {
  const texts = tidy(strings);
  let text = texts[0] ?? '';
  for (let place = 0; place < parts.length; place++)
    text += write(parts[place]) + (texts[place + 1] ?? '');
  return new Html(text);
}

/** An attribute with a space before it; nothing without a value. */
export const attribute = (name: string, value: string | number | null | undefined | false): Html =>
  new Html(
    value === null || value === undefined || value === false
      ? ''
      : ` ${name}="${escapeHtml(String(value))}"`,
  );
