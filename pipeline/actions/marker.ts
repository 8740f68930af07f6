import type { z } from 'zod';

/** A comment of HTML that remembers something in an issue, a comment or a pull request of ours. */
export interface Marker<T> {
  write(memory: T): string;
  /** Null: a text without such a marker. */
  read(body: string): T | null;
  /** The body with another memory in the place of the old one. */
  replace(body: string, memory: T): string;
}

/** @param name of all markers of this kind, without signs of regular expressions */
export function createMarker<T>(name: string, schema: z.ZodType<T>): Marker<T> {
  const pattern = new RegExp(`<!-- ${name} ([A-Za-z0-9+/=]+) -->`);
  // In base64: no text in it can end the comment.
  const write = (memory: T) =>
    `<!-- ${name} ${Buffer.from(JSON.stringify(memory)).toString('base64')} -->`;
  return {
    write,
    read(body) {
      const [, text = ''] = pattern.exec(body) ?? [];
      try {
        return schema.parse(JSON.parse(Buffer.from(text, 'base64').toString('utf8')));
      } catch {
        return null;
      }
    },
    replace: (body, memory) => body.replace(pattern, () => write(memory)),
  };
}
