/** A longer `Retry-After` (milliseconds) is read as this. */
export const RETRY_AFTER_MAX_MS = 3_600_000;

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
