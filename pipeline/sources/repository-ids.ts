import { asciiLower, fullName } from '../domain/names.ts';
import type { BatchIdentity, IdSighting, TrackedRepository } from '../domain/source.ts';
import { earlierOf, laterOf } from '../domain/window.ts';

export interface EventOrigin {
  /** GitHub's id of the repository. */
  readonly id: number;
  /** Its name when the event happened. */
  readonly name: string;
}

/** See `settle`. */
type Verdict = 'own' | 'other' | 'replaced';

interface Belief {
  readonly repository: TrackedRepository;
  readonly isStated: boolean;
  githubId: number | null;
  /** When it was last seen under the configured name. */
  seenAt: Date;
}

const NEVER = new Date(0);

/**
 * Which repository an event of the archive belongs to: a repository is GitHub's numeric id, and a
 * name only says which id is meant. While GitHub has not stated the id, it is the one that was seen
 * last under the configured name; events of that id count at any name, others never.
 */
export class RepositoryIds {
  readonly #beliefs: ReadonlyMap<number, Belief>;
  readonly #byName: ReadonlyMap<string, TrackedRepository>;
  readonly #byId: Map<number, TrackedRepository>;
  /** Ids that went by without being tracked; null where nothing is left to be learned. */
  readonly #passed: IdSet | null;
  readonly #isResumed: boolean;
  #sightings = new Map<string, IdSighting>();
  #missed = new Set<number>();

  /** `isResumed`: events before those that are read now may have gone by. */
  constructor(repositories: readonly TrackedRepository[], isResumed = false) {
    this.#beliefs = new Map(repositories.map((one) => [one.id, beliefOf(one)]));
    this.#byName = new Map(repositories.map((one) => [asciiLower(fullName(one)), one]));
    this.#byId = new Map(
      repositories.flatMap((one) => (one.githubId === null ? [] : [[one.githubId, one]])),
    );
    const canLearn = [...this.#beliefs.values()].some(({ isStated }) => !isStated);
    this.#passed = canLearn ? new IdSet() : null;
    this.#isResumed = isResumed;
  }

  /** The repository of this id, else of this name (without regard to case); null: not tracked. */
  find(id: number | null, name: string | null): TrackedRepository | null {
    const known = id === null ? undefined : this.#byId.get(id);
    return known ?? this.#byName.get(asciiLower(name ?? '')) ?? null;
  }

  hasId(id: number): boolean {
    return this.#byId.has(id);
  }

  /** The ids believed in now, in order. */
  believed(): number[] {
    return [...this.#byId.keys()].toSorted((a, b) => a - b);
  }

  /** Whether GitHub has not stated the id of some repository. */
  get canLearn(): boolean {
    return this.#passed !== null;
  }

  /** Notes an id that is not tracked: should it become so, events of it are missing. */
  passBy(id: number): void {
    this.#passed?.add(id);
  }

  /**
   * Decides on an event that `find` gave to a repository, and learns the id from it. `other`: it has
   * the name of the repository, and is of another one. `replaced`: it counts, and all that the
   * repository was given before was of another one.
   */
  settle(repository: TrackedRepository, { id, name }: EventOrigin, at: Date): Verdict {
    const named = this.#byName.get(asciiLower(name));
    const belief = this.#beliefs.get(repository.id) ?? beliefOf(repository);
    const isOwn = belief.githubId === id;
    if (named && !(isOwn && belief.isStated)) this.#sight(named, id, at, at);
    if (isOwn && named === repository) belief.seenAt = laterOf(belief.seenAt, at);
    if (isOwn) return 'own';
    if (named === repository && mayChange(belief, id, at)) return this.#change(belief, id, at);
    this.passBy(id);
    return 'other';
  }

  /** Learns an id before its events are read: it was seen under a name from `first` to `last`. */
  learn({ id, name }: EventOrigin, first: Date, last: Date): void {
    const named = this.#byName.get(asciiLower(name));
    const belief = named && this.#beliefs.get(named.id);
    if (!belief) return;
    this.#sight(belief.repository, id, first, last);
    if (belief.githubId === id) belief.seenAt = laterOf(belief.seenAt, last);
    else if (!this.hasId(id) && mayChange(belief, id, last)) this.#change(belief, id, last);
  }

  /** What was learned since the last call, with the ids of repositories (by our id). */
  take(repositoryIds: Iterable<number>): BatchIdentity {
    const taken = { sightings: [...this.#sightings.values()], missed: [...this.#missed] };
    this.#sightings = new Map();
    this.#missed = new Set();
    const believed = new Map([...this.#beliefs].map(([id, { githubId }]) => [id, githubId]));
    const own = [...repositoryIds].flatMap((id) => {
      const githubId = believed.get(id) ?? null;
      return githubId === null ? [] : [[id, githubId] as const];
    });
    return { ...taken, believed, githubIds: new Map(own) };
  }

  #sight({ id: repositoryId }: TrackedRepository, githubId: number, first: Date, last: Date): void {
    const key = `${repositoryId} ${githubId}`;
    const known = this.#sightings.get(key);
    const firstSeenAt = earlierOf(known?.firstSeenAt ?? first, first);
    const lastSeenAt = laterOf(known?.lastSeenAt ?? last, last);
    this.#sightings.set(key, { repositoryId, githubId, firstSeenAt, lastSeenAt });
  }

  #change(belief: Belief, id: number, seenAt: Date): Verdict {
    const { githubId: before, repository } = belief;
    if (before !== null) {
      this.#byId.delete(before);
      this.passBy(before);
    }
    belief.githubId = id;
    belief.seenAt = seenAt;
    this.#byId.set(id, repository);
    if (this.#isResumed || this.#passed?.has(id)) this.#missed.add(repository.id);
    return before === null ? 'own' : 'replaced';
  }
}

function beliefOf(repository: TrackedRepository): Belief {
  const { githubId, idSeenAt } = repository;
  const isStated = githubId !== null && !idSeenAt;
  return { repository, isStated, githubId, seenAt: idSeenAt ?? NEVER };
}

/** The id that was seen last is believed; of two that were seen at once, the higher. */
function mayChange({ isStated, githubId, seenAt }: Belief, id: number, at: Date): boolean {
  if (isStated) return false;
  const since = at.getTime() - seenAt.getTime();
  return githubId === null || since > 0 || (since === 0 && id > githubId);
}

/** A bit for each of 268 million ids: 32 MB, of which only what is used is taken from the machine. */
const ID_SET_BYTES = 1 << 25;

/**
 * A set of ids that takes one for another that is 2^28 higher: then a window is read once more for
 * nothing. GitHub gave out 1.1 billion ids until 2026; a day of the archive has 1.5 million of them.
 */
class IdSet {
  readonly #bits = new Uint8Array(ID_SET_BYTES);

  add(id: number): void {
    const at = (id >>> 3) & (ID_SET_BYTES - 1);
    this.#bits[at] = (this.#bits[at] as number) | (1 << (id & 7));
  }

  has(id: number): boolean {
    const byte = this.#bits[(id >>> 3) & (ID_SET_BYTES - 1)] as number;
    return (byte & (1 << (id & 7))) !== 0;
  }
}
