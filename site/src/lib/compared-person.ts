import { mondayOf } from '../../../pipeline/domain/time.ts';
import type { Contributor, ContributorActivity } from '../../../pipeline/published/documents.ts';
import {
  ALL_TIME,
  type Compared,
  counted,
  countMeasures,
  countParts,
  groupParts,
  type Measure,
  startOf,
  type Weeks,
  weekMeasures,
} from './compared.ts';
import { DAY_MS, formatCount } from './format.ts';
import { groupPoints, KINDS } from './kinds.ts';
import { periodLabel } from './periods.ts';
import type { SiteFacts } from './site.ts';
import { unknownSince } from './unknown-weeks.ts';

/** A person as the page that compares shows them. */

type PersonActivity = Pick<ContributorActivity, 'weeks' | 'unknown'>;

export function comparedPerson(
  site: SiteFacts,
  profile: Contributor,
  activity: PersonActivity,
  addresses: Pick<Compared, 'href' | 'json'>,
): Compared {
  const { contributor, periods } = profile;
  const { username, display_name } = contributor;
  const { all } = periods;
  const last = mondayOf(new Date(profile.data_until ?? profile.generated_at)) * DAY_MS;
  const weeks: Weeks = {
    weeks: new Map(activity.weeks.map(({ week, total }) => [Date.parse(week), total])),
    last,
    unknown: unknownSince(startOf({ last }), activity.unknown),
  };
  const unknown = all?.unknown_kinds ?? site.boards.all?.unknown ?? [];
  const totals = Object.fromEntries(KINDS.map(({ kind, count }) => [kind, all?.[count] ?? 0]));
  return {
    ...weeks,
    ...addresses,
    name: username,
    label: display_name ?? username,
    measures: [
      ...standings(site, periods),
      ...countMeasures(totals, unknown),
      ...weekMeasures(weeks),
      {
        group: ALL_TIME,
        label: 'Repositories',
        best: 'most',
        ...counted(all?.repositories_contributed ?? 0, unknown.length > 0),
      },
    ],
    points: groupParts(all ? groupPoints(all.points) : [], unknown),
    counts: countParts(totals, unknown),
  };
}

/** Ranks and points, from moving to slow. */
function standings(site: SiteFacts, periods: Contributor['periods']): Measure[] {
  const all = site.periods.toReversed().map((period) => {
    const own = periods[period];
    const unknown = own?.unknown_kinds ?? site.boards[period]?.unknown ?? [];
    const label = periodLabel(period);
    const none =
      unknown.length > 0 ? { text: '–', value: null } : { text: 'none', value: Infinity };
    const rank = own ? { text: `#${formatCount(own.rank)}`, value: own.rank } : none;
    const { text, value } = counted(own?.total_score ?? 0, unknown.length > 0);
    return [
      { group: 'Rank', label, best: 'least', ...rank },
      { group: 'Points', label, best: 'most', text, value },
    ] satisfies [Measure, Measure];
  });
  return [...all.map(([rank]) => rank), ...all.map(([, points]) => points)];
}
