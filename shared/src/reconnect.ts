/** The waits between two attempts to reach the server, the same for the extension and the inbox page. */

/** For this long (milliseconds) after a connection broke, waits are short: most outages are a restart. */
export const SHORT_WAITS_FOR_MS = 60_000;
/** The bounds of a short wait (milliseconds). The server's `retry:` lies between them, another for each stream. */
export const SHORT_WAIT_MS = { from: 1_000, to: 3_000 } as const;
/** An extension's worker without a connection is stopped after 30 s, and its timers with it, so no wait comes near. */
export const LONGEST_WAIT_MS = 20_000;
/** A server is asked again after this rest (milliseconds), even where its `Retry-After` named a longer one. */
export const LONGEST_REST_MS = 5 * 60_000;

export interface Outage {
  /** Milliseconds since the last good connection broke, or since the first attempt where there was none. */
  downFor: number;
  /** The latest `retry:` of the server (milliseconds); null where it has sent none. */
  retry: number | null;
}

/**
 * How long to wait before the next attempt, in milliseconds. During the first minute the wait is the server's own
 * `retry:`, so that devices are back within 3 s of the server, and still do not all come at once. After it waits grow
 * with the length of the outage, and each is drawn by chance.
 *
 * @param random from 0 to 1
 */
export const reconnectWait = ({ downFor, retry }: Outage, random: number): number => {
  const { from, to } = SHORT_WAIT_MS;
  if (downFor < SHORT_WAITS_FOR_MS) return retry === null ? from + random * (to - from) : clamp(retry, from, to);
  const longest = Math.min(LONGEST_WAIT_MS, (to * downFor) / SHORT_WAITS_FOR_MS);
  return from + random * (longest - from);
};

const clamp = (value: number, from: number, to: number): number => Math.min(to, Math.max(from, value));
