import type { Notification } from '@converso/shared';
import { shownToNobody } from '../../domain/away.ts';
import { type Begun, timesBegun } from '../../domain/begun.ts';
import {
  type Bell,
  handledSeqOf,
  isUntold,
  openAt,
  openItems,
  withHandled,
  withoutHandled,
} from '../../domain/bell.ts';
import type { Outcome } from '../../domain/decision.ts';
import { isPaused } from '../../domain/pause.ts';
import { type AllShown, shownOf, withoutShown } from '../../domain/shown.ts';
import { decideToast, type ToastDecision } from '../../domain/toast-decision.ts';
import { isSticky, planToasts, type ToastPlan } from '../../domain/toast-plan.ts';
import { awaySince, begun, bell, device, hasLived, shown, summarised } from '../../state.ts';
import type { Connection } from '../connection/server-connection.ts';
import type { View } from '../inbox/inbox-tabs.ts';
import { viewOf } from '../inbox/inbox-tabs.ts';
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
import { inTurn, storeBell } from './bell.ts';
import { remember } from './decision-log.ts';

/** What is on the screen, and what was noted of it. */
interface Screen {
  toastIds: string[];
  shown: AllShown;
  /** Whose toast was begun and not finished. */
  begun: Begun[];
}

const thisScreen = async (): Promise<Screen> => {
  const [toastIds, all, unfinished] = await Promise.all([toastsOnScreen(), shown.getValue(), begun.getValue()]);
  return { toastIds, shown: all, begun: unfinished };
};

/**
 * Withdraws what is on the screen though its cause is gone or the summary stands for it, and brings the summary up to
 * date.
 */
export const reconcile = async (now: Bell): Promise<void> => {
  const { toastIds, shown: last } = await thisScreen();
  for (const toastId of toastIds) {
    const conversationId = conversationOf(toastId);
    if (conversationId === null || toastId !== toastOf(conversationId)) continue;
    const isSummed = toastIds.includes(SUMMARY_TOAST) && shownOf(last, conversationId)?.toastId === SUMMARY_TOAST;
    if (isSummed || !openAt(now, conversationId)) await clearToast(toastId);
  }
  await reconcileSummary(now);
};

/** Shows what a person is to be told, as toasts of their own or as one summary; `quiet` had no toast left to change. */
const show = async (
  now: Bell,
  fresh: Notification[],
  silently: Set<Notification>,
  atOnce?: number,
): Promise<ToastPlan & { quiet: Notification[] }> => {
  const onScreen = new Set(await toastsOnScreen());
  const standing = openItems(now).filter((item) => isSticky(item) && onScreen.has(toastOf(item.conversation.id)));
  const before = await summarised.getValue();
  const plan = planToasts(fresh, standing, stillOpen(now, before), atOnce);
  const { preview } = await device.getValue();
  const setting = { me: now.me, preview };
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
export interface Moment {
  view: View;
  switchedOn: boolean;
  paused: boolean;
  breakThrough: boolean;
}

export const thisMoment = async (now: Bell): Promise<Moment> => {
  const [view, { pausedUntil, breakThrough }] = await Promise.all([viewOf(now), device.getValue()]);
  return {
    view,
    switchedOn: now.me?.preferences.messageNotifications ?? true,
    paused: isPaused(pausedUntil, Date.now()),
    breakThrough: breakThrough ?? false,
  };
};

const decide = (now: Bell, notification: Notification, moment: Moment, screen: Screen): ToastDecision => {
  const last = shownOf(screen.shown, notification.conversation.id);
  return decideToast({
    notification,
    handledSeq: handledSeqOf(now, notification.conversation.id),
    switchedOn: moment.switchedOn,
    paused: moment.paused,
    breakThrough: moment.breakThrough,
    inboxFocused: moment.view.inboxFocused,
    shown: last,
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
export const tell = async (
  now: Bell,
  notifications: Notification[],
  moment: Moment,
  atOnce?: number,
): Promise<Bell> => {
  const screen = await thisScreen();
  const fresh: Notification[] = [];
  const silently = new Set<Notification>();
  const handled: Notification[] = [];
  const outcomes = new Map<Notification, Outcome>();
  for (const notification of notifications) {
    const decision = decide(now, notification, moment, screen);
    outcomes.set(notification, outcomeOf(decision));
    if (decision.toast) fresh.push(notification);
    if (decision.toast && decision.how === 'update_silently') silently.add(notification);
    if (decision.toast || !decision.untold) handled.push(notification);
  }
  if (fresh.length > 0) {
    try {
      const { summary, quiet } = await show(now, fresh, silently, atOnce);
      for (const item of quiet) outcomes.set(item, 'quiet');
      for (const item of fresh) if (summary.includes(item)) outcomes.set(item, 'summary');
      if ((await checkPermission()) === 'denied') for (const item of fresh) outcomes.set(item, 'no_permission');
    } catch (error) {
      if (!(error instanceof ToastRefused)) throw error;
      console.error('A toast could not be shown:', error);
      for (const item of fresh) outcomes.set(item, 'refused');
    }
  }
  await remember(outcomes);
  return withHandled(now, handled);
};

/**
 * Tells what is open and was not told yet: after a gap in the connection, or at the end of a pause. It is
 * not replayed but becomes at most so many toasts, or one summary.
 */
export const tellUntold = async (now: Bell, atOnce?: number): Promise<Bell> => {
  await reconcile(now);
  const untold = openItems(now).filter((item) => isUntold(now, item));
  return untold.length === 0 ? now : tell(now, untold, await thisMoment(now), atOnce);
};

/**
 * A browser that ends takes its toasts with it, and so does an extension that is loaded anew. Those that should have
 * stayed until they are dealt with count as untold again, so that they come back when the line has caught up. Storage
 * that ends with the session tells of it, and not `onStartup`, which may come when the line has caught up already, or
 * not at all. To be called before each attempt to connect; all but the first of a browser session do nothing.
 */
export const forgetLostToasts = (): Promise<void> =>
  inTurn(async () => {
    if (await hasLived.getValue()) return;
    const now = await bell.getValue();
    const sticky = openItems(now).filter(isSticky);
    if (sticky.length > 0) await bell.setValue(withoutHandled(now, sticky));
    // Last, so that a worker that is stopped before does it again.
    await hasLived.setValue(true);
  });

/** At the end of a pause: tells what is stored, open and untold, with one toast for all of it. */
export const catchUp = (): Promise<void> =>
  inTurn(async () => {
    const now = await bell.getValue();
    const told = await tellUntold(now, 1);
    if (told !== now) await storeBell(told);
  });

/**
 * The person is back: what popped up while nobody looked and is still open counts as untold, and is told once, now if the
 * line is live, otherwise when it has caught up. The order is for a worker that is stopped in between: each step can be
 * done again, and nothing is forgotten before the step that replaces it.
 */
export const tellMissed = (line: Pick<Connection, 'isLive'>): Promise<void> =>
  inTurn(async () => {
    const since = await awaySince.getValue();
    if (since === null) return;
    const [now, screen] = await Promise.all([bell.getValue(), thisScreen()]);
    const facts = { ...screen, summaryToastId: SUMMARY_TOAST, since, now: Date.now() };
    const missed = shownToNobody(openItems(now), facts);
    const untold = withoutHandled(now, missed);
    if (missed.length > 0) {
      await bell.setValue(untold);
      await shown.setValue(withoutShown(screen.shown, missed));
    }
    await awaySince.setValue(null);
    if (missed.length > 0 && line.isLive()) await storeBell(await tellUntold(untold));
  });
