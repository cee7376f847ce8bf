/**
 * Whether the wall clock may be believed where that cannot be undone: what is forgotten because a clock showed next
 * spring is gone for good. It is compared with the monotonic clock, which nobody sets.
 */
import type { Clock, Millis } from '../ports/types.ts';

/** How far (milliseconds) the wall clock may run ahead between two looks: NTP slews clocks and steps them a little. */
const SLACK: Millis = 10_000;
/** After this (milliseconds) a time that was not believed is, if the clock has kept to it. */
export const SECOND_LOOK_AFTER: Millis = 60 * 60 * 1000;

export interface ClockTrust {
  /**
   * The time, or null while it is not believed: in the first hour after a start, when there is nothing to compare it
   * with, and after the wall clock has outrun the monotonic one, for an hour or until it is set back. A machine that
   * slept is such a case too. Every look is compared with the one before it.
   */
  now(): Millis | null;
}

/**
 * @param monotonic milliseconds of a clock that is never set, of any epoch
 * @param trusted wall clock minus monotonic clock, as last believed; without it nothing is for an hour
 */
export function createClockTrust(
  clock: Pick<Clock, 'now'>,
  monotonic: () => Millis,
  trusted = Number.NEGATIVE_INFINITY,
): ClockTrust {
  /** The same as it would be, and since when the clock has kept to it. */
  let suspected: { ahead: Millis; since: Millis } | null = null;

  return {
    now() {
      const at = monotonic();
      const now = clock.now();
      const ahead = now - at;
      if (ahead - trusted > SLACK) {
        if (suspected === null || Math.abs(ahead - suspected.ahead) > SLACK) suspected = { ahead, since: at };
        if (at - suspected.since < SECOND_LOOK_AFTER) return null;
      }
      // A clock that was set back only makes things look younger, which removes nothing.
      trusted = ahead;
      suspected = null;
      return now;
    },
  };
}

/** The machine's clock, which is believed as it is at the start; see `Clock`. */
export function createSystemClock(
  wall: () => Millis = Date.now,
  monotonic: () => Millis = () => performance.now(),
): Clock {
  let trusted = wall() - monotonic();
  const trust = createClockTrust({ now: wall }, monotonic, trusted);
  return {
    now: wall,
    believed() {
      const now = trust.now();
      if (now === null) return trusted + monotonic();
      trusted = now - monotonic();
      return now;
    },
  };
}
