/**
 * The toasts on the screen, by `chrome.notifications`. What was shown when is remembered in memory only:
 * when the worker is gone, so are the ten seconds in which a repetition stays silent.
 */
import type { Me, Notification } from '@converso/shared';
import { isKnownChannel } from '@converso/shared/channel-label';
import { type Browser, browser } from 'wxt/browser';
import { i18n } from '#i18n';
import { type PreviewLevel, toastContent } from '../domain/toast-content.ts';
import { REPEAT_MS, type Shown } from '../domain/toast-decision.ts';
import { isSticky } from '../domain/toast-plan.ts';
import { longestWait } from '../domain/waiting.ts';
import { landed, takesOff } from './landing.ts';
import { packaged } from './packaged.ts';
import { toastMade } from './toast-health.ts';
import { toastWords, waitingWords } from './words.ts';

type Options = Browser.notifications.NotificationCreateOptions;

const MAIN_ICON = 'icon/128.png';

/** The toast that stands for several chats. */
export const SUMMARY_TOAST = 'summary';
/** The toast that tells of a sign-out against the agent's will. */
export const SIGNED_OUT_TOAST = 'signed-out';
/** "Send a test notification". */
export const TEST_TOAST = 'test';

const CONVERSATION = 'conversation:';
const OUTCOME = 'outcome:';

/** The id alone says where a click leads, for the worker that showed the toast may be gone. */
export const toastOf = (conversationId: string): string => `${CONVERSATION}${conversationId}`;
/** What became of "Take". Another id, so that it is not withdrawn with the chat it speaks of. */
export const outcomeToastOf = (conversationId: string): string => `${OUTCOME}${conversationId}`;

/** The conversation that a toast is about; null for the others. */
export const conversationOf = (toastId: string): string | null => {
  const prefix = [CONVERSATION, OUTCOME].find((start) => toastId.startsWith(start));
  return prefix ? toastId.slice(prefix.length) : null;
};

const shown = new Map<string, Shown>();
let summaryShownAt = 0;

/** The last toast of a conversation that this worker showed. */
export const shownFor = (conversationId: string): Shown | undefined => shown.get(conversationId);

export const clearToast = async (id: string): Promise<void> => {
  await landed(id);
  await browser.notifications.clear(id);
};

/** Clears first: some systems do not show a toast again whose id is on the screen. */
export const popToast = async (id: string, options: Omit<Options, 'type'>): Promise<void> => {
  await clearToast(id);
  await browser.notifications.create(id, { type: 'basic', ...options });
  takesOff(id);
  await toastMade();
};

/** Changes a toast without a sound and without showing it again. False if it is not on the screen. */
const changeToast = async (id: string, options: Omit<Options, 'type'>): Promise<boolean> => {
  await landed(id);
  return browser.notifications.update(id, { ...options, silent: true });
};

/** A picture that cannot be loaded rejects the whole toast; then it comes with the main one. */
const withIcon = async <Value>(icon: string, make: (iconUrl: string) => Promise<Value>): Promise<Value> => {
  try {
    return await make(packaged(icon));
  } catch (error) {
    if (icon === MAIN_ICON) throw error;
    console.warn(`A toast with ${icon} was refused:`, error);
    return make(packaged(MAIN_ICON));
  }
};

/** A toast of the product itself, with its own picture. */
export const popPlainToast = (id: string, options: Omit<Options, 'type' | 'iconUrl'>): Promise<void> =>
  withIcon(MAIN_ICON, (iconUrl) => popToast(id, { ...options, iconUrl }));

export interface ToastSetting {
  me: Me | null;
  preview: PreviewLevel;
}

const optionsFor = (notification: Notification, { me, preview }: ToastSetting) =>
  toastContent(notification, { preview, canTake: me?.inbox.canTake ?? false, words: toastWords() });

const iconOf = ({ conversation: { channel } }: Notification) =>
  isKnownChannel(channel) ? `channel/${channel}.png` : MAIN_ICON;

/** Shows a conversation's toast, so that it is seen (again). */
export const showToast = async (notification: Notification, setting: ToastSetting): Promise<void> => {
  const { id, reason, conversation } = notification;
  const options = optionsFor(notification, setting);
  await withIcon(iconOf(notification), (iconUrl) => popToast(toastOf(conversation.id), { ...options, iconUrl }));
  shown.set(conversation.id, { notificationId: id, reason, at: Date.now() });
};

/** Brings a conversation's toast up to date, if it is on the screen. Tells whether it is. */
export const refreshToast = (notification: Notification, setting: ToastSetting): Promise<boolean> => {
  const options = optionsFor(notification, setting);
  return withIcon(iconOf(notification), (iconUrl) =>
    changeToast(toastOf(notification.conversation.id), { ...options, iconUrl }),
  );
};

/** The toast that stands for several chats. `isNews`: it shows again, unless it did so just now. */
export const showSummary = async (notifications: Notification[], isNews: boolean): Promise<void> => {
  const now = Date.now();
  const title = waitingWords(notifications.length, longestWait(notifications, now));
  const options = {
    title,
    message: i18n.t('toast.summary'),
    iconUrl: packaged(MAIN_ICON),
    requireInteraction: notifications.some(isSticky),
  };
  const isSoon = now - summaryShownAt < REPEAT_MS;
  if ((!isNews || isSoon) && (await changeToast(SUMMARY_TOAST, options))) return;
  if (!isNews) return;
  summaryShownAt = now;
  await popPlainToast(SUMMARY_TOAST, options);
};

/** Ids of all toasts on the screen. */
export const toastsOnScreen = async (): Promise<string[]> => Object.keys(await browser.notifications.getAll());

export const clearAllToasts = async (): Promise<void> => {
  shown.clear();
  summaryShownAt = 0;
  for (const id of await toastsOnScreen()) await clearToast(id);
};
