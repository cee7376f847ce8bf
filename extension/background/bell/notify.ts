import type { Notification } from '@converso/shared';
import { shownToNobody } from '../../domain/away.ts';
import { type Begun, timesBegun } from '../../domain/begun.ts';
import {
  acknowledgedSeqOf,
  type Bell,
  isPending,
  openAt,
  openItems,
  withAcknowledged,
  withoutAcknowledged,
} from '../../domain/bell.ts';
import type { Outcome } from '../../domain/decision.ts';
import { isPaused } from '../../domain/pause.ts';
import { decideToast, type ToastDecision } from '../../domain/toast-decision.ts';
import { lastToastOf, type ToastHistory, withoutToasts } from '../../domain/toast-history.ts';
import { isSticky, planToasts, type ToastPlan } from '../../domain/toast-plan.ts';
import { awaySince, begun, device, hasLived, storedBell, summaryConversationIds, toastHistory } from '../../state.ts';
import type { Connection } from '../connection/server-connection.ts';
import type { ActiveView } from '../inbox/inbox-tabs.ts';
import { activeView } from '../inbox/inbox-tabs.ts';
import { reconcileSummary, setSummary, stillOpen } from '../toasts/summary.ts';
import {
  clearToast,
  conversationOf,
  repeatToast,
  SUMMARY_TOAST,
  showToast,
  ToastRefused,
  toastOf,
  toastsOnScreen,
} from '../toasts/toast.ts';
import { checkPermission } from '../toasts/toast-health.ts';
import { bellQueue, storeBell } from './bell.ts';
import { recordDecisions } from './decision-log.ts';

/** What is on the screen, and what was noted of it. */
interface ToastsOnScreen {
  toastIds: string[];
  history: ToastHistory;
  /** Whose toast was begun and not finished. */
  begun: Begun[];
}

const readToastsOnScreen = async (): Promise<ToastsOnScreen> => {
  const [toastIds, all, unfinished] = await Promise.all([toastsOnScreen(), toastHistory.getValue(), begun.getValue()]);
  return { toastIds, history: all, begun: unfinished };
};

/**
 * Withdraws what is on the screen though its cause is gone or the summary stands for it, and brings the summary up to
 * date.
 */
export const reconcile = async (bell: Bell): Promise<void> => {
  const { toastIds, history: last } = await readToastsOnScreen();
  for (const toastId of toastIds) {
    const conversationId = conversationOf(toastId);
    if (conversationId === null || toastId !== toastOf(conversationId)) continue;
    const isSummed = toastIds.includes(SUMMARY_TOAST) && lastToastOf(last, conversationId)?.toastId === SUMMARY_TOAST;
    if (isSummed || !openAt(bell, conversationId)) await clearToast(toastId);
  }
  await reconcileSummary(bell);
};

/** Shows what a person is to be told, as toasts of their own or as one summary; `quiet` had no toast left to change. */
const show = async (
  bell: Bell,
  incoming: Notification[],
  silently: Set<Notification>,
  atOnce?: number,
): Promise<ToastPlan & { quiet: Notification[] }> => {
  const onScreen = new Set(await toastsOnScreen());
  const active = openItems(bell).filter((item) => isSticky(item) && onScreen.has(toastOf(item.conversation.id)));
  const before = await summaryConversationIds.getValue();
  const plan = planToasts(incoming, active, stillOpen(bell, before), atOnce);
  const { preview } = await device.getValue();
  const setting = { me: bell.me, preview };
  const quiet: Notification[] = [];
  for (const item of plan.own) {
    if (!silently.has(item)) await showToast(item, setting);
    else if (!(await repeatToast(item, setting))) quiet.push(item);
  }
  if (plan.summaryIsNews || plan.summary.length !== before.length) await setSummary(plan.summary, plan.summaryIsNews);
  // Only when the summary is there: a handover must not be without a toast if the worker is stopped here.
  for (const item of plan.summary) await clearToast(toastOf(item.conversation.id));
  return { ...plan, quiet };
};

/** What this device must know to decide, at this moment. */
export interface NotifyContext {
  view: ActiveView;
  switchedOn: boolean;
  paused: boolean;
  breakThrough: boolean;
}

export const notifyContext = async (bell: Bell): Promise<NotifyContext> => {
  const [view, { pausedUntil, breakThrough }] = await Promise.all([activeView(bell), device.getValue()]);
  return {
    view,
    switchedOn: bell.me?.preferences.messageNotifications ?? true,
    paused: isPaused(pausedUntil, Date.now()),
    breakThrough: breakThrough ?? false,
  };
};

const decide = (
  bell: Bell,
  notification: Notification,
  context: NotifyContext,
  screen: ToastsOnScreen,
): ToastDecision => {
  const last = lastToastOf(screen.history, notification.conversation.id);
  return decideToast({
    notification,
    acknowledgedSeq: acknowledgedSeqOf(bell, notification.conversation.id),
    switchedOn: context.switchedOn,
    paused: context.paused,
    breakThrough: context.breakThrough,
    inboxFocused: context.view.inboxFocused,
    lastToast: last,
    onScreen: last !== undefined && screen.toastIds.includes(last.toastId),
    timesBegun: timesBegun(screen.begun, notification),
    now: Date.now(),
  });
};

const outcomeOf = (decision: ToastDecision): Outcome => {
  if (!decision.toast) return decision.because;
  return decision.how === 'show' ? 'toast' : 'updated';
};

/**
 * Tells a person of these notifications, or decides why not, and returns the bell that remembers it.
 * A toast that the system refuses is logged and counts as told: trying it again would not help. Rejects when any
 * other step fails.
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
      for (const item of quiet) outcomes.set(item, 'quiet');
      for (const item of incoming) if (summary.includes(item)) outcomes.set(item, 'summary');
      if ((await checkPermission()) === 'denied') for (const item of incoming) outcomes.set(item, 'no_permission');
    } catch (error) {
      if (!(error instanceof ToastRefused)) throw error;
      console.error('A toast could not be shown:', error);
      for (const item of incoming) outcomes.set(item, 'refused');
    }
  }
  await recordDecisions(outcomes);
  return withAcknowledged(bell, acknowledged);
};

/**
 * Tells what is open and was not told yet: after a gap in the connection, or at the end of a pause. It is
 * not replayed but becomes at most so many toasts, or one summary.
 */
export const notifyPending = async (bell: Bell, atOnce?: number): Promise<Bell> => {
  await reconcile(bell);
  const pending = openItems(bell).filter((item) => isPending(bell, item));
  return pending.length === 0 ? bell : notify(bell, pending, await notifyContext(bell), atOnce);
};

/**
 * A browser that ends takes its toasts with it, and so does an extension that is loaded anew. Those that should have
 * stayed until they are dealt with count as untold again, so that they come back when the connection has caught up. Storage
 * that ends with the session tells of it, and not `onStartup`, which may come when the connection has caught up already, or
 * not at all. To be called before each attempt to connect; all but the first of a browser session do nothing.
 */
export const forgetLostToasts = (): Promise<void> =>
  bellQueue.run(async () => {
    if (await hasLived.getValue()) return;
    const bell = await storedBell.getValue();
    const sticky = openItems(bell).filter(isSticky);
    if (sticky.length > 0) await storedBell.setValue(withoutAcknowledged(bell, sticky));
    // Last, so that a worker that is stopped before does it again.
    await hasLived.setValue(true);
  });

/** At the end of a pause: tells what is stored, open and untold, with one toast for all of it. */
export const catchUp = (): Promise<void> =>
  bellQueue.run(async () => {
    const bell = await storedBell.getValue();
    const notified = await notifyPending(bell, 1);
    if (notified !== bell) await storeBell(notified);
  });

/**
 * The person is back: what popped up while nobody looked and is still open counts as untold, and is told once, now if the
 * connection is live, otherwise when it has caught up. The order is for a worker that is stopped in between: each step can be
 * done again, and nothing is forgotten before the step that replaces it.
 */
export const notifyMissed = (connection: Pick<Connection, 'isLive'>): Promise<void> =>
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
    if (missed.length > 0 && connection.isLive()) await storeBell(await notifyPending(reopened));
  });
