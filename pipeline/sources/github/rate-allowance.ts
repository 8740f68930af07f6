import { AllowanceSpentError, type Resource } from './errors.ts';

/**
 * The allowance of calls: a share of what was left of GitHub's hourly allowance when we first looked.
 * GraphQL counts points, REST counts requests; each has its own hour.
 */

/** Time, passed in so that tests own it. */
export interface GithubClock {
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Waits; rejects as soon as the signal is aborted. */
  readonly sleep: (milliseconds: number, signal?: AbortSignal) => Promise<void>;
}

export interface AllowanceSettings {
  /** Part of what is left in the hour that we may use, 0 to 1. */
  readonly allowanceShare: number;
  /** Longest total wait of a run, in ms; beyond it the reading stops, and a later run resumes. */
  readonly maximumWaitMs: number;
}

interface Hour {
  readonly resetAt: number;
  readonly allowance: number;
  spent: number;
  /** What the last call cost: what the next one is taken to cost. */
  lastCost: number;
}

/** Two resets this close together are one hour: GitHub's clocks differ by a little. */
const SAME_RESET_MS = 60_000;
/** GitHub's hour is over a moment later than it says. */
const AFTER_RESET_MS = 1_000;

/** What a client has spent since its start, over every hour and both kinds. */
export interface ClientUsage {
  readonly points: number;
  readonly graphqlRequests: number;
  readonly restRequests: number;
}

export const UNUSED: ClientUsage = { points: 0, graphqlRequests: 0, restRequests: 0 };

export class RateAllowance {
  #waitedMs = 0;
  /** The end of the longest wait. Readers that wait at once wait only once. */
  #waitsUntil = 0;
  readonly #hours = new Map<Resource, Hour>();
  /** Until when GitHub wants no more calls, whatever is left of the hour. */
  readonly #pausedUntil = new Map<Resource, number>();
  readonly #settings: AllowanceSettings;
  readonly #clock: GithubClock;

  constructor(settings: AllowanceSettings, clock: GithubClock) {
    this.#settings = settings;
    this.#clock = clock;
  }

  /**
   * Lets a call through, after waiting for the next hour if need be.
   * @throws AllowanceSpentError if it would have to wait for too long, or does not wait
   */
  async admit(resource: Resource, signal: AbortSignal, waits = true): Promise<void> {
    const pause = (this.#pausedUntil.get(resource) ?? 0) + AFTER_RESET_MS - this.#clock.now();
    if (pause > 0) await this.#wait(resource, pause, signal, waits);
    this.#pausedUntil.delete(resource);
    const hour = this.#hours.get(resource);
    if (!hour) return;
    const left = hour.resetAt + AFTER_RESET_MS - this.#clock.now();
    if (left > 0) {
      if (hour.spent + hour.lastCost <= hour.allowance) return;
      await this.#wait(resource, left, signal, waits);
    }
    // Another reader may have begun the next hour meanwhile.
    if (this.#hours.get(resource) === hour) this.#hours.delete(resource);
  }

  /** Takes note of a call: what it cost, and what GitHub says is left after it. */
  record(resource: Resource, cost: number, left: { remaining: number; resetAt: number } | null) {
    if (!left) return;
    const hour = this.#hours.get(resource);
    if (hour && Math.abs(hour.resetAt - left.resetAt) < SAME_RESET_MS) {
      hour.spent += cost;
      hour.lastCost = cost;
      return;
    }
    const allowance = Math.floor((left.remaining + cost) * this.#settings.allowanceShare);
    this.#hours.set(resource, { resetAt: left.resetAt, allowance, spent: cost, lastCost: cost });
  }

  /** Takes note that GitHub refuses calls until then. What we counted of the hour stays counted. */
  pause(resource: Resource, until: number): void {
    this.#pausedUntil.set(resource, until);
  }

  async #wait(
    resource: Resource,
    milliseconds: number,
    signal: AbortSignal,
    waits: boolean,
  ): Promise<void> {
    const until = this.#clock.now() + milliseconds;
    const more = until - Math.max(this.#clock.now(), this.#waitsUntil);
    if (!waits || (more > 0 && this.#waitedMs + more > this.#settings.maximumWaitMs)) {
      throw new AllowanceSpentError(resource, new Date(until));
    }
    this.#waitedMs += Math.max(more, 0);
    this.#waitsUntil = Math.max(until, this.#waitsUntil);
    await this.#clock.sleep(milliseconds, signal);
  }
}
