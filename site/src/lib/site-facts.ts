import { readBoard } from './boards.ts';
import { readIndex, readRepositories, readScoring } from './documents.ts';
import { type Period, type Site, siteOf } from './site.ts';
import { base } from './urls.ts';

let site: Site | undefined;

/** The facts of the site that is built or shown, from its documents. */
export function readSite(): Site {
  site ??= collect();
  return site;
}

function collect(): Site {
  const { sample, avatars, periods, default_period, page_size, board_pages, forms } = readIndex();
  const { base_points, lines, periods: lengths } = readScoring();
  return siteOf({
    base,
    sample,
    avatars,
    forms: forms !== undefined,
    periods,
    defaultPeriod: default_period,
    scoring: { base_points, lines, periods: lengths },
    pageSize: page_size,
    boardPages: board_pages,
    repositories: readRepositories().map(({ full_name }) => full_name),
    boards: Object.fromEntries(periods.map((period) => [period, factsOf(period)])),
  });
}

function factsOf(period: Period) {
  const { hasHistory, unknownKinds } = readBoard('global', period);
  return { hasHistory, unknown: unknownKinds };
}
