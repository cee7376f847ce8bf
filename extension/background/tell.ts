import type { Notification } from '@converso/shared';
import { type Bell, isUntold, openAt, openItems, withHandled, withoutHandled } from '../domain/bell.ts';
import type { Outcome } from '../domain/decision.ts';
import { decideToast, type ToastDecision } from '../domain/toast-decision.ts';
import { isSticky, planToasts, type ToastPlan } from '../domain/toast-plan.ts';
import { bell, device, summarised } from '../state.ts';
import { inTurn, storeBell } from './bell.ts';
import { remember } from './decisions.ts';
import type { View } from './inbox-tabs.ts';
import { viewOf } from './inbox-tabs.ts';
import {
  clearToast,
  conversationOf,
  refreshToast,
  SUMMARY_TOAST,
  shownFor,
  showSummary,
  showToast,
  toastOf,
  toastsOnScreen,
} from './toast.ts';

const stillOpen = (now: Bell, conversationIds: string[]): Notification[] =>
  conversationIds.flatMap((id) => openAt(now, id) ?? []);

/** Withdraws what is on the screen though its cause is gone, and brings the summary up to date. */
export const reconcile = async (now: Bell): Promise<void> => {
  for (const toastId of await toastsOnScreen()) {
    const conversationId = conversationOf(toastId);
    const isWithdrawn = conversationId !== null && toastId === toastOf(conversationId) && !openAt(now, conversationId);
    if (isWithdrawn) await clearToast(toastId);
  }
  const before = await summarised.getValue();
  const rest = stillOpen(now, before);
  if (rest.length < before.length) await setSummary(rest, false);
};

const setSummary = async (notifications: Notification[], isNews: boolean): Promise<void> => {
  if (notifications.length > 0) await showSummary(notifications, isNews);
  else await clearToast(SUMMARY_TOAST);
  await summarised.setValue(notifications.map((item) => item.conversation.id));
};

/** Shows what a person is to be told, as toasts of their own or as one summary. */
const show = async (now: Bell, fresh: Notification[], silently: Set<Notification>): Promise<ToastPlan> => {
  const onScreen = new Set(await toastsOnScreen());
  const standing = openItems(now).filter((item) => isSticky(item) && onScreen.has(toastOf(item.conversation.id)));
  const before = await summarised.getValue();
  const plan = planToasts(fresh, standing, stillOpen(now, before));
  const { preview } = await device.getValue();
  const setting = { me: now.me, preview };
  for (const item of plan.own) {
    const isThere = silently.has(item) && (await refreshToast(item, setting));
    if (!isThere) await showToast(item, setting);
  }
  for (const item of plan.summary) await clearToast(toastOf(item.conversation.id));
  if (plan.summaryIsNews || plan.summary.length !== before.length) await setSummary(plan.summary, plan.summaryIsNews);
  return plan;
};

/** What this device must know to decide, at this moment. */
export interface Moment {
  view: View;
  switchedOn: boolean;
  paused: boolean;
  breakThrough: boolean;
}

export const thisMoment = async (now: Bell): Promise<Moment> => {
  const [view, { pausedUntil, breakThrough }] = await Promise.all([viewOf(now.me?.inbox), device.getValue()]);
  return {
    view,
    switchedOn: now.me?.preferences.messageNotifications ?? true,
    paused: pausedUntil !== null && pausedUntil > Date.now(),
    breakThrough: breakThrough ?? false,
  };
};

const decide = (now: Bell, notification: Notification, moment: Moment): ToastDecision =>
  decideToast({
    notification,
    handledSeq: now.handled[notification.conversation.id] ?? 0,
    switchedOn: moment.switchedOn,
    paused: moment.paused,
    breakThrough: moment.breakThrough,
    inboxFocused: moment.view.inboxFocused,
    shown: shownFor(notification.conversation.id),
    now: Date.now(),
  });

const outcomeOf = (decision: ToastDecision): Outcome => {
  if (!decision.toast) return decision.because;
  return decision.how === 'show' ? 'toast' : 'updated';
};

/**
 * Tells a person of these notifications, or decides why not, and returns the bell that remembers it.
 * A toast that the system refuses is logged and counts as told: trying it again would not help.
 */
export const tell = async (now: Bell, notifications: Notification[], moment: Moment): Promise<Bell> => {
  const fresh: Notification[] = [];
  const silently = new Set<Notification>();
  const handled: Notification[] = [];
  const outcomes = new Map<Notification, Outcome>();
  for (const notification of notifications) {
    const decision = decide(now, notification, moment);
    outcomes.set(notification, outcomeOf(decision));
    if (decision.toast) fresh.push(notification);
    if (decision.toast && decision.how === 'update_silently') silently.add(notification);
    if (decision.toast || !decision.untold) handled.push(notification);
  }
  if (fresh.length > 0) {
    try {
      const { summary } = await show(now, fresh, silently);
      for (const item of fresh) if (summary.includes(item)) outcomes.set(item, 'summary');
    } catch (error) {
      console.error('A toast could not be shown:', error);
      for (const item of fresh) outcomes.set(item, 'refused');
    }
  }
  await remember(outcomes);
  return withHandled(now, handled);
};

/**
 * Tells what is open and was not told yet: after a gap in the connection, or at the end of a pause. It is
 * not replayed but becomes a few toasts or one summary.
 */
export const tellUntold = async (now: Bell): Promise<Bell> => {
  await reconcile(now);
  const untold = openItems(now).filter((item) => isUntold(now, item));
  return untold.length === 0 ? now : tell(now, untold, await thisMoment(now));
};

/**
 * A browser that ends takes its toasts with it. Those that should have stayed until they are dealt with
 * count as untold again, so that they come back when the line does.
 */
export const toastsAreLost = (): Promise<void> =>
  inTurn(async () => {
    const now = await bell.getValue();
    const sticky = openItems(now).filter(isSticky);
    if (sticky.length > 0) await bell.setValue(withoutHandled(now, sticky));
  });

/** Tells what is stored, open and untold. */
export const catchUp = (): Promise<void> =>
  inTurn(async () => {
    const now = await bell.getValue();
    const told = await tellUntold(now);
    if (told !== now) await storeBell(told);
  });
