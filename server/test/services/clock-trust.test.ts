import { expect, test } from 'vitest';
import { createSystemClock, SECOND_LOOK_AFTER } from '../../src/services/clock-trust.ts';

const START = Date.UTC(2026, 5, 1);
const QUARTER = 91 * 24 * 60 * 60 * 1000;

function openClock() {
  const time = { wall: START, monotonic: 5 };
  const clock = createSystemClock(
    () => time.wall,
    () => time.monotonic,
  );
  const pass = (ms: number): void => {
    time.wall += ms;
    time.monotonic += ms;
  };
  return { ...clock, believed: clock.believed!, time, pass };
}

test('a jump ahead is the time at once, and believed after it has lasted for an hour', () => {
  const { now, believed, time, pass } = openClock();
  pass(1000);
  expect([now(), believed()]).toEqual([START + 1000, START + 1000]);
  time.wall += QUARTER;
  expect([now(), believed()]).toEqual([START + 1000 + QUARTER, START + 1000]);
  pass(SECOND_LOOK_AFTER - 1);
  expect(believed()).toBe(START + 1000 + SECOND_LOOK_AFTER - 1);
  pass(1);
  expect(believed()).toBe(now());
});

test('a jump ahead that is taken back leaves no trace in what is believed', () => {
  const { now, believed, time, pass } = openClock();
  time.wall += QUARTER;
  expect(believed()).toBe(START);
  pass(60_000);
  time.wall -= QUARTER;
  expect([now(), believed()]).toEqual([START + 60_000, START + 60_000]);
});

test('small steps of NTP and a clock that is set back are believed at once', () => {
  const { now, believed, time } = openClock();
  for (const step of [2000, -QUARTER, 2000]) {
    time.wall += step;
    expect(believed()).toBe(now());
  }
});
