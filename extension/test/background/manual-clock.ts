import type { Clock } from '../../background/clock.ts';

/** A clock that only moves when told to. Chance is always at its worst: the longest wait. */
export const manualClock = () => {
  let now = 1_000_000;
  let timers: { at: number; callback: () => void }[] = [];
  const clock: Clock = {
    now: () => now,
    random: () => 1,
    after: (ms, callback) => {
      const timer = { at: now + ms, callback };
      timers.push(timer);
      return () => {
        timers = timers.filter((other) => other !== timer);
      };
    },
  };
  return {
    ...clock,
    /** Moves on, calling back whoever is due, in the order of their times. */
    advance: (ms: number) => {
      const end = now + ms;
      for (;;) {
        const next = timers.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0];
        if (!next) break;
        timers = timers.filter((other) => other !== next);
        now = Math.max(now, next.at);
        next.callback();
      }
      now = end;
    },
    /** Moves on as a sleeping laptop does: time passes, and no timer fires. */
    sleep: (ms: number) => {
      now += ms;
    },
    /** What a person or a time server does to a clock that was fast. Timers go by no clock, and come as before. */
    setBack: (ms: number) => {
      now -= ms;
      timers = timers.map((timer) => ({ ...timer, at: timer.at - ms }));
    },
    /** Milliseconds until each callback that is waited for. */
    waits: () => timers.map(({ at }) => at - now),
  };
};
