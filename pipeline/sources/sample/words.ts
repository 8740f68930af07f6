import { type Dice, pick, pickInteger } from './rng.ts';

/** What people write in the sample. Some of it is there to hurt careless software. */

const VERBS = ['Fix', 'Add', 'Remove', 'Speed up', 'Document', 'Rework', 'Test', 'Simplify'];
const THINGS = [
  'the retry of slow requests',
  'empty input',
  'time zones with half hours',
  'the cache key',
  'a leak of file handles',
  'nested options',
  'error messages',
  'the plugin loader',
  'large files',
  'the command line',
  'dark mode',
  'streaming reads',
];

const SCOPES = ['core', 'cli', 'docs', 'api', 'ci', 'types'];

/** Other scripts, right-to-left text, emoji of several code points, combining marks. */
const UNICODE = [
  '日本語の入力',
  'für Größen über 4 GiB',
  'للنص العربي',
  '👩‍👩‍👧‍👦 in names',
  'Zu\u0308rich',
  'наборы данных',
];

/** Markup, quotes, formulas, line breaks: harmless as text, and only as text. */
const HOSTILE = [
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  "'; DROP TABLE contribution_events; --",
  '=HYPERLINK("https://example.com")',
  '{{constructor.constructor("return 1")()}}',
  'a\\b"c\td',
];

const BODIES = [
  'Looks good to me.',
  'Could this be split in two?',
  'Thanks! I tried it here, and it works.',
  'I can reproduce this on the latest release.\n\n```\nnpm test\n```',
  'What happens if the list is empty?',
  'Rebased on the default branch.',
  'nit: naming',
  '👍',
];

/** A line separator within a text: JSON allows it raw, and some readers split lines on it. */
const LINE_SEPARATOR_BODY = 'First line\u2028second line\u2029third line';

/** A title; about one in 12 has unicode, one in 60 is hostile. */
export function writeTitle(dice: Dice): string {
  const title = `${pick(dice, VERBS)} ${pick(dice, THINGS)}`;
  const fate = dice();
  if (fate < 1 / 60) return `${title} ${pick(dice, HOSTILE)}`;
  if (fate < 1 / 10) return `${title} ${pick(dice, UNICODE)}`;
  return fate < 0.3 ? `${pick(dice, SCOPES)}: ${title.toLowerCase()}` : title;
}

/** The text of a comment or a review; about one in 80 holds U+2028. */
export function writeBody(dice: Dice): string {
  if (dice() < 1 / 80) return LINE_SEPARATOR_BODY;
  return dice() < 1 / 80 ? pick(dice, HOSTILE) : pick(dice, BODIES);
}

/** What the bot that updates dependencies calls its pull requests. */
export function writeUpdateTitle(dice: Dice): string {
  const [major, minor] = [pickInteger(dice, 1, 9), pickInteger(dice, 0, 20)];
  return `Bump sample-dependency from ${major}.${minor}.0 to ${major}.${minor + 1}.0`;
}

/** A branch name from a title and a number that keeps it unique. */
export function toBranch(title: string, number: number): string {
  const words = title.toLowerCase().match(/[a-z]+/g) ?? [];
  return `${words.slice(0, 4).join('-')}-${number}`;
}
