import { describe, expect, test } from 'vitest';
import { LONGEST_WAIT_MS, reconnectWait, SHORT_WAIT_MS, SHORT_WAITS_FOR_MS } from '../src/reconnect.ts';

const DEVICES = 10_000;

/** Numbers from 0 to 1 that are the same in every run (mulberry32). */
const randomOf = (seed: number) => {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
};

/** When a device is back, in milliseconds after the outage began, for an outage of that length. */
const backAfter = (outage: number, seed: number, hasRetry: boolean): number => {
  const random = randomOf(seed);
  const { from, to } = SHORT_WAIT_MS;
  const retry = hasRetry ? from + random() * (to - from) : null;
  let at = 0;
  while (at < outage) at += reconnectWait({ downFor: at, retry }, random());
  return at;
};

const devices = (outage: number, hasRetry = true) =>
  Array.from({ length: DEVICES }, (_, seed) => backAfter(outage, seed, hasRetry) - outage);

describe('after a short outage', () => {
  test.each([4_000, 30_000, 55_000])('of %d ms the devices are back within 5 s of the server', (outage) => {
    for (const hasRetry of [true, false]) {
      const soon = devices(outage, hasRetry).filter((late) => late <= 5_000);
      expect(soon.length / DEVICES).toBeGreaterThanOrEqual(0.95);
    }
  });

  test('the wait is the one that the server names, within 1 to 3 s', () => {
    const wait = (retry: number, downFor = 0) => reconnectWait({ downFor, retry }, 1);
    expect([wait(1_840), wait(1_840, 59_999), wait(100), wait(600_000)]).toEqual([1_840, 1_840, 1_000, 3_000]);
  });

  test('10,000 devices that lose the server together come back spread over two seconds', () => {
    const perBucket = new Map<number, number>();
    for (const late of devices(1)) {
      const bucket = Math.floor(late / 100);
      perBucket.set(bucket, (perBucket.get(bucket) ?? 0) + 1);
    }
    // 500 in each 100 ms if they were spread evenly.
    expect(Math.max(...perBucket.values())).toBeLessThan(650);
    expect(perBucket.size).toBeGreaterThanOrEqual(20);
  });
});

describe('after the first minute', () => {
  const longest = (downFor: number) => reconnectWait({ downFor, retry: 1_000 }, 1);

  test('waits grow with the outage, up to the longest', () => {
    expect([SHORT_WAITS_FOR_MS, 120_000, 240_000, 3_600_000].map(longest)).toEqual([
      3_000,
      6_000,
      12_000,
      LONGEST_WAIT_MS,
    ]);
  });

  test('chance spreads them from a second on', () => {
    expect(reconnectWait({ downFor: 3_600_000, retry: null }, 0)).toBe(1_000);
    expect(reconnectWait({ downFor: 3_600_000, retry: null }, 0.5)).toBe(10_500);
  });
});
