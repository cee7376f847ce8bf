import type { Notification } from '@converso/shared';
import { TRIES } from './begun.ts';
import { isSoonAfter, type ShownToast, showsNews } from './toast-history.ts';

export interface ToastFacts {
  notification: Pick<Notification, 'id' | 'reason' | 'state' | 'alert' | 'alertedSeq'>;
  /** The highest `alertedSeq` of this conversation that is acknowledged. */
  acknowledgedSeq: number;
  /** "Enable message notifications". */
  switchedOn: boolean;
  paused: boolean;
  /** "Let handovers and my chats through": the agent lets these through a pause. */
  breakThrough: boolean;
  /** The agent is looking at the inbox at this moment. */
  inboxFocused: boolean;
  /** What was last shown about this conversation, if anything was. */
  lastToast?: ShownToast | undefined;
  /** The toast that showed it is still on the screen. */
  onScreen: boolean;
  /** How often the toast of this news was begun and not finished. */
  timesBegun: number;
  /** Epoch milliseconds. */
  now: number;
}

export type WhyNoToast =
  | 'not_open'
  | 'silent'
  | 'already_handled'
  | 'switched_off'
  | 'paused'
  | 'inbox_focused'
  | 'set_aside';

export type ToastDecision =
  | { toast: true; how: 'show' | 'update_silently' }
  /** `pending`: the news is held back and is shown later if it is still open then. */
  | { toast: false; because: WhyNoToast; pending: boolean };

/** A stronger reason is no repetition of a weaker one. */
const STRENGTH: Record<Notification['reason'], number> = { inbound: 0, assigned: 1, handover: 2 };

const no = (because: WhyNoToast, pending = false): ToastDecision => ({ toast: false, because, pending });

/** A toast, or the reason why not. What was settled decides before what was switched off, and that before what was paused. */
export const decideToast = (facts: ToastFacts): ToastDecision => {
  const { notification, lastToast } = facts;
  if (notification.state !== 'open') return no('not_open');
  if (notification.alertedSeq <= facts.acknowledgedSeq) return no(notification.alert ? 'already_handled' : 'silent');
  // A worker that was stopped, or a step that failed, between making a toast and acknowledging it: the agent has seen it.
  if (showsNews(lastToast, notification) && (facts.onScreen || lastToast?.made)) return no('already_handled');
  if (!facts.switchedOn) return no('switched_off');
  // An agent who looks at the inbox sees the news there, even in a pause.
  if (facts.inboxFocused) return no('inbox_focused');
  const isUrgent = notification.reason !== 'inbound';
  if (facts.paused && !(facts.breakThrough && isUrgent)) return no('paused', true);
  // The browser may have died over it, and would do so again.
  if (facts.timesBegun >= TRIES) return no('set_aside');
  // A repetition is the chat's, not the notification's: the assistant may have answered in between.
  const repeats = lastToast !== undefined && STRENGTH[notification.reason] <= STRENGTH[lastToast.reason];
  const soon = repeats && isSoonAfter(lastToast.at, facts.now);
  return { toast: true, how: soon ? 'update_silently' : 'show' };
};
