import type { RepositoryCoverage } from '../../lib/coverage.ts';
import { formatShare } from '../../lib/format.ts';
import { type Html, html } from '../../lib/html.ts';
import { type KnownGroup, knownByGroup } from '../../lib/known-kinds.ts';

const WIDTH = 230;

/** How much is known of each kind, all repositories and months together. */
export function byKind(repositories: readonly RepositoryCoverage[]): Html {
  const known = knownByGroup(repositories);
  const rows = known.map(
    (one) =>
      html`<tr><th scope="row"><i class="dot c-${one.group.id}"></i>${one.group.label}</th><td>${bar(one)}</td><td class="number">${formatShare(one.share / 100)}</td></tr>`,
  );
  return html`<section class="fig g5"><header><div><h2>By kind</h2><p>${describeWeakest(known)}</p></div></header>
    <table class="sum kinds-known"><thead><tr><th scope="col">Kind</th><th scope="col"><span class="sr-only">Months that are known</span></th><th scope="col" class="number">Known</th></tr></thead><tbody>${rows}</tbody></table></section>`;
}

/** Whole, part and unknown months as parts of one bar. */
function bar({ whole, part, unknown }: KnownGroup): Html {
  const all = Math.max(1, whole + part + unknown);
  let from = 0;
  const parts = (
    [
      ['k-whole', whole],
      ['k-part', part],
      ['k-unknown', unknown],
    ] as const
  ).map(([name, count]) => {
    const width = Math.round((count * WIDTH) / all);
    const start = from;
    from += width;
    return width > 0 && html`<path class="${name}" d="M${start} 4h${Math.max(1, width - 1)}"/>`;
  });
  return html`<svg viewBox="0 0 ${WIDTH} 8" preserveAspectRatio="none" aria-hidden="true">${parts}</svg>`;
}

function describeWeakest(known: readonly KnownGroup[]): string {
  const least = Math.min(...known.map(({ share }) => share));
  if (least >= 100) return 'Every kind is whole.';
  const weakest = known.filter(({ share }) => share === least).map(({ group }) => group.label);
  const names = new Intl.ListFormat('en-GB').format(weakest).toLowerCase();
  return `The least is known of ${names}.`;
}
