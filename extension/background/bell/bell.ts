/**
 * The one writer of the stored bell. Everything that reads it in order to change it goes through one queue,
 * together with the toasts that follow from it: so list, cursor and screen cannot disagree.
 */
import type { Bell } from '../../domain/bell.ts';
import { storedBell } from '../../state.ts';
import { createQueue } from '../queue.ts';
import { showBadge } from '../toolbar/badge.ts';

/** Runs a task when no other one is at work on the bell. Never call it from within such a task: it would wait for itself. */
export const bellQueue = createQueue();

/** Stores the bell and shows its count. Only from within `bellQueue`. */
export const storeBell = async (changed: Bell): Promise<void> => {
  await storedBell.setValue(changed);
  // The alarm draws it again; a toast must not wait for that.
  await showBadge().catch((error) => console.warn('The badge could not be drawn:', error));
};
