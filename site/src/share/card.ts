import type { Entry } from '../../../pipeline/published/documents.ts';
import { formatCount, formatDay } from '../lib/format.ts';
import { html } from '../lib/html.ts';
import { COLOURS, cleanXml, clip, scoreBar, trendPath } from './drawing.ts';

/** What the card of a person shows. */
export interface CardFacts {
  readonly name: string;
  readonly login: string;
  readonly rank: number;
  /** People on the board. */
  readonly total: number;
  /** As it is shown: whole, with a `+` if not all of it is known. */
  readonly score: string;
  readonly points: Entry['points'];
  /** Contributions of the last weeks, oldest first. */
  readonly weeks: readonly number[];
  /** The end of the data. */
  readonly until: string;
  readonly isSample: boolean;
}

const themed = (theme: 0 | 1) =>
  Object.entries(COLOURS)
    .map(([group, colours]) => `.${group}{fill:${colours[theme]}}`)
    .join('');

const STYLE = `.t{fill:#17181c}.m{fill:#565a63}.b{fill:#fff;stroke:#d9d9d4}.s{fill:none;stroke:#565a63}${themed(0)}@media(prefers-color-scheme:dark){.t{fill:#eceef1}.m{fill:#a3aab5}.b{fill:#15181c;stroke:#343a43}.s{stroke:#a3aab5}${themed(1)}}`;

/** The card of a person as SVG, 420 × 150, in the reader's theme. */
export function drawCard(facts: CardFacts): string {
  const name = clip(cleanXml(facts.name), 26);
  const [rank, total] = [formatCount(facts.rank), formatCount(facts.total)];
  const { score } = facts;
  const note = `${formatDay(facts.until)}${facts.isSample ? ' · sample data' : ''}`;
  const bar = { x: 20, y: 70, width: 380, height: 8 };
  const trend = { x: 200, y: 94, width: 200, height: 26 };
  return html`<svg xmlns="http://www.w3.org/2000/svg" width="420" height="150" viewBox="0 0 420 150" font-family="ui-sans-serif,system-ui,-apple-system,Segoe UI,Roboto,Noto Sans,sans-serif" role="img"><title>${facts.login}: rank ${rank} of ${total}, ${score} points</title><style>${STYLE}</style>
    <rect class="b" x=".5" y=".5" width="419" height="149" rx="8"/>
    <text class="t" x="20" y="33" font-size="16" font-weight="650">${name}</text>${facts.name !== facts.login && html`<text class="m" x="20" y="51" font-size="12">${facts.login}</text>`}
    <text class="t" x="400" y="38" font-size="26" font-weight="650" text-anchor="end">#${rank}</text><text class="m" x="400" y="54" font-size="12" text-anchor="end">of ${total}, all time</text>
    ${scoreBar(facts.points, bar, (group) => html`class="${group}"`)}
    <text class="t" x="20" y="108" font-size="20" font-weight="600">${score}</text><text class="m" x="20" y="125" font-size="12">points</text>
    <path class="s" stroke-width="1.5" stroke-linejoin="round" d="${trendPath(facts.weeks, trend)}"/>
    <text class="m" x="400" y="140" font-size="10" text-anchor="end">${note}</text></svg>`.text;
}
