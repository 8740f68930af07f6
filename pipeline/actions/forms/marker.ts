import { z } from 'zod';

/** A comment of HTML that our comments and pull requests are found again by. */

const markerSchema = z.strictObject({
  /** The number of the issue. */
  form: z.int().positive(),
  /** Of a pull request: the hash of what it adds. */
  entry: z.string().optional(),
});

type Marker = z.infer<typeof markerSchema>;

const MARKER = /<!-- leaderboard-form:v1 ([A-Za-z0-9+/=]+) -->/;

/** In base64: no text in it can end the comment. */
export function writeMarker(marker: Marker): string {
  const text = Buffer.from(JSON.stringify(marker)).toString('base64');
  return `<!-- leaderboard-form:v1 ${text} -->`;
}

/** Null: a text of another kind. */
export function readMarker(body: string): Marker | null {
  const [, text = ''] = MARKER.exec(body) ?? [];
  try {
    return markerSchema.parse(JSON.parse(Buffer.from(text, 'base64').toString('utf8')));
  } catch {
    return null;
  }
}
