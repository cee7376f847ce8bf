import type { Notification } from '@converso/shared';
import { timesBegun } from '../../domain/begun.ts';
import { acknowledgedSeqOf, type Bell, isPending, openItems, withAcknowledged } from '../../domain/bell.ts';
import type { Outcome } from '../../domain/decision.ts';
import { decideToast, type ToastDecision } from '../../domain/toast-decision.ts';
import { lastToastOf } from '../../domain/toast-history.ts';
import { readToastsOnScreen, reconcile, type ToastsOnScreen } from '../toasts/reconcile.ts';
import { show } from '../toasts/show.ts';
import { ToastRefused } from '../toasts/toast.ts';
import { checkPermission } from '../toasts/toast-health.ts';
import { recordDecisions } from './decision-log.ts';
import { type NotifyContext, notifyContext } from './notify-context.ts';

const decide = (
  bell: Bell,
  notification: Notification,
  context: NotifyContext,
  screen: ToastsOnScreen,
): ToastDecision => {
  const { id } = notification.conversation;
  const lastToast = lastToastOf(screen.history, id);
  return decideToast({
    ...context,
    notification,
    acknowledgedSeq: acknowledgedSeqOf(bell, id),
    inboxFocused: context.view.inboxFocused,
    lastToast,
    onScreen: lastToast !== undefined && screen.toastIds.includes(lastToast.toastId),
    timesBegun: timesBegun(screen.begun, notification),
    now: Date.now(),
  });
};

const outcomeOf = (decision: ToastDecision): Outcome => {
  if (!decision.toast) return decision.because;
  return decision.how === 'show' ? 'toast' : 'updated';
};

/**
 * Shows these notifications or decides why not, and returns the bell that remembers it. A toast that the system refuses
 * is logged and counts as shown, for another try would not help. Rejects when any other step fails.
 */
export const notify = async (
  bell: Bell,
  notifications: Notification[],
  context: NotifyContext,
  atOnce?: number,
): Promise<Bell> => {
  const screen = await readToastsOnScreen();
  const incoming: Notification[] = [];
  const silently = new Set<Notification>();
  const acknowledged: Notification[] = [];
  const outcomes = new Map<Notification, Outcome>();
  const setOutcome = (items: Notification[], outcome: Outcome) => {
    for (const item of items) outcomes.set(item, outcome);
  };
  for (const notification of notifications) {
    const decision = decide(bell, notification, context, screen);
    outcomes.set(notification, outcomeOf(decision));
    if (decision.toast) incoming.push(notification);
    if (decision.toast && decision.how === 'update_silently') silently.add(notification);
    if (decision.toast || !decision.pending) acknowledged.push(notification);
  }
  if (incoming.length > 0) {
    try {
      const { summary, quiet } = await show(bell, incoming, silently, atOnce);
      setOutcome(quiet, 'quiet');
      setOutcome(
        incoming.filter((item) => summary.includes(item)),
        'summary',
      );
      if ((await checkPermission()) === 'denied') setOutcome(incoming, 'no_permission');
    } catch (error) {
      if (!(error instanceof ToastRefused)) throw error;
      console.error('A toast could not be shown:', error);
      setOutcome(incoming, 'refused');
    }
  }
  await recordDecisions(outcomes);
  return withAcknowledged(bell, acknowledged);
};

/**
 * Shows what is open and pending, after a gap in the connection or at the end of a pause. The news are not replayed:
 * they become at most `atOnce` toasts, or one summary.
 */
export const notifyPending = async (bell: Bell, atOnce?: number): Promise<Bell> => {
  await reconcile(bell);
  const pending = openItems(bell).filter((item) => isPending(bell, item));
  return pending.length === 0 ? bell : notify(bell, pending, await notifyContext(bell), atOnce);
};
