import fc from 'fast-check';
import { at, PEOPLE, sha } from './made-up-world.ts';
import type { Fate, Person, RepositoryData, World } from './world.ts';

/**
 * Generated lives of two repositories: what people do in them, what is deleted, hidden, transferred,
 * made again or rewritten, when they or their branches get other names, and when they are deleted and
 * made again under their name. A life is a list of steps, each at its own moment.
 */

const KINDS = [
  ...['issue', 'close', 'pull', 'merge', 'review', 'remark', 'comment', 'note', 'release', 'push'],
  ...['rewrite', 'delete', 'delete', 'delete', 'hide', 'hide', 'transfer', 'transfer', 'again'],
  ...['rename', 'branch', 'recreate'],
] as const;

/** What both repositories have before the first day. */
const BEGINNING: readonly Step['kind'][] = [
  ...(['push', 'issue', 'issue', 'issue', 'pull', 'pull', 'merge', 'review', 'review'] as const),
  ...(['remark', 'remark', 'comment', 'comment', 'comment', 'note', 'release', 'push'] as const),
];

export interface Step {
  readonly kind: (typeof KINDS)[number];
  readonly repository: 0 | 1;
  /** Chooses a person and what the step concerns. */
  readonly choice: number;
}

export interface Life {
  /** The steps of each day; a night follows each. */
  readonly days: readonly (readonly Step[])[];
}

const step = fc.record({
  kind: fc.constantFrom(...KINDS),
  repository: fc.constantFrom(0, 1),
  choice: fc.nat(1_000_000),
}) as fc.Arbitrary<Step>;

/** Lives of some days, with some steps each day. */
export const lives = (days: number, steps: number): fc.Arbitrary<Life> =>
  fc.record({
    days: fc.array(fc.array(step, { minLength: 1, maxLength: steps }), {
      minLength: days,
      maxLength: days,
    }),
  });

type Writable<T> = { -readonly [key in keyof T]: T[key] };
type Items<T> = T extends readonly (infer Item)[] ? Writable<Item>[] : never;

/** A repository that is being lived. */
interface Model {
  readonly id: number;
  /** 0 or 1: which name it has. */
  readonly place: number;
  readonly shownAt: string;
  goneAt?: string;
  readonly issues: Items<RepositoryData['issues']>;
  readonly pullRequests: Items<RepositoryData['pullRequests']>;
  readonly reviews: Items<RepositoryData['reviews']>;
  readonly reviewComments: Items<RepositoryData['reviewComments']>;
  readonly comments: Items<RepositoryData['comments']>;
  readonly commitComments: Items<RepositoryData['commitComments']>;
  readonly releases: Items<RepositoryData['releases']>;
  readonly commits: Items<RepositoryData['commits']>;
  readonly pushes: Items<RepositoryData['pushes']>;
  readonly changes: Items<NonNullable<RepositoryData['changes']>>;
  /** The branch, oldest first. */
  branch: string[];
  numbers: number;
}

const emptyModel = (id: number, place: number, shownAt = ''): Model => ({
  id,
  place,
  shownAt,
  issues: [],
  pullRequests: [],
  reviews: [],
  reviewComments: [],
  comments: [],
  commitComments: [],
  releases: [],
  commits: [],
  pushes: [],
  changes: [],
  branch: [],
  numbers: 0,
});

const AUTHORS: readonly Person[] = [PEOPLE.ada, PEOPLE.cyd, PEOPLE.dan, PEOPLE.eve];
const REPOSITORY_ID = 41_000;

/** Lives a life, step by step. */
class Living {
  /** Those that are there. */
  readonly models: [Model, Model] = [
    emptyModel(REPOSITORY_ID, 0),
    emptyModel(REPOSITORY_ID + 1, 1),
  ];
  /** Those that were deleted. */
  readonly deleted: Model[] = [];
  #ids = 500_000;

  nextId(): number {
    this.#ids += 1;
    return this.#ids;
  }

  live({ kind, repository, choice }: Step, now: string): void {
    const model = this.models[repository];
    const author = AUTHORS[choice % AUTHORS.length] as Person;
    const pick = <T>(items: readonly T[]) => items[choice % Math.max(items.length, 1)];
    const there = <T extends Fate>(items: readonly T[]) => items.filter(({ goneAt }) => !goneAt);
    const issue = pick(there(model.issues));
    const pull = pick(there(model.pullRequests));
    const id = this.nextId();
    const common = { id, author, createdAt: now };
    switch (kind) {
      case 'issue':
        return void model.issues.push({ ...common, number: ++model.numbers });
      case 'close':
        if (issue) issue.closings = [...(issue.closings ?? []), { at: now, actor: author }];
        return;
      case 'pull':
        return void model.pullRequests.push(newPull(common, ++model.numbers));
      case 'merge':
        if (pull) pull.mergedAt ??= now;
        return;
      case 'review':
        if (pull) model.reviews.push(newReview(common, pull.number));
        return;
      case 'remark':
        if (pull) model.reviewComments.push({ ...common, pullNumber: pull.number });
        return;
      case 'comment': {
        const { number } = pick([...there(model.issues), ...there(model.pullRequests)]) ?? {};
        if (number) model.comments.push({ ...common, number });
        return;
      }
      case 'note':
        if (model.branch.length > 0) {
          model.commitComments.push({ ...common, sha: model.branch.at(-1) as string });
        }
        return;
      case 'release':
        return void model.releases.push({ ...common, tag: `v${id}`, publishedAt: now });
      case 'push':
        return void this.push(model, author, now, 0);
      case 'rewrite':
        return void this.push(model, author, now, 1 + (choice % 3));
      case 'rename': {
        const [owner, name] = [
          pick(['guild', 'Guild', 'other']),
          `life${repository}-${choice % 3}`,
        ];
        return void model.changes.push({ at: now, name, ...(owner && { owner }) });
      }
      case 'branch': {
        const defaultBranch = pick(['main', 'master', 'trunk']) as string;
        return void model.changes.push({ at: now, defaultBranch });
      }
      case 'recreate':
        return void this.recreate(model, now);
      default:
        this.change(kind, model, choice, now);
    }
  }

  /**
   * Deletes a repository and makes another one under its name, with another id, the same numbers and
   * branch: only under the name of the configuration, where a reading at the end finds it, too.
   */
  recreate(model: Model, now: string): void {
    if (model.changes.some(({ name }) => name !== undefined)) return;
    model.goneAt = now;
    this.deleted.push(model);
    const born = emptyModel(this.nextId(), model.place, now);
    this.models[model.place as 0 | 1] = born;
    if (this.deleted.length % 2 === 0) return;
    born.issues.push({
      id: this.nextId(),
      number: ++born.numbers,
      author: PEOPLE.dan,
      createdAt: now,
    });
    this.push(born, PEOPLE.cyd, now, 0);
  }

  /** Takes some commits off the branch, and puts two on it: one is made together with Eve. */
  push(model: Model, author: Person, now: string, lost: number): void {
    const kept = model.branch.slice(0, Math.max(0, model.branch.length - lost));
    for (const part of ['a', 'b']) {
      const commit = sha(`${model.id} ${now} ${part}`);
      const parents = kept.slice(-1);
      const authorEmail = `${author.login}@example.org`;
      const size = { additions: kept.length, deletions: 1 };
      const coAuthors = part === 'b' ? [PEOPLE.eve] : [];
      const made = { sha: commit, author, authorEmail, coAuthors, committedAt: now };
      model.commits.push({ ...made, parents, ...size });
      kept.push(commit);
    }
    model.branch = kept;
    model.pushes.push({ at: now, head: kept.at(-1) as string });
  }

  /** What takes something away. */
  change(kind: Step['kind'], model: Model, choice: number, now: string): void {
    const { issues, pullRequests, reviews, reviewComments, comments, commitComments } = model;
    const pick = <T extends Fate>(items: readonly T[]): T | undefined => {
      const there = items.filter(({ goneAt }) => !goneAt);
      return there[choice % Math.max(there.length, 1)];
    };
    if (kind === 'transfer') return void this.transfer(model, pick(issues), now);
    const hideable = [...reviews, ...reviewComments, ...comments, ...commitComments];
    if (kind === 'hide') {
      const item = pick(hideable);
      const reason = ['spam', 'abuse', 'outdated'][choice % 3] as string;
      if (item) item.hidden ??= { at: now, reason };
      return;
    }
    const item = pick([...issues, ...pullRequests, ...hideable, ...model.releases]);
    if (!item) return;
    item.goneAt = now;
    const issue = issues.find((one) => one === item);
    if (kind !== 'again' || !issue) return;
    // Made again, it has another id and another number.
    const { author } = issue;
    issues.push({ id: this.nextId(), number: ++model.numbers, author, createdAt: now });
  }

  /** To the other repository: a new number, the same time of creation, the same comments. */
  transfer(from: Model, issue: Model['issues'][number] | undefined, now: string): void {
    if (!issue) return;
    const to = this.models.find((model) => model !== from) as Model;
    const number = ++to.numbers;
    issue.goneAt = now;
    issue.movedTo = { repositoryId: to.id, number };
    const { goneAt, movedTo, ...same } = issue;
    to.issues.push({ ...same, id: this.nextId(), number, shownAt: now });
    const comments = from.comments.filter((one) => one.number === issue.number && !one.goneAt);
    to.comments.push(...comments.map((comment) => ({ ...comment, number })));
  }
}

type Common = { readonly id: number; readonly author: Person; readonly createdAt: string };

const newPull = (common: Common, number: number) => ({
  ...common,
  number,
  mergedAt: null,
  additions: number * 3,
  deletions: number,
});

const newReview = ({ id, author, createdAt }: Common, pullNumber: number) => ({
  id,
  author,
  pullNumber,
  state: 'APPROVED' as const,
  submittedAt: createdAt,
});

/** The first day of a life. */
const FIRST_DAY = 2;
/** When the night after a day begins, in minutes of the next day. */
const NIGHT = 120;

/** The moments of the nights, and the world that was lived until after the last. */
export function live({ days }: Life): { readonly world: World; readonly nights: string[] } {
  const living = new Living();
  for (const [index, kind] of BEGINNING.entries()) {
    living.live({ kind, repository: 0, choice: index }, at(1, index));
    living.live({ kind, repository: 1, choice: index + 1 }, at(1, 100 + index));
  }
  for (const [day, steps] of days.entries()) {
    for (const [index, one] of steps.entries()) {
      living.live(one, at(FIRST_DAY + day, NIGHT + 10 + index * 10));
    }
  }
  const all = [...living.models, ...living.deleted];
  const repositories = all.map(({ branch, numbers, place, ...data }) => ({
    ...data,
    owner: 'guild',
    name: `life${place}`,
    defaultBranch: 'main',
  }));
  const nights = days.map((_, day) => at(FIRST_DAY + day + 1, NIGHT));
  return { world: { repositories, people: Object.values(PEOPLE) }, nights };
}
