import type { Coverage } from '../../../../pipeline/published/documents.ts';
import { formatCount, formatShare, plural } from '../../lib/format.ts';
import { type Html, html } from '../../lib/html.ts';
import { countKnownMonths } from '../../lib/known-months.ts';
import type { Site } from '../../lib/site.ts';
import { knownShare } from '../dashboard/health.ts';
import { knownBar, knownKeys } from '../known-bar.ts';
import { byKind } from './by-kind.ts';
import { effects } from './effects.ts';
import { gridByKind, gridByRepository } from './grids.ts';

/** How much is known: first in a sentence, then by kind, by month and by repository. */
export function coveragePage(
  site: Pick<Site, 'tracked'>,
  coverage: Coverage | null,
  json: string,
): Html {
  const known = knownShare(coverage);
  if (!coverage || known === null) return head(coverage?.summary ?? '', null);
  const { repositories } = coverage;
  const counts = countKnownMonths(repositories);
  const months = new Set(repositories.flatMap((one) => one.months.map(({ month }) => month)));
  const what = `${formatShare(known)} of ${plural(repositories.length, 'repository', 'repositories')} in ${plural(months.size, 'month')}`;
  return html`${head(coverage.summary, what)}${knownBar(counts)}${knownKeys(counts)}
    <p class="src"><span>${formatCount(counts.all)} months of repositories</span><span><a href="${json}">JSON</a></span></p>
    <div class="grid">${byKind(repositories)}${effects(coverage)}${gridByKind(repositories)}${gridByRepository(site, repositories, json)}</div>`;
}

const head = (summary: string, known: string | null): Html =>
  html`<header class="page-head"><h1>Coverage</h1>${summary && html`<p class="summary">${summary}</p>`}
    <p class="lead">${known && `Known is ${known}. `}What could not be read is shown here and as “–” or “+” on the boards, never as zero.</p></header>`;
