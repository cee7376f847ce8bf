import type { Notification } from '@converso/shared';

/** A toast that repeats itself within this time (milliseconds) is changed without showing again. */
export const REPEAT_MS = 10_000;

/** A toast this device showed for a conversation. */
export interface Shown {
  notificationId: string;
  reason: Notification['reason'];
  /** Epoch milliseconds when it last popped up. */
  at: number;
}

export interface ToastFacts {
  notification: Pick<Notification, 'id' | 'reason' | 'state' | 'alert' | 'alertedSeq'>;
  /** The highest `alertedSeq` already told in this conversation, or decided not to be. */
  handledSeq: number;
  /** "Enable message notifications". */
  switchedOn: boolean;
  paused: boolean;
  /** "Let handovers and my chats through": the agent lets these through a pause. */
  breakThrough: boolean;
  /** The agent is looking at the inbox at this moment. */
  inboxFocused: boolean;
  /** The last toast of this conversation, if one was shown. */
  shown?: Shown | undefined;
  /** Epoch milliseconds. */
  now: number;
}

export type WhyNoToast = 'not_open' | 'silent' | 'already_handled' | 'switched_off' | 'paused' | 'inbox_focused';

export type ToastDecision =
  | { toast: true; how: 'show' | 'update_silently' }
  /** `untold`: the news was held back, not dealt with, and is told later if it is still open then. */
  | { toast: false; because: WhyNoToast; untold: boolean };

const no = (because: WhyNoToast, untold = false): ToastDecision => ({ toast: false, because, untold });

/** A toast, or the reason why not. What was settled decides before what was switched off, and that before what was paused. */
export const decideToast = (facts: ToastFacts): ToastDecision => {
  const { notification, shown } = facts;
  if (notification.state !== 'open') return no('not_open');
  if (notification.alertedSeq <= facts.handledSeq) return no(notification.alert ? 'already_handled' : 'silent');
  if (!facts.switchedOn) return no('switched_off');
  // Looking at the inbox is being told, even in a pause.
  if (facts.inboxFocused) return no('inbox_focused');
  const isUrgent = notification.reason !== 'inbound';
  if (facts.paused && !(facts.breakThrough && isUrgent)) return no('paused', true);
  // A stronger reason, or a notification that began anew, is not a repetition.
  const repeats = shown?.notificationId === notification.id && shown.reason === notification.reason;
  const soon = repeats && facts.now - shown.at < REPEAT_MS;
  return { toast: true, how: soon ? 'update_silently' : 'show' };
};
