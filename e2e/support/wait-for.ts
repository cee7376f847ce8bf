import { setTimeout as delay } from 'node:timers/promises';

/** How long a journey waits for something that should come at once, in milliseconds, on a busy machine. */
export const PATIENCE_MS = 30_000;
const LOOK_EVERY_MS = 50;

/**
 * Looks until `look` gives something truthy, and gives that.
 * For states that only can be asked for (a browser's tabs, a stored item). Rejects after `timeoutMs`, saying `what`
 * was awaited and what `look` threw last.
 */
export async function waitFor<Value>(
  what: string,
  look: () => Promise<Value> | Value,
  timeoutMs = PATIENCE_MS,
): Promise<NonNullable<Value>> {
  const deadline = Date.now() + timeoutMs;
  let trouble: unknown;
  while (Date.now() < deadline) {
    try {
      const value = await look();
      if (value) return value;
      trouble = undefined;
    } catch (error) {
      trouble = error;
    }
    await delay(LOOK_EVERY_MS);
  }
  throw new Error(`waited ${timeoutMs} ms in vain until ${what}`, { cause: trouble });
}
