import type { Bell } from '../../domain/bell.ts';
import { account, storedBell } from '../../state.ts';
import { bellQueue } from '../bell-queue.ts';
import { showBadge } from '../toolbar/badge.ts';

/** Stores the bell and shows its count. Only from within `bellQueue`. */
export const storeBell = async (changed: Bell): Promise<void> => {
  await storedBell.setValue(changed);
  // The alarm draws the badge again; a toast must not wait for it.
  await showBadge().catch((error) => console.warn('The badge could not be shown:', error));
};

/** Runs a task in `bellQueue`, unless another session or none is signed in by then. */
export const runInSession = (token: string, task: () => Promise<void>): Promise<void> =>
  bellQueue.run(async () => {
    if ((await account.getValue())?.token === token) await task();
  });
