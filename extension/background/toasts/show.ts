import type { Notification } from '@converso/shared';
import { type Bell, openItems } from '../../domain/bell.ts';
import { isSticky, planToasts, type ToastPlan } from '../../domain/toast-plan.ts';
import { device, summaryConversationIds } from '../../state.ts';
import { setSummary, stillOpen } from './summary.ts';
import { clearToast, repeatToast, showToast, toastOf, toastsOnScreen } from './toast.ts';

/** What was shown. The toasts of `quiet` were to change without a sound and had left the screen. */
export type ShownPlan = ToastPlan & { quiet: Notification[] };

/**
 * Shows notifications, each by its own toast or several by one summary.
 *
 * @param silently the notifications that repeat what was shown a moment ago
 * @param atOnce how many may get their own toast at the same time
 * @throws ToastRefused when the system does not take a toast
 */
export const show = async (
  bell: Bell,
  incoming: Notification[],
  silently: Set<Notification>,
  atOnce?: number,
): Promise<ShownPlan> => {
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
  // Only once the summary is there: a worker that is stopped here must not leave a handover without a toast.
  for (const item of plan.summary) await clearToast(toastOf(item.conversation.id));
  return { ...plan, quiet };
};
