import type { MonthEvent, MonthList } from '../../domain/month-record.ts';
import { isoDate } from '../../domain/time.ts';
import { contributionUrl } from '../../published/contribution-url.ts';
import type { Month } from '../../published/documents.ts';
import type { Report } from './context.ts';
import type { MonthParts } from './month-document.ts';
import { buildPerson } from './month-places.ts';

type Lists = Pick<Month, 'newcomers' | 'first_merged' | 'releases'>;

/** The most contributions of a list that a document names. */
const MOST = 50;

/** The contributions that the document of a month names. */
export function buildEvents(report: Report, parts: MonthParts): Lists {
  const { isPastKnown, events } = parts.record;
  const releases = events
    .filter(({ list }) => list === 'RELEASE')
    .flatMap((event) => {
      const row = buildEvent(report, parts, event);
      return row ? [{ ...row, username: authorOf(parts, event), tag: event.reference }] : [];
    });
  return {
    newcomers: isPastKnown ? buildList(report, parts, 'NEWCOMER') : null,
    first_merged: isPastKnown ? buildList(report, parts, 'FIRST_MERGED') : null,
    releases: { total: releases.length, first: releases.toReversed().slice(0, MOST) },
  };
}

/** The first contribution of each person, oldest first; who is on no page is not in it. */
function buildList(
  report: Report,
  parts: MonthParts,
  list: MonthList,
): NonNullable<Month['newcomers']> {
  const met = new Set<number>();
  const rows = parts.record.events.flatMap((event) => {
    const person = event.userId === null ? undefined : parts.accounts.get(event.userId);
    const row = buildEvent(report, parts, event);
    if (event.list !== list || !person || !row || met.has(person.personId)) return [];
    met.add(person.personId);
    return [{ ...buildPerson(person), ...row }];
  });
  return { total: rows.length, first: rows.slice(0, MOST) };
}

const authorOf = ({ accounts }: MonthParts, { userId }: MonthEvent) =>
  userId === null ? null : (accounts.get(userId)?.login ?? null);

function buildEvent(
  { appearance, hideMentions }: Report,
  { names }: MonthParts,
  event: MonthEvent,
) {
  const { repositoryId, eventId: event_id, subjectNumber, reference, kind, title } = event;
  const repository = names.get(repositoryId);
  if (repository === undefined) return null;
  const addressed = { repository, event_id, subject_number: subjectNumber, reference };
  return {
    ...{ kind, repository },
    on: isoDate(new Date(event.occurredAt)),
    number: subjectNumber !== null && subjectNumber > 0 ? subjectNumber : null,
    title: title && hideMentions(title),
    url: appearance.sample ? null : contributionUrl(addressed, appearance.server),
  };
}
