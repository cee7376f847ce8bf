/**
 * Chromium on Linux hands a new toast to the desktop without waiting for the number it gets there. Until that
 * answer is back, withdrawing or replacing the toast goes to number 0: the desktop keeps the old one for ever, or
 * never shows the new one. There is no event for it, so a toast is left alone for a moment after it was made.
 * Kept in memory only: a worker that was stopped and started has waited longer than that.
 */

/** Longer than a busy desktop takes to answer (milliseconds); still well within the second that news may take. */
const DELIVERY_MS = 400;

const createdAt = new Map<string, number>();

/** Notes that a toast was just handed over. */
export const markCreated = (id: string): void => {
  createdAt.set(id, Date.now());
};

/** Resolves when a toast that was handed over just now has arrived on the desktop. */
export const waitForDelivery = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, DELIVERY_MS));

/** Resolves when a toast may be withdrawn, changed or replaced; at once for one that was made long ago. */
export const waitUntilShown = async (id: string): Promise<void> => {
  const since = Date.now() - (createdAt.get(id) ?? Number.NEGATIVE_INFINITY);
  createdAt.delete(id);
  // A clock that was set back must not make it wait for longer.
  if (since >= 0 && since < DELIVERY_MS) await new Promise((resolve) => setTimeout(resolve, DELIVERY_MS - since));
};
