import { createRequire } from 'node:module';
import { Resvg } from '@resvg/resvg-js';
import type { Entry } from '../../../pipeline/published/documents.ts';
import { formatCount } from '../lib/format.ts';
import { type Html, html } from '../lib/html.ts';
import { COLOURS, cleanXml, clip, round, scoreBar, trendPath } from './drawing.ts';
import { toPalettePng } from './palette-png.ts';

/** Pictures that other sites show beside a link, 1200 × 630, dark: drawn as SVG and made PNG. */

const packages = createRequire(import.meta.url);
/**
 * Inter (SIL Open Font License 1.1) has Latin, Greek and Cyrillic; for Arabic, Hebrew, Armenian and
 * Georgian, DejaVu Sans (Bitstream Vera licence) follows.
 */
const FONTS = [
  '@expo-google-fonts/inter/400Regular/Inter_400Regular.ttf',
  '@expo-google-fonts/inter/600SemiBold/Inter_600SemiBold.ttf',
  'dejavu-fonts-ttf/ttf/DejaVuSans.ttf',
  'dejavu-fonts-ttf/ttf/DejaVuSans-Bold.ttf',
].map((path) => packages.resolve(path));

/** What the fonts can draw. */
const DRAWABLE =
  /^[\u0020-\u007e\u00a0-\u024f\u0370-\u03ff\u0400-\u04ff\u0531-\u0556\u0561-\u0587\u05d0-\u05ea\u0600-\u06ff\u10d0-\u10fa\u1e00-\u1eff\u2010-\u2027]*$/;

/** A text that the fonts can draw, or another one, which is ASCII: a login, a name of a repository. */
export const drawable = (text: string, otherwise: string): string =>
  DRAWABLE.test(cleanXml(text).normalize('NFC')) && text.trim() !== '' ? cleanXml(text) : otherwise;

const TEXT = '#eceef1';
const MUTED = '#a3aab5';

interface Words {
  readonly x: number;
  readonly y: number;
  readonly size: number;
  readonly colour?: string;
  readonly isBold?: boolean;
  readonly anchor?: 'start' | 'end';
}

const words = (
  text: string,
  { x, y, size, colour = TEXT, isBold = false, anchor = 'start' }: Words,
) =>
  html`<text x="${x}" y="${y}" font-size="${size}" font-weight="${isBold ? 600 : 400}" fill="${colour}" text-anchor="${anchor}">${text}</text>`;

const LOGO = html`<path transform="translate(72 54) scale(1.7)" fill="${TEXT}" d="M2 18v-6h4v6zM8 18V3h4v15zM14 18v-9h4v9z"/>`;

/** The ground of every picture, with the name of the site at the top and a note at the foot. */
const frame = (site: string, note: string, body: Html): string =>
  html`<svg xmlns="http://www.w3.org/2000/svg" width="1200" height="630" viewBox="0 0 1200 630" font-family="Inter, DejaVu Sans"><rect width="1200" height="630" fill="#0f1114"/>${LOGO}
    ${words(clip(site, 60), { x: 122, y: 84, size: 26, isBold: true })}${body}${words(note, { x: 72, y: 582, size: 22, colour: MUTED })}</svg>`
    .text;

export interface BoardPicture {
  readonly site: string;
  readonly title: string;
  readonly note: string;
  /** The first of the board. */
  readonly entries: readonly {
    readonly rank: number;
    readonly name: string;
    readonly score: number;
    /** Null: what the score is made of is not known. */
    readonly points: Entry['points'] | null;
  }[];
}

const METALS = ['#e9c46a', '#c2cad6', '#dd9a6b'];

/** The picture of a board: its first five. */
export function drawBoard({ site, title, note, entries }: BoardPicture): string {
  const most = Math.max(1, ...entries.map(({ score }) => score));
  const rows = entries.slice(0, 5).map(({ rank, name, score, points }, place) => {
    const y = 278 + place * 58;
    const bar = { x: 640, y: y - 19, width: Math.max(6, (score / most) * 488), height: 22 };
    return html`${words(formatCount(rank), { x: 72, y, size: 30, colour: METALS[rank - 1] ?? MUTED })}
      ${words(clip(name, 22), { x: 132, y, size: 28, isBold: true })}${words(formatCount(score), { x: 616, y, size: 28, isBold: true, anchor: 'end' })}
      ${points ? scoreBar(points, bar, (group) => html`fill="${COLOURS[group][1]}"`) : html`<rect x="${bar.x}" y="${bar.y}" width="${round(bar.width)}" height="${bar.height}" fill="#4b535f"/>`}`;
  });
  const size = title.length > 34 ? 44 : 58;
  return frame(
    site,
    note,
    html`${words(clip(title, 46), { x: 70, y: 178, size, isBold: true })}${rows}`,
  );
}

export interface PersonPicture {
  readonly site: string;
  readonly name: string;
  readonly login: string;
  readonly note: string;
  readonly initials: string;
  /** At most four periods. */
  readonly ranks: readonly { readonly label: string; readonly rank: number }[];
  readonly points: Entry['points'];
  readonly weeks: readonly number[];
}

/** The picture of a person: ranks, what the score is made of, and the last weeks. */
export function drawPerson(facts: PersonPicture): string {
  const ranks = facts.ranks.map(({ label, rank }, place) => {
    const x = 72 + place * 270;
    return html`${words(label, { x, y: 322, size: 24, colour: MUTED })}${words(`#${formatCount(rank)}`, { x, y: 382, size: 56, isBold: true })}`;
  });
  const bar = { x: 72, y: 420, width: 1056, height: 26 };
  const trend = { x: 72, y: 470, width: 1056, height: 60 };
  const size = facts.name.length > 24 ? 44 : 60;
  return frame(
    facts.site,
    facts.note,
    html`<circle cx="128" cy="196" r="56" fill="#24303d"/><text x="128" y="210" font-size="40" font-weight="600" text-anchor="middle" fill="${TEXT}">${facts.initials}</text>
      ${words(clip(facts.name, 32), { x: 212, y: facts.name === facts.login ? 216 : 198, size, isBold: true })}${facts.name !== facts.login && words(facts.login, { x: 214, y: 244, size: 28, colour: MUTED })}
      ${ranks}${scoreBar(facts.points, bar, (group) => html`fill="${COLOURS[group][1]}"`)}
      <path d="${trendPath(facts.weeks, trend)}" fill="none" stroke="${MUTED}" stroke-width="3" stroke-linejoin="round"/>`,
  );
}

/** @returns the bytes of a PNG */
export function toPng(svg: string): Uint8Array {
  const font = { fontFiles: FONTS, loadSystemFonts: false, defaultFontFamily: 'Inter' };
  const image = new Resvg(svg, { font }).render();
  const { width, height, pixels: data } = image;
  return toPalettePng({ width, height, data }) ?? image.asPng();
}
