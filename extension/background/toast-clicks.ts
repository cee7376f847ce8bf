import { browser } from 'wxt/browser';
import { TAKE_BUTTON } from '../domain/toast-content.ts';
import { summarised } from '../state.ts';
import { inTurn } from './bell.ts';
import { openConversation, openInboxPage, openWelcome } from './open.ts';
import { take } from './take.ts';
import { clearToast, conversationOf, SIGNED_OUT_TOAST, SUMMARY_TOAST } from './toast.ts';
import { checkPermission } from './toast-health.ts';

const forgetSummary = () => inTurn(() => summarised.setValue([]));

const follow = async (toastId: string): Promise<void> => {
  await clearToast(toastId);
  const conversationId = conversationOf(toastId);
  if (conversationId !== null) return openConversation(conversationId);
  if (toastId === SUMMARY_TOAST) await forgetSummary();
  return toastId === SIGNED_OUT_TOAST ? openWelcome() : openInboxPage();
};

const press = async (toastId: string, button: number): Promise<void> => {
  const conversationId = conversationOf(toastId);
  if (conversationId === null || button !== TAKE_BUTTON) return follow(toastId);
  if (await take(conversationId)) await openConversation(conversationId);
};

const report = (error: unknown) => console.error('A click on a toast led nowhere:', error);

/** Carries out clicks on toasts. The toast's id says all there is to know, for the worker may just have been started by the click. */
export const listenToToasts = (): void => {
  browser.notifications.onClicked.addListener((toastId) => {
    follow(toastId).catch(report);
  });
  browser.notifications.onButtonClicked.addListener((toastId, button) => {
    press(toastId, button).catch(report);
  });
  browser.notifications.onClosed.addListener((toastId, byUser) => {
    if (toastId === SUMMARY_TOAST && byUser) forgetSummary().catch(report);
  });
  browser.notifications.onPermissionLevelChanged.addListener(() => {
    checkPermission().catch(report);
  });
};
