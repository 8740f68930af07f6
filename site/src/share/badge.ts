import { html } from '../lib/html.ts';
import { cleanXml } from './drawing.ts';

/** A badge: what it is about, and what it says. */
export interface BadgeText {
  readonly label: string;
  readonly message: string;
}

/**
 * Widths of characters of Verdana at 11 px, in tenths of a pixel; a browser with another font fits
 * its letters to them by `textLength`.
 */
const NARROW = new Set("iljI.,:;|!' tfr");
const WIDE = new Set('mwMW@%');
function widthOf(text: string): number {
  const tenths = [...text].reduce((sum, character) => {
    if (NARROW.has(character)) return sum + 40;
    if (WIDE.has(character)) return sum + 105;
    return sum + (/[A-Z]/.test(character) ? 77 : 66);
  }, 0);
  return Math.round(tenths / 10);
}

const SPACE = 6;

/** A badge as SVG, 20 px high, which follows the reader's theme. */
export function drawBadge(text: BadgeText): string {
  const [label, message] = [cleanXml(text.label), cleanXml(text.message)];
  const [left, right] = [widthOf(label), widthOf(message)];
  const [split, width] = [left + 2 * SPACE, left + right + 4 * SPACE];
  return html`<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="20" role="img" aria-label="${label}: ${message}"><title>${label}: ${message}</title>
    <style>.l{fill:#3b424c}.m{fill:#155a9c}@media(prefers-color-scheme:dark){.l{fill:#4b535f}.m{fill:#2a6cb8}}</style>
    <clipPath id="r"><rect width="${width}" height="20" rx="4"/></clipPath>
    <g clip-path="url(#r)"><path class="l" d="M0 0h${split}v20H0z"/><path class="m" d="M${split} 0h${width - split}v20H${split}z"/></g>
    <g fill="#fff" font-family="Verdana,DejaVu Sans,sans-serif" font-size="11"><text x="${SPACE}" y="14" textLength="${left}">${label}</text><text x="${split + SPACE}" y="14" textLength="${right}">${message}</text></g></svg>`
    .text;
}

/** The same for shields.io, which draws it in the style that its address asks for. */
export const shieldsEndpoint = ({ label, message }: BadgeText): string =>
  JSON.stringify({ schemaVersion: 1, label, message, color: '155a9c' });
