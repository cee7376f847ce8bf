import { i18n } from '#i18n';
import { type Taken, takeConversation } from '../../api.ts';
import { customerTitle } from '../../domain/toast-content.ts';
import { isVisible } from '../../domain/visible-text.ts';
import { account, device, storedBell } from '../../state.ts';
import { toastTexts } from '../toasts/texts.ts';
import { clearToast, createPlainToast, outcomeToastOf, toastOf } from '../toasts/toast.ts';

/** What to tell an agent whose "Take" came to nothing. `open`: the chat can still be taken. */
const explain = (taken: Exclude<Taken, { ok: true }>): { title: string; open: boolean } => {
  if (taken.error === 'conflict') {
    if (!taken.assignee) return { title: i18n.t('toast.closed'), open: false };
    const { name } = taken.assignee;
    return { title: i18n.t('toast.faster', [isVisible(name) ? name : i18n.t('toast.colleague')]), open: false };
  }
  if (taken.error === 'gone') return { title: i18n.t('toast.gone'), open: false };
  return { title: i18n.t('toast.notTaken'), open: true };
};

const whoIn = async (conversationId: string): Promise<string> => {
  const [{ items }, { preview }] = await Promise.all([storedBell.getValue(), device.getValue()]);
  const item = items.find(({ conversation }) => conversation.id === conversationId);
  const { guest, someone } = toastTexts();
  return !item || preview === 'nothing' ? someone : customerTitle(item, guest);
};

/**
 * Takes a chat for the agent, or says honestly why not. Tells whether it is the agent's now.
 */
export const take = async (conversationId: string): Promise<boolean> => {
  const signedIn = await account.getValue();
  if (!signedIn) return false;
  const taken = await takeConversation(signedIn, conversationId);
  if (taken.ok) return true;
  const { title, open } = explain(taken);
  const message = await whoIn(conversationId);
  await clearToast(toastOf(conversationId));
  if (open) {
    // It still waits: the same toast, so that it is withdrawn with the chat, and the same buttons to try again.
    const { open: openLabel, take: takeLabel } = toastTexts();
    const buttons = [{ title: openLabel }, { title: takeLabel }];
    await createPlainToast(toastOf(conversationId), { title, message, buttons, requireInteraction: true });
  } else {
    await createPlainToast(outcomeToastOf(conversationId), { title, message, requireInteraction: false });
  }
  return false;
};
