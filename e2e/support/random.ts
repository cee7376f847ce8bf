import { randomInt } from 'node:crypto';

/**
 * The seed of this run: SEED of the environment, else a new one. vitest.config.ts sets it for all test files, and every
 * failure names it.
 */
export const SEED: number = Number(process.env.SEED ?? randomInt(2 ** 31));

/** Random choices that one seed makes again in the same order. */
export interface Random {
  /** From 0 up to, but without, 1. */
  next(): number;
  /** A whole number from 0 up to, but without, `limit`. */
  below(limit: number): number;
  /** True in that share (0 to 1) of all calls. */
  chance(share: number): boolean;
  pick<Item>(items: readonly Item[]): Item;
}

/** The generator "mulberry32" (public domain, Tommy Ettinger). */
export function createRandom(seed: number = SEED): Random {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (limit: number): number => Math.floor(next() * limit);
  return { next, below, chance: (share) => next() < share, pick: (items) => items[below(items.length)]! };
}
