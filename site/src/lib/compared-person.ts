import { mondayOf } from '../../../pipeline/domain/time.ts';
import type { Contributor, ContributorActivity } from '../../../pipeline/published/documents.ts';
import {
  type Compared,
  counted,
  countMeasures,
  countParts,
  groupParts,
  type Measure,
  periodHead,
  startOf,
  type Weeks,
  weekMeasures,
} from './compared.ts';
import { DAY_MS, formatCount } from './format.ts';
import { groupPoints, KINDS } from './kinds.ts';
import { periodLabel } from './periods.ts';
import type { Period, SiteFacts } from './site.ts';
import { unknownSince } from './unknown-weeks.ts';

/** A person as the page that compares shows them. */

type PersonActivity = Pick<ContributorActivity, 'weeks' | 'unknown'>;

export function comparedPerson(
  site: SiteFacts,
  profile: Contributor,
  activity: PersonActivity,
  addresses: Pick<Compared, 'href' | 'json'>,
  period: Period,
): Compared {
  const { contributor, periods } = profile;
  const { username, display_name } = contributor;
  const own = periods[period];
  const group = periodHead(site.scoring, period);
  const last = mondayOf(new Date(profile.data_until ?? profile.generated_at)) * DAY_MS;
  const weeks: Weeks = {
    weeks: new Map(activity.weeks.map(({ week, total }) => [Date.parse(week), total])),
    last,
    unknown: unknownSince(startOf({ last }), activity.unknown),
  };
  const unknown = own?.unknown_kinds ?? site.boards[period]?.unknown ?? [];
  const totals = Object.fromEntries(KINDS.map(({ kind, count }) => [kind, own?.[count] ?? 0]));
  return {
    ...weeks,
    ...addresses,
    name: username,
    label: display_name ?? username,
    measures: [
      ...standings(site, periods),
      ...countMeasures(group, totals, unknown),
      ...weekMeasures(weeks),
      {
        group,
        label: 'Repositories',
        best: 'most',
        ...counted(own?.repositories_contributed ?? 0, unknown.length > 0),
      },
    ],
    points: groupParts(own ? groupPoints(own.points) : [], unknown),
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
