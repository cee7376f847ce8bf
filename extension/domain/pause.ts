const HOUR = 3_600_000;

/** No pause is longer (milliseconds): from midnight until 08:00 of the next day, in the night that has an hour more. */
const LONGEST_PAUSE_MS = 33 * HOUR;

/**
 * Whether toasts are paused at this moment (both epoch milliseconds). An end that lies further away than any pause
 * lasts was not chosen: the clock was set back, and what was meant to be quiet for an hour would be so for days.
 */
export const isPaused = (pausedUntil: number | null, now: number): boolean =>
  pausedUntil !== null && pausedUntil > now && pausedUntil - now <= LONGEST_PAUSE_MS;
