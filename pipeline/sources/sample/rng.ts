/** A small seeded random number generator; each call draws a number in [0, 1). */
export type Rng = () => number;

/** Spreads a 32-bit number over all its bits (the finaliser of MurmurHash3). */
function mix(value: number): number {
  let hash = value | 0;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}

/**
 * A generator (sfc32) that depends on its keys alone (integers), so that any part of the sample
 * can be made without the parts before it. Equal keys give equal numbers on every machine.
 */
export function createRng(...keys: readonly number[]): Rng {
  const hash = keys.reduce((sum, key) => mix(Math.imul(sum, 31) + key), 0x2545f491);
  let [a, b, c] = [mix(hash + 1), mix(hash + 2), mix(hash + 3)];
  let counter = 1;
  return () => {
    const sum = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + sum) | 0;
    return (sum >>> 0) / 2 ** 32;
  };
}

/**
 * One item of a list. With a bias above 1 the first items are picked most often: the heavy tail
 * of a community.
 * @throws RangeError if the list is empty
 */
export function pick<T>(rng: Rng, list: readonly T[], bias = 1): T {
  const item = list[Math.floor(list.length * rng() ** bias)];
  if (item === undefined) throw new RangeError('cannot pick from an empty list');
  return item;
}

/** A count of independent things with this mean (Poisson, by inversion). */
export function pickCount(rng: Rng, mean: number): number {
  const floor = Math.exp(-mean);
  let count = 0;
  for (let product = rng(); product > floor; product *= rng()) count += 1;
  return count;
}

/** A positive size with a long tail (log-normal): half are below the median, few far above it. */
export function pickSize(rng: Rng, median: number, spread: number): number {
  const normal = Math.sqrt(-2 * Math.log(1 - rng())) * Math.cos(2 * Math.PI * rng());
  return median * Math.exp(spread * normal);
}

/** A name of a git object: 40 hexadecimal digits. */
export function pickSha(rng: Rng): string {
  const word = () => Math.floor(rng() * 2 ** 32).toString(16);
  return Array.from({ length: 5 }, () => word().padStart(8, '0')).join('');
}

/** The list in another order (Fisher and Yates). */
export function shuffle<T>(rng: Rng, list: readonly T[]): T[] {
  const rest = [...list];
  return list.map(() => rest.splice(Math.floor(rng() * rest.length), 1)[0] as T);
}
