import type { Notification } from '@converso/shared';
import { type Bell, openAt } from '../../domain/bell.ts';
import { storedBell, summaryConversationIds } from '../../state.ts';
import { bellQueue } from '../bell/bell.ts';
import { clearToast, SUMMARY_TOAST, showSummary } from './toast.ts';

/**
 * How long (milliseconds) the summary waits before it counts less. Chats that are read together arrive one by one; each
 * of them would be a new toast on some desktops.
 */
const COUNT_AFTER_MS = 500;

/** The open notifications of these conversations. */
export const stillOpen = (bell: Bell, conversationIds: string[]): Notification[] =>
  conversationIds.flatMap((id) => openAt(bell, id) ?? []);

/**
 * The order is for a worker that is stopped in between: what the summary is to stand for is stored before it pops up,
 * so that it is withdrawn with the last of them; that it counts less, after it does, so that it is done again.
 */
export const setSummary = async (notifications: Notification[], isNews: boolean): Promise<void> => {
  const ids = notifications.map((item) => item.conversation.id);
  if (isNews) await summaryConversationIds.setValue(ids);
  if (notifications.length > 0) await showSummary(notifications, isNews);
  else await clearToast(SUMMARY_TOAST);
  if (!isNews) await summaryConversationIds.setValue(ids);
};

const count = (): Promise<void> =>
  bellQueue.run(async () => {
    const before = await summaryConversationIds.getValue();
    const rest = stillOpen(await storedBell.getValue(), before);
    if (rest.length < before.length) await setSummary(rest, false);
  });

const report = (error: unknown) => console.error('The summary could not be brought up to date:', error);

let counting: ReturnType<typeof setTimeout> | undefined;

/**
 * Brings the summary up to date with what is open: it goes at once with the last of its chats, and counts less when no
 * more of them have been dealt with for a moment. What it stood for stays stored until then, so a worker that is stopped
 * meanwhile counts in its next lifetime.
 */
export const reconcileSummary = async (bell: Bell): Promise<void> => {
  const before = await summaryConversationIds.getValue();
  const rest = stillOpen(bell, before);
  if (rest.length === before.length) return;
  clearTimeout(counting);
  if (rest.length === 0) return setSummary(rest, false);
  counting = setTimeout(() => void count().catch(report), COUNT_AFTER_MS);
};
