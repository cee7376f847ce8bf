import type { Notification } from '@converso/shared';
import { isSoonAfter, lastToastOf, type ToastHistory } from './toast-history.ts';
import { isSticky } from './toast-plan.ts';

/** Without input for this long (seconds) a person counts as away from the device. */
export const AWAY_AFTER_S = 60;

/** What `chrome.idle` says of the device. */
export type Presence = 'active' | 'idle' | 'locked';

/** Since when nobody looked (epoch milliseconds), once the device is found without a person at `now`. */
export const awayFrom = (presence: Exclude<Presence, 'active'>, now: number): number =>
  presence === 'idle' ? now - AWAY_AFTER_S * 1000 : now;

export interface AwayFacts {
  history: ToastHistory;
  /** The toasts on the screen. */
  toastIds: readonly string[];
  summaryToastId: string;
  /** Epoch milliseconds since when the person was away. */
  since: number;
  /** Epoch milliseconds of the return. */
  now: number;
}

/**
 * Which open notifications were shown to nobody: those whose toast was shown while the person was away, except what is
 * still to be seen. Whether a toast has faded only some desktops say, so one that does not stay counts as faded after
 * ten seconds.
 */
export const shownToNobody = (open: Notification[], facts: AwayFacts): Notification[] => {
  const { history, toastIds, summaryToastId, since, now } = facts;
  const whileAway = open.filter((item) => {
    const last = lastToastOf(history, item.conversation.id);
    // A beginning that lies ahead is of a clock that was set back since; then everything may have been missed.
    return last?.notificationId === item.id && last.alertedSeq === item.alertedSeq && last.at >= Math.min(since, now);
  });
  const staysInSummary = open.some(
    (item) => isSticky(item) && lastToastOf(history, item.conversation.id)?.toastId === summaryToastId,
  );
  return whileAway.filter((item) => {
    const last = lastToastOf(history, item.conversation.id);
    if (!last || !toastIds.includes(last.toastId)) return true;
    const stays = last.toastId === summaryToastId ? staysInSummary : isSticky(item);
    return !stays && !isSoonAfter(last.at, now);
  });
};
