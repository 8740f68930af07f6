import { archiveEvent, sha } from './archive-events.ts';
import { createFill, type Era, type EventShapes, readShapes } from './event-shapes.ts';
import type { RawEvent } from './read-events.ts';

/**
 * Invented events of the archive: pull requests, issues and pushes of a few repositories, with
 * every case that boards must handle. By default they have only the fields that are used; in the
 * shape of an era they have all fields of recorded events of that time.
 */

export interface InventedArchive {
  /** Start of the first and end of the last hour. */
  readonly from: Date;
  readonly now: Date;
  /** Payloads are trimmed from here on; never if absent. */
  readonly trimmedFrom?: Date;
  /** Length of "an hour" of the events, so that the same events fill years or two hours. */
  readonly hourMs?: number;
  /** Pull requests, and as many issues; each with reviews, comments, pushes, … */
  readonly size?: number;
}

const DAY = 24 * 3_600_000;

/** Nothing happens in the last one. */
export const REPOSITORIES = ['acme/tool', 'Acme/Site', 'octo/docs', 'octo/empty'];

interface Account {
  id: number;
  login: string;
  type?: string;
}

const PEOPLE = 14;
export const ROBOTS = {
  byType: { id: 201, login: 'quiet-helper', type: 'Bot' },
  bySuffix: { id: 202, login: 'merger[bot]' },
  byLogin: { id: 203, login: 'Coveralls' },
  byId: { id: 49_699_333, login: 'updates' },
  /** A person by the configuration of the tests. */
  allowed: { id: 204, login: 'kind[bot]', type: 'Bot' },
  ghost: { id: 10_137, login: 'ghost' },
};

const iso = (at: number) => new Date(at).toISOString().replace('.000Z', 'Z');

// biome-ignore lint/suspicious/noExplicitAny: payloads differ by type and era
type Payload = any;

/** Makes one event of a repository; every fifth event has the name in another case. */
type MakeEvent = (type: string, at: number, actor: Account, payload: Payload) => RawEvent;

function createMaker(repository: number): MakeEvent {
  const name = REPOSITORIES[repository] ?? '';
  let serial = 0;
  return (type, at, { id, login }, payload) => {
    serial += 1;
    const repo = { id: 10 + repository, name: serial % 5 === 0 ? name.toUpperCase() : name };
    const envelope = { id: `${repository}${serial}`, actor: { id, login }, created_at: iso(at) };
    return archiveEvent({ ...envelope, repo, type, payload });
  };
}

class Inventor {
  readonly #now: number;
  readonly #trimmedFrom: number;
  readonly #hour: number;

  constructor({ now, trimmedFrom, hourMs = 3_600_000 }: InventedArchive) {
    this.#now = now.getTime();
    this.#trimmedFrom = trimmedFrom?.getTime() ?? Number.POSITIVE_INFINITY;
    this.#hour = hourMs;
  }

  #isTrimmed(at: number): boolean {
    return at >= this.#trimmedFrom;
  }

  /** All accounts in turn, with their login at that moment: people, bots and a deleted account. */
  #account(serial: number, at: number): Account {
    const robots = Object.values(ROBOTS);
    const place = serial % (PEOPLE + robots.length);
    return robots[place - PEOPLE] ?? this.#person(place, at);
  }

  /**
   * One person is renamed, one has the login in another case, and a third one drops a login, which
   * a fourth one takes.
   */
  #person(place: number, at: number): Account {
    const isLate = at > this.#now - 100 * DAY;
    const id = place + 1;
    if (id === 1) return { id, login: isLate ? 'ada-lovelace' : 'ada' };
    if (id === 2) return { id, login: isLate ? 'Bob' : 'bOB' };
    if (id === 3) return isLate ? this.#person(4, at) : { id, login: 'cyd' };
    if (id === 4) return { id, login: isLate ? 'Cyd' : 'newcomer' };
    return { id, login: `person${id}` };
  }

  /** A pull request as either era has it. */
  #pull(at: number, number: number, user: Account, more = {}): Payload {
    return this.#isTrimmed(at) ? { number } : { number, user, ...more };
  }

  /**
   * A pull request from its opening to its end, which may lie in the other era: reviews by others
   * and by its author, some reported twice; merged by another person, not merged, or left open.
   */
  pullEvents(make: MakeEvent, number: number, serial: number, start: number): RawEvent[] {
    const author = (at: number) => this.#account(serial * 3, at);
    const other = (at: number) => this.#account(serial * 7 + 1, at);
    const pull = (at: number, more = {}) => this.#pull(at, number, author(at), more);
    // Every fourth opening is reported last, like a late crawl of the archive.
    const opened = serial % 4 === 0 ? start + 40 * this.#hour : start;
    const ended = start + 30 * this.#hour;
    const events = this.#reviewEvents(make, serial, start + this.#hour, { author, other, pull });
    // Some were opened before the archive began, so the author of a trimmed merge is unknown.
    if (serial % 11 !== 0) {
      const open = { created_at: iso(start), closed_at: null, merged: false, merged_at: null };
      const payload = { action: 'opened', pull_request: pull(opened, open) };
      events.push(make('PullRequestEvent', opened, author(opened), payload));
    }
    if (serial % 5 !== 0) {
      const isMerged = serial % 3 !== 0;
      const action = this.#isTrimmed(ended) && isMerged ? 'merged' : 'closed';
      const lines = { additions: serial * 37, deletions: (serial * 11) % 90 };
      const merged_at = isMerged ? iso(ended) : null;
      const end = { closed_at: iso(ended), merged: isMerged, merged_at, ...lines };
      const payload = { action, pull_request: pull(ended, end) };
      events.push(make('PullRequestEvent', ended, other(ended), payload));
    }
    return events;
  }

  #reviewEvents(
    make: MakeEvent,
    serial: number,
    at: number,
    by: Record<'author' | 'other' | 'pull', (at: number) => Payload>,
  ): RawEvent[] {
    const review = (id: number, user: Account, moment: number) =>
      make('PullRequestReviewEvent', moment, user, {
        action: 'created',
        review: { id, user, submitted_at: iso(moment) },
        pull_request: by.pull(moment),
      });
    const minute = this.#hour / 60;
    const first = review(serial * 10, by.other(at), at);
    return [
      first,
      ...(serial % 6 === 0 ? [first] : []),
      review(serial * 10 + 1, by.author(at + minute), at + minute),
      make('PullRequestReviewEvent', at + 2 * minute, by.other(at), {
        action: 'dismissed',
        review: { id: serial * 10 + 2, user: by.other(at) },
        pull_request: by.pull(at),
      }),
      make('PullRequestReviewCommentEvent', at, by.other(at), {
        action: serial % 7 === 0 ? 'edited' : 'created',
        comment: { id: serial * 10, user: by.other(at), created_at: iso(at) },
        pull_request: by.pull(at),
      }),
    ];
  }

  /** An issue with a comment; closed by another person, opened again and closed by a third one. */
  issueEvents(make: MakeEvent, number: number, serial: number, start: number): RawEvent[] {
    const by = (place: number, at: number) => this.#account(serial * 9 + place, at);
    const user = by(0, start);
    const issue = { number, user, created_at: iso(start), closed_at: null };
    const commented = start + this.#hour;
    const again = start + 5 * this.#hour;
    const comment = { id: serial, user: by(1, commented), created_at: iso(commented) };
    return [
      make('IssuesEvent', start, user, { action: 'opened', issue }),
      make('IssueCommentEvent', commented, comment.user, { action: 'created', issue, comment }),
      make('IssueCommentEvent', commented + 1000, user, { action: 'edited', issue, comment }),
      ...[start + 2 * this.#hour, again].map((at, place) => {
        const closedIssue = { ...issue, closed_at: iso(at) };
        return make('IssuesEvent', at, by(2 + place, at), { action: 'closed', issue: closedIssue });
      }),
      make('IssuesEvent', again - this.#hour, user, { action: 'reopened', issue }),
    ];
  }

  /** Two pushes that have one commit in common, a release, a comment on a commit, a star. */
  otherEvents(make: MakeEvent, serial: number, start: number): RawEvent[] {
    const ref = ['refs/heads/main', 'refs/heads/master', 'refs/heads/side'][serial % 3];
    const push = (at: number, numbers: number[]) => {
      const commits = numbers.map((n) => ({ sha: sha(serial * 10 + n), distinct: n !== 1 }));
      return this.#isTrimmed(at) ? { ref } : { ref, commits };
    };
    const author = this.#account(serial * 11, start);
    const comment = { id: serial, user: author, created_at: iso(start) };
    const isNamed = this.#isTrimmed(start) ? { action: 'created' } : {};
    const release = { id: serial, author, published_at: iso(start) };
    const later = start + this.#hour;
    return [
      make('PushEvent', start, author, push(start, [0, 1, 2])),
      make('PushEvent', later, this.#account(serial * 11 + 1, start), push(later, [2, 3])),
      ...(serial % 4 === 0
        ? [make('CommitCommentEvent', start, author, { ...isNamed, comment })]
        : []),
      ...(serial % 9 === 0
        ? [make('ReleaseEvent', start, author, { action: 'published', release })]
        : []),
      make('WatchEvent', start, author, { action: 'started' }),
    ];
  }

  /** The same comment by four people: two at the same moment, two at other ones. */
  tiedEvents(make: MakeEvent): RawEvent[] {
    const names = [
      [301, 'Zoe', 3],
      [302, 'zed', 3],
      [303, 'yan', 2],
      [304, 'xia', 5],
    ] as const;
    return names.map(([id, login, hours]) =>
      this.#comment(make, 1_000_000 + id, { id, login }, this.#now - hours * this.#hour),
    );
  }

  /** Two comments around each edge of a period; the second is reported later than it was made. */
  edgeEvents(make: MakeEvent): RawEvent[] {
    return [365, 90, 30, 7, 0].flatMap((days, place) =>
      [-1000, 0].map((by, side) => {
        const at = this.#now - days * DAY + by;
        const user = { id: 310 + side, login: `edge${side}` };
        const reportedAt = Math.min(at + side * 5000, this.#now - 500);
        return this.#comment(make, 2_000_000 + place * 2 + side, user, at, reportedAt);
      }),
    );
  }

  #comment(make: MakeEvent, id: number, user: Account, at: number, reportedAt = at): RawEvent {
    const comment = { id, user, created_at: iso(at) };
    const payload = { action: 'created', issue: { number: 9 }, comment };
    return make('IssueCommentEvent', reportedAt, user, payload);
  }

  /** One merge with more lines than the bonus pays for. */
  bigMergeEvents(make: MakeEvent): RawEvent[] {
    const at = this.#now - 20 * DAY;
    const user = { id: 320, login: 'generous' };
    const lines = { additions: 70_000, deletions: 4_321 };
    const pull = { number: 5_000, user, merged: true, merged_at: iso(at), ...lines };
    return [make('PullRequestEvent', at, user, { action: 'closed', pull_request: pull })];
  }
}

/** Ever closer to now: as many events in the last week as in the years before. */
export function inventEvents(archive: InventedArchive): RawEvent[] {
  const { from, now, hourMs = 3_600_000, size = 240 } = archive;
  const inventor = new Inventor(archive);
  const makers = REPOSITORIES.map((_, repository) => createMaker(repository));
  const events = Array.from({ length: size }, (_, index) => {
    const serial = index + 1;
    const back = (from.getTime() - now.getTime() + 50 * hourMs) / 1.035 ** serial;
    const begin = now.getTime() + back - 42 * hourMs + (serial * 7 * hourMs) / 3600;
    const start = Math.floor(begin / 1000) * 1000;
    const make = makers[((serial * serial) % 7) % 3] as MakeEvent;
    return [
      ...inventor.pullEvents(make, 2 * serial + 1, serial, start),
      ...inventor.issueEvents(make, 2 * serial + 2, serial, start + hourMs / 6),
      ...inventor.otherEvents(make, serial, start + hourMs / 4),
    ];
  });
  const make = makers[1] as MakeEvent;
  const single = [
    inventor.tiedEvents(make),
    inventor.edgeEvents(make),
    inventor.bigMergeEvents(make),
  ];
  const isWithin = ({ created_at }: RawEvent) => Date.parse(created_at) >= from.getTime();
  return [...events.flat(), ...single.flat()].filter(isWithin);
}

/** Events of untracked repositories, one of each type of that time. */
function strangeEvents(shapes: EventShapes, { from }: InventedArchive, count: number): RawEvent[] {
  return Array.from({ length: count }, (_, index) =>
    Object.keys(shapes).map((type) =>
      archiveEvent({
        id: `9${index}`,
        type,
        actor: { id: 5000 + index, login: `stranger${index}` },
        repo: { id: 900 + index, name: `strange/place${index}` },
        created_at: iso(from.getTime() + index * 1000),
        payload: type === 'PushEvent' ? { ref: 'refs/heads/main' } : {},
      }),
    ),
  ).flat();
}

/** Two hours in the exact shape of the recorded events of an era, for the types of that era. */
export function inventHours(era: Era): { events: RawEvent[]; from: Date; now: Date } {
  const from = new Date(HOURS_FROM[era]);
  const now = new Date(from.getTime() + 2 * 3_600_000);
  const trimmedFrom = era === 'trimmed' ? from : new Date(8.64e15);
  const archive = { from, now, trimmedFrom, hourMs: 60_000, size: 80 };
  const shapes = readShapes(era);
  const fill = createFill();
  const events = [...inventEvents(archive), ...strangeEvents(shapes, archive, 40)].flatMap(
    (event) => {
      const shape = shapes[event.type];
      return shape ? [fill(shape, event, event.type) as RawEvent] : [];
    },
  );
  return { events, from, now };
}

const HOURS_FROM: Readonly<Record<Era, string>> = {
  2015: '2015-01-01T00:00:00Z',
  full: '2022-04-06T00:00:00Z',
  trimmed: '2026-02-03T04:00:00Z',
};
