/** One of GitHub's hourly allowances: requests of REST, points of GraphQL. */
export class Allowance {
  readonly resource: 'core' | 'graphql';
  readonly limit: number;
  used = 0;
  /** Spent in total, over all hours. */
  total = 0;
  resetAt: number;
  readonly now: () => number;

  constructor(resource: 'core' | 'graphql', limit: number, now: () => number) {
    this.resource = resource;
    this.limit = limit;
    this.now = now;
    this.resetAt = now() + 3_600_000;
  }

  get remaining(): number {
    return Math.max(0, this.limit - this.used);
  }

  /** Takes an amount; false if there is not enough left in this hour. */
  take(amount: number): boolean {
    if (this.now() >= this.resetAt) {
      this.used = 0;
      this.resetAt = this.now() + 3_600_000;
    }
    if (amount > this.remaining) return false;
    this.used += amount;
    this.total += amount;
    return true;
  }

  headers(): Record<string, string> {
    return {
      'x-ratelimit-limit': String(this.limit),
      'x-ratelimit-remaining': String(this.remaining),
      'x-ratelimit-used': String(this.used),
      'x-ratelimit-reset': String(Math.ceil(this.resetAt / 1000)),
      'x-ratelimit-resource': this.resource,
    };
  }

  /** The `rateLimit` field of GraphQL, for a call of this cost. */
  field(cost: number): Record<string, unknown> {
    return {
      cost,
      limit: this.limit,
      remaining: this.remaining,
      used: this.used,
      nodeCount: 0,
      resetAt: new Date(this.resetAt).toISOString(),
    };
  }
}
