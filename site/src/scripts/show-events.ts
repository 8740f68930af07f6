import type {
  ContributorActivity,
  ContributorEvents,
  ContributorShard,
  Scoring,
} from '../../../pipeline/published/documents.ts';
import { type Event, groupByDay, readEvents, readFromShard } from '../lib/events.ts';
import { days } from '../views/days.ts';
import { fetchJson } from './fetch-json.ts';

/** Shows all contributions of a person in the place of the latest ones, when it is asked for. */

type Activity = Pick<ContributorActivity, 'recent' | 'sample'>;

/** @param link the address of the last contributions, in a section with the list */
export async function showAll(link: HTMLAnchorElement): Promise<void> {
  const document = await fetchJson<ContributorActivity | ContributorShard>(link.href);
  const top = 'contributors' in document ? '..' : '../..';
  const scoring = await fetchJson<Scoring>(new URL(`${top}/config/scoring.json`, link.href).href);
  const activity = readActivity(document, scoring);
  if (!activity) return location.assign(link.href);
  const parts = Number(link.dataset.events);
  const events = [...activity.recent, ...(await readOlder(link.href, parts, scoring))];
  const list = link.closest('section')?.querySelector('.days');
  if (list) list.outerHTML = days(activity, groupByDay(events)).text;
  link.parentElement?.remove();
}

/** Of a shard, the part of the person whom the page shows. */
function readActivity(
  document: ContributorActivity | ContributorShard,
  scoring: Scoring,
): Activity | null {
  if (!('contributors' in document)) return document;
  const login = new URLSearchParams(location.search).get('login')?.trim() ?? '';
  const own = readFromShard(document, login, scoring);
  return own && { recent: own.recent, sample: document.sample };
}

/** The documents beside that of the activity, one after the other: they may be many. */
async function readOlder(activity: string, parts: number, scoring: Scoring): Promise<Event[]> {
  const events: Event[] = [];
  for (let part = 1; part <= parts; part++) {
    const document = await fetchJson<ContributorEvents>(
      new URL(`events/${part}.json`, activity).href,
    );
    events.push(...readEvents(document, scoring));
  }
  return events;
}
