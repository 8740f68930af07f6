import { CST, Lexer } from 'yaml';

/**
 * More than any configuration needs. Without limits a few hundred bytes of nested aliases grow to
 * gigabytes, and other texts take minutes.
 */
export const MOST = {
  aliases: 100,
  anchors: 100,
  'brackets that close nothing': 100,
  'complex keys': 100,
  directives: 100,
  entries: 25_000,
  levels: 50,
  tags: 100,
  'words and signs': 300_000,
} as const;

type Limit = keyof typeof MOST;

/** Ends the reading of a text: what follows `offset` is not looked at. */
export class LimitError extends Error {
  readonly offset: number;
  constructor(limit: Limit, offset = 0) {
    super(`expected at most ${MOST[limit].toLocaleString('en-US')} ${limit}; found more`);
    this.offset = offset;
  }
}

type TokenType = ReturnType<typeof CST.tokenType>;

/** What costs the parser most, and a configuration hardly ever has. */
const COSTLY = new Map<TokenType, Limit>([
  ['alias', 'aliases'],
  ['anchor', 'anchors'],
  ['explicit-key-ind', 'complex keys'],
  ['directive-line', 'directives'],
  ['tag', 'tags'],
]);

/** Tokens of the lexer that stand for no text: the next one is a document, or a scalar. */
const WITHOUT_TEXT = new Set<TokenType>(['doc-mode', 'flow-error-end', 'scalar']);

/** How a token changes the number of open brackets. */
function levelAfter(level: number, type: TokenType): number {
  if (type === 'flow-map-start' || type === 'flow-seq-start') return level + 1;
  if (type === 'flow-map-end' || type === 'flow-seq-end') return level - 1;
  return type === 'flow-error-end' ? 0 : level;
}

/**
 * Before a text is parsed: one of commas alone makes an error of each.
 *
 * @throws {LimitError} where the text goes past a limit
 */
export function requireShort(text: string): void {
  const counts = new Map<Limit, number>();
  const take = (limit: Limit, offset: number) => {
    const count = (counts.get(limit) ?? 0) + 1;
    if (count > MOST[limit]) throw new LimitError(limit, offset);
    counts.set(limit, count);
  };
  let [offset, level, isScalar] = [0, 0, false];
  for (const token of new Lexer().lex(text)) {
    const type = isScalar ? null : CST.tokenType(token);
    const costly = COSTLY.get(type);
    level = levelAfter(level, type);
    take('words and signs', offset);
    if (costly) take(costly, offset);
    if (level > MOST.levels) throw new LimitError('levels', offset);
    if (level < 0) take('brackets that close nothing', offset);
    level = Math.max(level, 0);
    if (!WITHOUT_TEXT.has(type)) offset += token.length;
    isScalar = type === 'scalar';
  }
}
