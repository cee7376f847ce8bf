import type { Notification } from '@converso/shared';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** A duration as a person says it: one unit, whole numbers, at least a minute. */
export interface Age {
  unit: 'minutes' | 'hours' | 'days';
  count: number;
}

/** @param ms a duration in milliseconds; one of less than a minute counts as a minute */
export const ageOf = (ms: number): Age => {
  if (ms < HOUR) return { unit: 'minutes', count: Math.max(1, Math.floor(ms / MINUTE)) };
  if (ms < 2 * DAY) return { unit: 'hours', count: Math.floor(ms / HOUR) };
  return { unit: 'days', count: Math.floor(ms / DAY) };
};

/**
 * For how long the longest of these waits, in milliseconds. What was assigned without a customer waiting
 * for an answer counts from its own beginning.
 */
export const longestWait = (notifications: Notification[], now: number): number =>
  Math.max(0, ...notifications.map((item) => now - Date.parse(item.waitingSince ?? item.createdAt)));
