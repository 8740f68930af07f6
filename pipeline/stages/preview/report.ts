import type { ScorePart } from '../../domain/contribution-kinds.ts';
import type { FirstReading, RepositorySize } from '../../domain/first-reading.ts';
import type { Period } from '../../domain/time.ts';

/** What a preview says: with `--format json` it is printed as it is. Shares are from 0 to 1. */
export interface PreviewReport {
  /** The moment that the published documents count up to, ISO 8601; null: compared with a database. */
  readonly published_at: string | null;
  /** Keys of `weights.yaml` with another value, and the effect of each alone. */
  readonly weights: readonly KeyEffect[];
  readonly people: PeopleChanges;
  readonly repositories: {
    /** They count once they are read. */
    readonly added: readonly string[];
    readonly restored: readonly string[];
    readonly removed: readonly RemovedRepository[];
    /** Listed under a former name: the same repository. */
    readonly renamed: readonly { readonly listed: string; readonly now: string }[];
    /** What GitHub says of the new ones; null: there are none, or it was not asked. */
    readonly additions: Additions | null;
  };
  /** Those of all repositories in each period, then those of single repositories that change. */
  readonly boards: readonly BoardChange[];
  /** Boards of single repositories on which nobody moves or has another score. */
  readonly unchanged_boards: number;
  /** Ranked accounts that look like programs: a hint, and no change. */
  readonly likely_bots: readonly LikelyBotHint[];
  readonly unknown: readonly Unknown[];
}

/** What a preview cannot know: each is a sentence for people. */
export const UNKNOWN = {
  sample:
    'The published boards are those of the sample: the repositories of the configuration are not looked at',
  added: 'New repositories count once they are read',
  allowed: 'Allowed accounts on no board: what they did is not published',
  unread: 'Not all that these did is published: reviews of their own pull requests may count here',
  PR_MERGED: 'The lines of PR_MERGED are not published: here, those of COMMIT count',
  COMMIT: 'The lines of COMMIT are not published: here, those of PR_MERGED count',
  organisations:
    'Which repositories these organisations have is asked in a run: here, those that are published count',
  unasked:
    'Whether new repositories exist and what reading them takes: there is no token for GitHub, or it ' +
    'does not answer',
  never:
    'Who is a bot, has opted out or is an alias is not published, nor what is in removed ' +
    'repositories: an entry that is taken back shows no effect here',
} as const;

/** Something that a preview cannot know, and of whom or what. */
export interface Unknown {
  readonly what: (typeof UNKNOWN)[keyof typeof UNKNOWN];
  readonly names: readonly string[];
}

/** So many there are, and the first of them. */
export interface Some<T> {
  readonly count: number;
  readonly first: readonly T[];
}

export interface RankAndScore {
  readonly rank: number;
  readonly score: number;
}

/** Null: not on the board. */
export interface Standing {
  readonly login: string;
  readonly before: RankAndScore | null;
  readonly after: RankAndScore | null;
}

/** `own`: by another score; `others`: only because others have one, enter or leave. */
export type Cause = 'own' | 'others';

export interface Mover extends Standing {
  readonly cause: Cause;
}

export interface BoardCounts {
  /** People who have another rank. */
  readonly moved: Readonly<Record<Cause, number>>;
  /** People who have the same rank. */
  readonly kept: number;
  readonly entered: number;
  /** With those who opt out. */
  readonly left: number;
}

export interface KeyEffect {
  readonly key: string;
  readonly before: number | string;
  readonly after: number | string;
  /** With this key changed alone, on the boards of all repositories. */
  readonly alone: readonly (BoardCounts & { readonly period: Period })[];
  /** Of all time, the largest moves of each cause, the largest first. */
  readonly movers: readonly Mover[];
}

export interface PeopleChanges {
  readonly bots: Some<string>;
  readonly no_longer_bots: Some<string>;
  readonly aliases: Some<{ readonly login: string; readonly of: string }>;
  readonly no_longer_aliases: Some<string>;
  /** They are never named. */
  readonly opted_out: number;
  readonly no_longer_opted_out: number;
}

export interface RemovedRepository {
  readonly repository: string;
  /** With points there, of all time. */
  readonly people: number;
  readonly points: number;
  /** Who has most points there. */
  readonly losses: readonly { readonly login: string; readonly points: number }[];
}

export interface NewRepository extends RepositorySize {
  /** As the configuration lists it. */
  readonly repository: string;
  /** Its present name; null: the same. */
  readonly now: string | null;
  readonly is_private: boolean;
  readonly reading: FirstReading;
}

/** What BigQuery would cost for the history of all new repositories. Estimated, at most. */
export interface HistoryPrice {
  readonly days: number;
  readonly bytes: number;
  readonly usd: number;
  readonly left_today_usd: number;
  readonly left_this_month_usd: number;
  /** UTC date; null: the budget never reaches it. */
  readonly complete_on: string | null;
}

export interface Additions {
  readonly repositories: readonly NewRepository[];
  /** GitHub shows them to nobody, or not to this token. */
  readonly not_shown: readonly string[];
  /** New ones that GitHub was not asked about: they are too many. */
  readonly unasked: number;
  /** The first reading of all of them from GitHub; null: GitHub is no source. */
  readonly github:
    | (FirstReading & { readonly nights: number; readonly complete_on: string })
    | null;
  /** Null: BigQuery is no source. */
  readonly bigquery: HistoryPrice | null;
}

export interface Spread {
  /** The part of all points that the first ten have; null: there are none. */
  readonly top_ten_share: number | null;
  /** Half of the people with points have as many or more; null: there is nobody. */
  readonly median: number | null;
}

export interface BeforeAfter<T> {
  readonly before: T;
  readonly after: T;
}

export interface BoardChange extends BoardCounts {
  /** `global` or `owner/name`. */
  readonly scope: string;
  readonly period: Period;
  readonly people: BeforeAfter<number>;
  /** People who have the same rank with another score. */
  readonly rescored: number;
  /** The largest moves of each cause, the largest first. */
  readonly movers: readonly Mover[];
  /** The first ten afterwards. */
  readonly top: readonly Standing[];
  /** The best first. */
  readonly entering: readonly Standing[];
  /** The best first, without those who opt out. */
  readonly leaving: readonly Standing[];
  /** The part of all points that each kind has, and lines. */
  readonly shares: Readonly<Partial<Record<ScorePart, BeforeAfter<number>>>>;
  readonly spread: BeforeAfter<Spread>;
}

export interface LikelyBotHint {
  readonly login: string;
  readonly signs: readonly string[];
}

/** Most people listed of each group. */
export const LISTED = 20;

export const some = <T>(all: readonly T[]): Some<T> => ({
  count: all.length,
  first: all.slice(0, LISTED),
});
