import { createHash } from 'node:crypto';

/** Leaves e-mail addresses out of the rows of a dump. */

export interface Column {
  readonly name: string;
  /** As `format_type` writes it: `text`, `jsonb`, `bigint[]`. */
  readonly type: string;
}

/** Columns that hold nothing else. */
const EMAIL_COLUMNS: readonly string[] = ['email'];
/** Parts of keys: two addresses must stay two values. An address there is a login of no one. */
const KEY_COLUMNS: readonly string[] = ['login', 'slug', 'event_id', 'owner', 'name'];

/** As `git`, GitHub and people write them; what stands around one stays. */
const EMAIL = /[\p{L}\p{N}._%+-]+@[\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)+/gu;
/** The same as in published messages. */
const REPLACEMENT = '…';

/** A text in JSON, quotes and all. */
const JSON_TEXT = /"[^"\\]*(?:\\.[^"\\]*)*"/g;

/** A row, as the text of a JSON array of texts, without e-mail addresses. */
export function withoutEmails(row: string, columns: readonly Column[]): string {
  const hasAny = row.includes('@');
  if (!hasAny) return row;
  const values = JSON.parse(row) as (string | null)[];
  return JSON.stringify(values.map((value, place) => cleanValue(value, columns[place])));
}

function cleanValue(value: string | null, column: Column | undefined): string | null {
  if (!value?.includes('@') || !column) return value;
  if (EMAIL_COLUMNS.includes(column.name)) return null;
  if (KEY_COLUMNS.includes(column.name)) return value.replace(EMAIL, digest);
  if (!column.type.startsWith('json')) return value.replace(EMAIL, REPLACEMENT);
  return value.replace(JSON_TEXT, (text) =>
    JSON.stringify((JSON.parse(text) as string).replace(EMAIL, REPLACEMENT)),
  );
}

function digest(email: string): string {
  return `email-${createHash('sha256').update(email.toLowerCase()).digest('hex').slice(0, 16)}`;
}
