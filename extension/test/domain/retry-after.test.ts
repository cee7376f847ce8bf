// @vitest-environment node
import { expect, test } from 'vitest';
import { RETRY_AFTER_MAX_MS, retryAfterMs } from '../../domain/retry-after.ts';

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
