/** How often something is tried again, … */
const TRIES = 10;
/** … and after how long (milliseconds): about a second in all, while the person still waits for the click. */
const EVERY_MS = 100;

/**
 * Tries for about a second. The browser refuses to change tabs and windows now and then ("Tabs cannot be edited right
 * now", while the person drags one), and a tab or window may be gone before it is reached; so `task` looks again each time.
 *
 * @throws what the last try threw
 */
export const persist = async <Value>(task: () => Promise<Value>): Promise<Value> => {
  for (let tries = 1; tries < TRIES; tries++) {
    try {
      return await task();
    } catch {
      await new Promise((resolve) => setTimeout(resolve, EVERY_MS));
    }
  }
  return task();
};
