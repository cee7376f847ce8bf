import { browser } from 'wxt/browser';
import { TAKE_BUTTON } from '../../domain/toast-content.ts';
import { summaryConversationIds } from '../../state.ts';
import { bellQueue } from '../bell/bell.ts';
import { readByOpening } from '../bell/reads.ts';
import { openInboxPage, openWelcome, showConversation } from '../inbox/open.ts';
import { take } from '../inbox/take.ts';
import { clearToast, conversationOf, SIGNED_OUT_TOAST, SUMMARY_TOAST } from '../toasts/toast.ts';
import { checkPermission } from '../toasts/toast-health.ts';

const forgetSummary = () => bellQueue.run(() => summaryConversationIds.setValue([]));

/** The toasts whose click is being carried out. They are still there, so a person may click again. */
const underway = new Set<string>();

/** Opens what a toast is about, once. Tells whether it is a conversation that is now in front. */
const open = async (toastId: string): Promise<boolean> => {
  const conversationId = conversationOf(toastId);
  if (conversationId !== null) return showConversation(conversationId);
  await (toastId === SIGNED_OUT_TOAST ? openWelcome() : openInboxPage());
  return false;
};

/** The toast goes after what it is about is there: if nothing could be opened, it can be clicked again. */
const follow = async (toastId: string): Promise<void> => {
  if (underway.has(toastId)) return;
  underway.add(toastId);
  const isConversation = await open(toastId).finally(() => underway.delete(toastId));
  const conversationId = conversationOf(toastId);
  if (conversationId !== null && !isConversation) return;
  await clearToast(toastId);
  if (toastId === SUMMARY_TOAST) await forgetSummary();
  if (conversationId !== null) await readByOpening(conversationId);
};

const press = async (toastId: string, button: number): Promise<void> => {
  const conversationId = conversationOf(toastId);
  if (conversationId === null || button !== TAKE_BUTTON || (await take(conversationId))) await follow(toastId);
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
