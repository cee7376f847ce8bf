export type Pause = 'halfHour' | 'hour' | 'tomorrow';

const MINUTE = 60_000;

/** When a pause begun now ends (both epoch milliseconds); "tomorrow" is the next day at 08:00 by this computer's clock. */
export function pauseUntil(pause: Pause, now: number): number {
  if (pause === 'halfHour') return now + 30 * MINUTE;
  if (pause === 'hour') return now + 60 * MINUTE;
  const morning = new Date(now);
  // By the calendar, not by adding hours: on two nights of the year they differ.
  morning.setDate(morning.getDate() + 1);
  morning.setHours(8, 0, 0, 0);
  return morning.getTime();
}
