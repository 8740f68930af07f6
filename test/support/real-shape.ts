import { eventIds } from '../../pipeline/domain/contribution.ts';
import type { ContributionKind } from '../../pipeline/domain/contribution-kinds.ts';
import { createRng } from './community.ts';

/**
 * Communities with the shape of real ones: few people do most (Zipf and Mandelbrot), most do one or
 * two things, everybody at least one; three quarters of a person's work is in one repository; titles
 * and names are in many scripts. The same for the same seed.
 */

export interface Shape {
  readonly people: number;
  readonly repositories: number;
  readonly contributions: number;
}

export const SHAPES = {
  S: { people: 1_000, repositories: 20, contributions: 30_000 },
  M: { people: 20_000, repositories: 100, contributions: 400_000 },
  L: { people: 50_000, repositories: 200, contributions: 2_000_000 },
  XL: { people: 100_000, repositories: 300, contributions: 5_000_000 },
} as const satisfies Record<string, Shape>;

export interface ShapedPerson {
  readonly id: number;
  readonly login: string;
  readonly name: string | null;
}

export interface ShapedContribution {
  /** From 1. */
  readonly repository: number;
  readonly eventId: string;
  readonly kind: ContributionKind;
  readonly userId: number;
  readonly at: Date;
  readonly subject: number | null;
  readonly added: number | null;
  readonly deleted: number | null;
  readonly title: string | null;
}

const DAY_MS = 86_400_000;
/** Five years. */
const HISTORY_DAYS = 1_826;
/** Exponent and offset of the distribution of work. */
const EXPONENT = 1.5;
const OFFSET = 30;
/** Share of a person's work outside of the main repository. */
const ELSEWHERE = 0.25;

/** Shares of the kinds in percent, as large projects on GitHub have them, about. */
const KIND_SHARES: readonly (readonly [ContributionKind, number])[] = [
  ['COMMENT', 31],
  ['COMMIT', 22],
  ['PR_OPENED', 12],
  ['PR_MERGED', 10],
  ['PR_REVIEWED', 9],
  ['PR_REVIEW_COMMENT', 7],
  ['ISSUE_OPENED', 6],
  ['ISSUE_CLOSED', 2.5],
  ['RELEASE', 0.5],
];

const FIRST_NAMES = [
  ...['Ada', 'Björn', 'Chloé', 'Daniel', 'Élodie', 'Fatima', 'Grace', 'Hiroshi', 'Иван', '李'],
  ...['Mohammed', 'Nguyễn', 'Ольга', 'Priya', '陈', 'Sofía', 'محمد', 'Thabo', '김', 'Žofie'],
];
const LAST_NAMES = [
  ...[
    'Lovelace',
    'Åkesson',
    'Dubois',
    'Kim',
    'Müller',
    'Ferreira',
    'Okafor',
    'Петров',
    '伟',
    '民수',
  ],
  ...[
    'Tanaka',
    'García',
    'الحسن',
    'Nowak',
    'Singh',
    'van den Berg',
    "O'Neill",
    '小龍',
    'Smith',
    '🌻',
  ],
];
const WORDS = [
  ...['fix', 'the', 'parser', 'when', 'input', 'is', 'empty', 'add', 'tests', 'for', 'cache', 'of'],
  ...['update', 'docs', 'remove', 'unused', 'flag', 'support', 'arm64', 'crash', 'on', 'start'],
  ...['исправить', 'ошибку', '修复', '内存泄漏', 'エラー', '追加', 'تحديث', '🐛', 'größe', '<b>&'],
];

/** The number of contributions of each person, the busiest first. */
export function shareWork({ people, contributions }: Shape): number[] {
  const weights = Array.from({ length: people }, (_, k) => (k + 1 + OFFSET) ** -EXPONENT);
  const sum = weights.reduce((total, weight) => total + weight, 0);
  const free = contributions - people;
  let given = 0;
  let exact = 0;
  return weights.map((weight) => {
    exact += (weight / sum) * free;
    const own = Math.round(exact) - given;
    given += own;
    return 1 + own;
  });
}

export function inventShapedPeople({ people }: Shape, seed: number): ShapedPerson[] {
  const random = createRng(seed);
  const pick = (names: readonly string[]) => names[Math.floor(random() * names.length)] as string;
  return Array.from({ length: people }, (_, index) => {
    const name = random() < 0.7 ? `${pick(FIRST_NAMES)} ${pick(LAST_NAMES)}` : null;
    const ascii = (name ?? pick(WORDS)).normalize('NFD').replace(/[^A-Za-z]+/g, '');
    const login = `${ascii.slice(0, 12) || 'dev'}${random() < 0.3 ? '-' : ''}${index + 1}`;
    return { id: 100_000 + index * 1_987, login, name };
  });
}

/** Repositories that many work in are few: the first of them are chosen most. */
const chooseRepository = (random: () => number, repositories: number) =>
  1 + Math.floor(repositories * random() ** 2.5);

/** A thousand contributions lead to ten other repositories. */
function chooseOthers(random: () => number, repositories: number, count: number): number[] {
  return Array.from({ length: Math.ceil(Math.log2(count + 1)) }, () =>
    chooseRepository(random, repositories),
  );
}

function chooseKind(random: () => number): ContributionKind {
  let left = random() * 100;
  for (const [kind, share] of KIND_SHARES) {
    left -= share;
    if (left < 0) return kind;
  }
  return 'COMMENT';
}

/** Every contribution, person by person. */
export function* inventShapedContributions(
  shape: Shape,
  people: readonly ShapedPerson[],
  { seed, now }: { readonly seed: number; readonly now: Date },
): Generator<ShapedContribution> {
  const random = createRng(seed + 1);
  let n = 0;
  for (const [index, count] of shareWork(shape).entries()) {
    const userId = people[index]?.id as number;
    const home = chooseRepository(random, shape.repositories);
    const others = chooseOthers(random, shape.repositories, count);
    const start = HISTORY_DAYS * random();
    const span = Math.min(start, count * 3 * (0.5 + random()));
    for (let one = 0; one < count; one += 1) {
      n += 1;
      const isElsewhere = random() < ELSEWHERE;
      yield {
        repository: isElsewhere ? (others[Math.floor(random() * others.length)] ?? home) : home,
        userId,
        at: new Date(
          Math.floor((now.getTime() - (start - span * random()) * DAY_MS) / 1000) * 1000,
        ),
        ...inventFact(random, n),
      };
    }
  }
}

function inventFact(random: () => number, n: number) {
  const kind = chooseKind(random);
  const isMerge = kind === 'PR_MERGED';
  return {
    kind,
    eventId: eventIdOf(kind, n),
    subject: kind === 'COMMIT' || kind === 'RELEASE' ? null : n,
    added: isMerge ? Math.floor(random() ** 4 * 5_000) : null,
    deleted: isMerge ? Math.floor(random() ** 4 * 2_000) : null,
    title: /COMMENT|REVIEW/.test(kind) ? null : inventTitle(random),
  };
}

function inventTitle(random: () => number): string {
  const words = 3 + Math.floor(random() * 8);
  const word = () => WORDS[Math.floor(random() * WORDS.length)];
  return Array.from({ length: words }, word).join(' ');
}

function eventIdOf(kind: ContributionKind, n: number): string {
  const ids: Record<ContributionKind, string> = {
    RELEASE: eventIds.release(n),
    PR_MERGED: eventIds.pullRequestMerged(n),
    PR_REVIEWED: eventIds.review(1_000_000_000 + n),
    PR_OPENED: eventIds.pullRequestOpened(n),
    COMMIT: eventIds.commit(n.toString(16).padStart(8, '0').padStart(40, '7c')),
    ISSUE_OPENED: eventIds.issueOpened(n),
    ISSUE_CLOSED: eventIds.issueClosed(n),
    PR_REVIEW_COMMENT: eventIds.reviewComment(1_000_000_000 + n),
    COMMENT: eventIds.comment(1_000_000_000 + n),
  };
  return ids[kind];
}
