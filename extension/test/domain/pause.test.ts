// @vitest-environment node
import { expect, test } from 'vitest';
import { isPaused } from '../../domain/pause.ts';
import { pauseUntil } from '../../entrypoints/popup/pause-until.ts';

const NOW = Date.parse('2026-11-23T09:00:00Z');
const HOUR = 3_600_000;

test.each<[string, number | null, boolean]>([
  ['without an end there is no pause', null, false],
  ['before its end', NOW + 1, true],
  ['at its end it is over', NOW, false],
  ['an end that no pause can have is from before the clock was set back', NOW + 34 * HOUR, false],
])('%s', (_name, pausedUntil, expected) => {
  expect(isPaused(pausedUntil, NOW)).toBe(expected);
});

test('every pause that can be chosen counts as one from its beginning, whenever it begins', () => {
  for (let hour = 0; hour < 24; hour++) {
    const begun = new Date(2026, 10, 23, hour, 0, 0, 1).getTime();
    for (const pause of ['halfHour', 'hour', 'tomorrow'] as const) {
      expect(isPaused(pauseUntil(pause, begun), begun)).toBe(true);
    }
  }
});
