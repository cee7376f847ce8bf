/** Before the first retry (milliseconds), where the server names no other. */
export const BACKOFF_BASE_MS = 1_000;
/** A server cannot ask to be called more often than this (milliseconds). */
export const BACKOFF_MIN_BASE_MS = 100;
/** A worker without a connection is stopped after 30 s, and its timers with it; so no wait comes near that. */
export const BACKOFF_CAP_MS = 20_000;
/** A server that asks for more rest than this (milliseconds) is asked again all the same. */
export const RETRY_AFTER_MAX_MS = 3_600_000;

/**
 * How long to wait before the next try, in milliseconds: exponential with full jitter, so that the devices
 * of a large business do not all come back at the same moment.
 *
 * @param failures how many tries in a row came to nothing
 * @param base what the server named in `retry:`, or BACKOFF_BASE_MS
 * @param random from 0 to 1
 */
export const backoffMs = (failures: number, base: number, random: number): number =>
  random * Math.min(BACKOFF_CAP_MS, base * 2 ** failures);

/**
 * What a `Retry-After` header asks for, in milliseconds: seconds or a date (RFC 9110, 10.2.3).
 * Null where there is none that can be understood.
 */
export const retryAfterMs = (header: string | null, now: number): number | null => {
  if (!header?.trim()) return null;
  const seconds = Number(header);
  const ms = Number.isNaN(seconds) ? Date.parse(header) - now : seconds * 1000;
  return Number.isNaN(ms) ? null : Math.min(RETRY_AFTER_MAX_MS, Math.max(0, ms));
};
