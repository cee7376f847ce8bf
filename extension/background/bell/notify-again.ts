/** What makes notifications pending again, or shows what waited: a lost toast, the end of a pause, a person who is back. */
import { shownToNobody } from '../../domain/away.ts';
import { openItems, withoutAcknowledged } from '../../domain/bell.ts';
import { withoutToasts } from '../../domain/toast-history.ts';
import { isSticky } from '../../domain/toast-plan.ts';
import { awaySince, hasLived, storedBell, toastHistory } from '../../state.ts';
import { bellQueue } from '../bell-queue.ts';
import type { StreamStatus } from '../stream-status.ts';
import { readToastsOnScreen } from '../toasts/reconcile.ts';
import { SUMMARY_TOAST } from '../toasts/toast.ts';
import { storeBell } from './bell.ts';
import { notifyPending } from './notify.ts';

/**
 * Makes the sticky toasts that were lost pending again. A browser that ends takes its toasts with it, and so does an
 * extension that is reloaded. Those that should have stayed come back when the stream has caught up. Session storage
 * says that a browser session is new. `onStartup` would not do: it may come after the stream has caught up, or never.
 * Called before each attempt to connect; all calls but the first of a browser session do nothing.
 */
export const forgetLostToasts = (): Promise<void> =>
  bellQueue.run(async () => {
    if (await hasLived.getValue()) return;
    const bell = await storedBell.getValue();
    const sticky = openItems(bell).filter(isSticky);
    if (sticky.length > 0) await storedBell.setValue(withoutAcknowledged(bell, sticky));
    // Last, so that the next worker does it again if this one is stopped before.
    await hasLived.setValue(true);
  });

/** Shows what is open and pending at the end of a pause, by one toast. */
export const notifyAfterPause = (): Promise<void> =>
  bellQueue.run(async () => {
    const bell = await storedBell.getValue();
    const notified = await notifyPending(bell, 1);
    if (notified !== bell) await storeBell(notified);
  });

/**
 * Shows once more what was shown while the person was away and is still open: now if the stream is live, otherwise when
 * it has caught up. The order serves a worker that is stopped in between: each step can be done again, and nothing is
 * forgotten before the step that replaces it.
 */
export const notifyMissed = (stream: Pick<StreamStatus, 'isLive'>): Promise<void> =>
  bellQueue.run(async () => {
    const since = await awaySince.getValue();
    if (since === null) return;
    const [bell, screen] = await Promise.all([storedBell.getValue(), readToastsOnScreen()]);
    const facts = { ...screen, summaryToastId: SUMMARY_TOAST, since, now: Date.now() };
    const missed = shownToNobody(openItems(bell), facts);
    const reopened = withoutAcknowledged(bell, missed);
    if (missed.length > 0) {
      await storedBell.setValue(reopened);
      await toastHistory.setValue(withoutToasts(screen.history, missed));
    }
    await awaySince.setValue(null);
    if (missed.length > 0 && stream.isLive()) await storeBell(await notifyPending(reopened));
  });
