import { z } from 'zod';
import { DAY_MS } from './time.ts';

/**
 * What a source refuses or can't show of a repository, while it shows the rest: a list, or an item of
 * one. It is not counted as gone: what is stored of it stays.
 */

/** The name under which the parts of a repository are stored, beside the positions of its lists. */
export const PUT_ASIDE = 'put_aside';

const partSchema = z.object({
  /** The name of the list. */
  list: z.string(),
  /** What finds the item: `#12` for a number; null: the whole list. */
  item: z.string().nullable(),
  reason: z.string(),
  /** When it was put aside first. */
  since: z.iso.datetime(),
  /** When it was asked for last. */
  asked_at: z.iso.datetime(),
});

export type PartPutAside = z.infer<typeof partSchema>;

/** Reads what is stored; what another version stored in another form counts as nothing. */
export function parsePartsPutAside(stored: unknown): PartPutAside[] {
  const { success, data } = z.array(partSchema).safeParse(stored);
  return success ? data : [];
}

/** How long an item by number that could not be shown is not asked for again. */
const REST_MS = 7 * DAY_MS;

/** The parts of one repository, as a run changes them. */
export class PartsPutAside {
  #parts: readonly PartPutAside[];
  #isChanged = false;
  /** Those of this run. */
  readonly #added = new Set<string>();
  readonly #now: Date;

  constructor(stored: unknown, now: Date) {
    this.#parts = parsePartsPutAside(stored);
    this.#now = now;
  }

  get isChanged(): boolean {
    return this.#isChanged;
  }

  /** To be stored. */
  get state(): readonly PartPutAside[] {
    this.#isChanged = false;
    return this.#parts;
  }

  /** Takes note of a part. Returns whether it was not known, or for another reason. */
  add(list: string, item: string | null, reason: string): boolean {
    const before = this.#parts.find((part) => part.list === list && part.item === item);
    const now = this.#now.toISOString();
    this.#added.add(keyOf({ list, item }));
    const part = { list, item, reason, since: before?.since ?? now, asked_at: now };
    this.#replace([...this.#parts.filter((one) => one !== before), part]);
    return before?.reason !== reason;
  }

  /** A page of a list was read: it is not put aside as a whole, and neither are these of its items. */
  noteRead(list: string, items: ReadonlySet<string>): void {
    this.#drop((part) => part.list === list && part.item === null);
    this.noteShown(list, items);
  }

  /** These items are shown. */
  noteShown(list: string, items: ReadonlySet<string>): void {
    this.#drop((part) => part.list === list && part.item !== null && items.has(part.item));
  }

  /** All of a list was read, since then or (null) by this run: what was not put aside is there. */
  noteWhole(list: string, since: Date | null): void {
    this.#drop((part) => {
      if (part.list !== list || this.#added.has(keyOf(part))) return false;
      return since === null || new Date(part.asked_at) < since;
    });
  }

  /** Numbers that could not be shown a short time ago. */
  restingNumbers(): ReadonlySet<number> {
    const recent = this.#parts.filter(
      (part) => this.#now.getTime() - Date.parse(part.asked_at) < REST_MS,
    );
    return new Set(recent.flatMap(({ item }) => (item?.startsWith('#') ? [+item.slice(1)] : [])));
  }

  #drop(isOver: (part: PartPutAside) => boolean): void {
    if (this.#parts.some(isOver)) this.#replace(this.#parts.filter((part) => !isOver(part)));
  }

  #replace(parts: readonly PartPutAside[]): void {
    this.#parts = parts;
    this.#isChanged = true;
  }
}

const keyOf = ({ list, item }: Pick<PartPutAside, 'list' | 'item'>) => `${list} ${item}`;

/** What finds an item, as the parts name it. */
export function nameOfItem(item: Readonly<Record<string, unknown>>): string {
  const { list, number, ...others } = item;
  if (number !== undefined) return `#${String(number)}`;
  return JSON.stringify(others);
}
