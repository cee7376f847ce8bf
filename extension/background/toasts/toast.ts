/**
 * The toasts on the screen, by `chrome.notifications`. What a toast shows is stored after the old toast is cleared and
 * before the new one is created. So a stored entry whose toast is on the screen proves to any later worker that the
 * news was shown.
 */
import type { Me, Notification } from '@converso/shared';
import { isKnownChannel } from '@converso/shared/channels';
import { type Browser, browser } from 'wxt/browser';
import { i18n } from '#i18n';
import { withCleanTexts } from '../../domain/clean-text.ts';
import { placeOf } from '../../domain/inboxes.ts';
import { type PreviewLevel, toastContent } from '../../domain/toast-content.ts';
import { isSoonAfter, lastShownAt, lastToastOf, withMade, withToast } from '../../domain/toast-history.ts';
import { isSticky } from '../../domain/toast-plan.ts';
import { longestWait } from '../../domain/waiting.ts';
import { toastHistory } from '../../state.ts';
import { assetUrl } from '../asset-url.ts';
import { makeNoted } from './begun.ts';
import { toastTexts, waitingText } from './texts.ts';
import { markCreated, waitUntilShown } from './toast-delivery.ts';
import { toastMade } from './toast-health.ts';

type Options = Browser.notifications.NotificationCreateOptions;

const MAIN_ICON = 'icon/128.png';

/** The toast that stands for several chats. */
export const SUMMARY_TOAST = 'summary';
/** The toast about a sign-out against the agent's will. */
export const SIGNED_OUT_TOAST = 'signed-out';
/** "Send a test notification". */
export const TEST_TOAST = 'test';

const CONVERSATION = 'conversation:';
const OUTCOME = 'outcome:';

/** The id says where a click leads, for the worker that showed the toast may be stopped. */
export const toastOf = (conversationId: string): string => `${CONVERSATION}${conversationId}`;
/** The toast about the outcome of "Take". It has another id, so that it is not withdrawn with the chat. */
export const outcomeToastOf = (conversationId: string): string => `${OUTCOME}${conversationId}`;

/** The conversation that a toast is about; null for the others. */
export const conversationOf = (toastId: string): string | null => {
  const prefix = [CONVERSATION, OUTCOME].find((start) => toastId.startsWith(start));
  return prefix ? toastId.slice(prefix.length) : null;
};

const note = async (toastId: string, notifications: Notification[], at: number): Promise<void> =>
  toastHistory.setValue(withToast(await toastHistory.getValue(), toastId, notifications, at));

/** The browser or the system does not take this toast, so another try would not help. */
export class ToastRefused extends Error {
  override name = 'ToastRefused';
}

const refused = (cause: unknown): never => {
  throw new ToastRefused('A toast was refused', { cause });
};

export const clearToast = async (id: string): Promise<void> => {
  await waitUntilShown(id);
  await browser.notifications.clear(id);
};

/**
 * Clears first: some systems do not show a toast again whose id is on the screen. `notifications` are what it shows; `shownAt`
 * (epoch milliseconds) is when its chat was last shown, for one that is shown quietly.
 */
const createToast = async (
  id: string,
  options: Omit<Options, 'type'>,
  notifications: Notification[],
  shownAt = Date.now(),
): Promise<void> => {
  await clearToast(id);
  if (notifications.length > 0) await note(id, notifications, shownAt);
  await browser.notifications.create(id, { type: 'basic', ...withCleanTexts(options) }).catch(refused);
  markCreated(id);
  if (notifications.length > 0) {
    await toastHistory.setValue(withMade(await toastHistory.getValue(), id, notifications));
  }
  await toastMade();
};

/** Changes a toast without a sound and without showing it again. False if it is not on the screen. */
const changeToast = async (id: string, options: Omit<Options, 'type'>): Promise<boolean> => {
  await waitUntilShown(id);
  return browser.notifications.update(id, { ...withCleanTexts(options), silent: true }).catch(refused);
};

/** A change that the system refuses leaves the toast as it was. */
const unchanged = (error: unknown): boolean => {
  if (!(error instanceof ToastRefused)) throw error;
  console.warn('A toast could not be changed:', error.cause);
  return false;
};

/** A picture that cannot be loaded rejects the whole toast; then it comes with the main one. */
const withIcon = async <Value>(icon: string, make: (iconUrl: string) => Promise<Value>): Promise<Value> => {
  try {
    return await make(assetUrl(icon));
  } catch (error) {
    if (icon === MAIN_ICON || !(error instanceof ToastRefused)) throw error;
    console.warn(`A toast with ${icon} was refused:`, error);
    return make(assetUrl(MAIN_ICON));
  }
};

/** A toast of the product itself, with its own picture. */
export const createPlainToast = (
  id: string,
  options: Omit<Options, 'type' | 'iconUrl'>,
  notifications: Notification[] = [],
): Promise<void> =>
  makeNoted(notifications, () =>
    withIcon(MAIN_ICON, (iconUrl) => createToast(id, { ...options, iconUrl }, notifications)),
  );

export interface ToastSetting {
  me: Me | null;
  preview: PreviewLevel;
}

const optionsFor = (notification: Notification, { me, preview }: ToastSetting) =>
  toastContent(notification, {
    preview,
    canTake: me !== null && placeOf(me, notification.conversation).inbox.canTake,
    texts: toastTexts(),
  });

const iconOf = ({ conversation: { channel } }: Notification) =>
  isKnownChannel(channel) ? `channel/${channel}.png` : MAIN_ICON;

const createConversationToast = async (
  notification: Notification,
  options: Omit<Options, 'type' | 'iconUrl'>,
  shownAt?: number,
): Promise<void> => {
  const toastId = toastOf(notification.conversation.id);
  await makeNoted([notification], () =>
    withIcon(iconOf(notification), (iconUrl) => createToast(toastId, { ...options, iconUrl }, [notification], shownAt)),
  );
};

/** Shows a conversation's toast, so that it is seen (again). */
export const showToast = (notification: Notification, setting: ToastSetting): Promise<void> =>
  createConversationToast(notification, optionsFor(notification, setting));

/** Brings a conversation's toast up to date, if it is on the screen. Resolves to whether it is. */
export const refreshToast = (notification: Notification, setting: ToastSetting): Promise<boolean> => {
  const options = optionsFor(notification, setting);
  return withIcon(iconOf(notification), (iconUrl) =>
    changeToast(toastOf(notification.conversation.id), { ...options, iconUrl }),
  ).catch(unchanged);
};

/**
 * Shows repeated news quietly: changes the chat's toast or, where that is gone, creates one without a sound. The time
 * when the chat was last shown stays. Resolves to whether the toast was on the screen.
 */
export const repeatToast = async (notification: Notification, setting: ToastSetting): Promise<boolean> => {
  const { id } = notification.conversation;
  const at = lastToastOf(await toastHistory.getValue(), id)?.at;
  const isThere = await refreshToast(notification, setting);
  if (isThere) await note(toastOf(id), [notification], at ?? Date.now());
  else await createConversationToast(notification, { ...optionsFor(notification, setting), silent: true }, at);
  return isThere;
};

/** The toast that stands for several chats. `isNews`: it shows again, unless it did so just now. */
export const showSummary = async (notifications: Notification[], isNews: boolean): Promise<void> => {
  const now = Date.now();
  const title = waitingText(notifications.length, longestWait(notifications, now));
  const options = {
    title,
    message: i18n.t('toast.summary'),
    iconUrl: assetUrl(MAIN_ICON),
    requireInteraction: notifications.some(isSticky),
  };
  const last = lastShownAt(await toastHistory.getValue(), SUMMARY_TOAST);
  const isChanged = (!isNews || isSoonAfter(last, now)) && (await changeToast(SUMMARY_TOAST, options).catch(unchanged));
  if (!isNews) return;
  if (isChanged) await note(SUMMARY_TOAST, notifications, last);
  else await createPlainToast(SUMMARY_TOAST, options, notifications);
};

/** Ids of all toasts on the screen. */
export const toastsOnScreen = async (): Promise<string[]> => Object.keys(await browser.notifications.getAll());

export const clearAllToasts = async (): Promise<void> => {
  await toastHistory.removeValue();
  for (const id of await toastsOnScreen()) await clearToast(id);
};
