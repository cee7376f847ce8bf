// @vitest-environment node
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { BACKOFF_BASE_MS, BACKOFF_CAP_MS, backoffMs, RETRY_AFTER_MAX_MS, retryAfterMs } from '../../domain/backoff.ts';

test('the wait doubles with each failure, up to the cap', () => {
  const longest = [0, 1, 2, 3, 4, 5, 50].map((failures) => backoffMs(failures, BACKOFF_BASE_MS, 1));
  expect(longest).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, BACKOFF_CAP_MS, BACKOFF_CAP_MS]);
});

test('the wait is anything from nothing to that, whatever the server names as its base', () => {
  fc.assert(
    fc.property(
      fc.nat(10_000),
      fc.integer({ min: 1, max: 10_000_000 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (failures, base, random) => {
        const wait = backoffMs(failures, base, random);
        expect(wait).toBeGreaterThanOrEqual(0);
        expect(wait).toBeLessThanOrEqual(BACKOFF_CAP_MS);
      },
    ),
  );
});

const NOW = Date.parse('2026-11-23T09:00:00Z');
test.each([
  [null, null],
  ['', null],
  ['soon', null],
  ['0', 0],
  ['7', 7_000],
  ['-5', 0],
  ['999999999', RETRY_AFTER_MAX_MS],
  ['Mon, 23 Nov 2026 09:00:30 GMT', 30_000],
  ['Mon, 23 Nov 2026 08:00:00 GMT', 0],
])('Retry-After %j is %j ms', (header, ms) => {
  expect(retryAfterMs(header, NOW)).toBe(ms);
});
