import type { Begun } from '../../domain/begun.ts';
import { type Bell, openAt } from '../../domain/bell.ts';
import { lastToastOf, type ToastHistory } from '../../domain/toast-history.ts';
import { begun, toastHistory } from '../../state.ts';
import { reconcileSummary } from './summary.ts';
import { clearToast, conversationOf, SUMMARY_TOAST, toastOf, toastsOnScreen } from './toast.ts';

/** The toasts on the screen, and what is stored about them. */
export interface ToastsOnScreen {
  toastIds: string[];
  history: ToastHistory;
  /** The news whose toast was begun and is not finished. */
  begun: Begun[];
}

export const readToastsOnScreen = async (): Promise<ToastsOnScreen> => {
  const [toastIds, history, unfinished] = await Promise.all([
    toastsOnScreen(),
    toastHistory.getValue(),
    begun.getValue(),
  ]);
  return { toastIds, history, begun: unfinished };
};

/**
 * Withdraws each toast whose notification is not open any more or is part of the summary, and brings the summary up to
 * date.
 */
export const reconcile = async (bell: Bell): Promise<void> => {
  const { toastIds, history } = await readToastsOnScreen();
  for (const toastId of toastIds) {
    const conversationId = conversationOf(toastId);
    if (conversationId === null || toastId !== toastOf(conversationId)) continue;
    const isSummed =
      toastIds.includes(SUMMARY_TOAST) && lastToastOf(history, conversationId)?.toastId === SUMMARY_TOAST;
    if (isSummed || !openAt(bell, conversationId)) await clearToast(toastId);
  }
  await reconcileSummary(bell);
};
