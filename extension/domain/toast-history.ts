import type { Notification } from '@converso/shared';
import { KEPT_IN_ALL } from './bell.ts';
import { conversationIdsOf, filterKeys, ownValue } from './by-conversation.ts';

/** A toast that repeats itself within this time (milliseconds) is changed without showing again. */
export const REPEAT_MS = 10_000;

/** What a person was last shown about a conversation. */
export interface ShownToast {
  /** The toast that showed it: the conversation's own, or the one that stands for several. */
  toastId: string;
  notificationId: string;
  reason: Notification['reason'];
  /** The news that it showed. */
  alertedSeq: number;
  /** Epoch milliseconds when it was last shown. */
  at: number;
  /** The browser took it. Absent while it is being made: a worker that was stopped in between makes it again. */
  made?: true;
}

/** By conversation, latest last. */
export type ToastHistory = Record<string, ShownToast>;

type Notified = Pick<Notification, 'id' | 'reason' | 'alertedSeq' | 'conversation'>;

/** Notes what a toast shows; the eldest are forgotten. */
export const withToast = (all: ToastHistory, toastId: string, notifications: Notified[], at: number): ToastHistory => {
  const noted = new Map(Object.entries(all));
  for (const { id, reason, alertedSeq, conversation } of notifications) {
    noted.delete(conversation.id);
    noted.set(conversation.id, { toastId, notificationId: id, reason, alertedSeq, at });
  }
  return Object.fromEntries([...noted].slice(-KEPT_IN_ALL));
};

/** Notes that the browser took the toast that shows these. */
export const withMade = (all: ToastHistory, toastId: string, notifications: Notified[]): ToastHistory => {
  const made = conversationIdsOf(notifications);
  return Object.fromEntries(
    Object.entries(all).map(([id, toast]) => [
      id,
      made.has(id) && toast.toastId === toastId ? { ...toast, made: true as const } : toast,
    ]),
  );
};

/** What was last shown about a conversation. */
export const lastToastOf = (all: ToastHistory, conversationId: string): ShownToast | undefined =>
  ownValue(all, conversationId);

/** Forgets what was shown of these. */
export const withoutToasts = (all: ToastHistory, notifications: Notified[]): ToastHistory => {
  const forgotten = conversationIdsOf(notifications);
  return filterKeys(all, (conversationId) => !forgotten.has(conversationId));
};

/** Whether exactly this news was handed to the screen. */
export const showsNews = (
  toast: ShownToast | undefined,
  notification: Pick<Notification, 'id' | 'alertedSeq'>,
): boolean => toast?.notificationId === notification.id && toast.alertedSeq === notification.alertedSeq;

/** When a toast was last shown, in epoch milliseconds; 0 if it never was. */
export const lastShownAt = (all: ToastHistory, toastId: string): number =>
  Math.max(0, ...Object.values(all).flatMap((toast) => (toast.toastId === toastId ? [toast.at] : [])));

/** Whether it was shown so recently that it should not do so again. A time that lies ahead is from before the clock was set back. */
export const isSoonAfter = (at: number, now: number): boolean => now >= at && now - at < REPEAT_MS;
