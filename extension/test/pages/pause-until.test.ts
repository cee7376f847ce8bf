import { expect, test } from 'vitest';
import { pauseUntil } from '../../entrypoints/popup/pause-until.ts';

const at = (text: string) => new Date(text).getTime();

test('half an hour and an hour are counted', () => {
  expect(pauseUntil('halfHour', 0)).toBe(1_800_000);
  expect(pauseUntil('hour', 0)).toBe(3_600_000);
});

test.each([
  ['2025-11-22T17:30:00', '2025-11-23T08:00:00'],
  ['2025-11-22T00:10:00', '2025-11-23T08:00:00'],
  ['2025-12-31T23:59:59', '2026-01-01T08:00:00'],
  // The night in which most of Europe turns the clocks back.
  ['2025-10-25T22:00:00', '2025-10-26T08:00:00'],
])('tomorrow, seen from %s, begins at %s by the clock on the wall', (now, end) => {
  expect(pauseUntil('tomorrow', at(now))).toBe(at(end));
});
