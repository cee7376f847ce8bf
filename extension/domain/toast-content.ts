import type { Notification } from '@converso/shared';
import { channelLabel } from '@converso/shared/channels';
import { isSticky } from './toast-plan.ts';
import { isVisible } from './visible-text.ts';

/** How much of a message a toast shows. */
export type PreviewLevel = 'full' | 'sender' | 'nothing';

/** The texts of a toast, in the agent's language. */
export interface ToastTexts {
  guest: string;
  /** Instead of a name or number, where none may be shown. */
  someone: string;
  /** What happened, where the message is not shown or there is none. */
  event: Record<Notification['reason'], string>;
  /** A message without text: a picture, a voice note. */
  attachment: string;
  why: Record<Notification['why'], string>;
  open: string;
  take: string;
}

export interface ToastContent {
  title: string;
  message: string;
  contextMessage: string;
  buttons: { title: string }[];
  requireInteraction: boolean;
  /** Epoch milliseconds. */
  eventTime: number;
}

/** The places of the buttons, for a click tells only the index. */
export const OPEN_BUTTON = 0;
export const TAKE_BUTTON = 1;

/** Who wrote: the name, else the number, else "Guest". A name without a visible character is none. */
export const customerTitle = ({ customer }: Pick<Notification, 'customer'>, guest: string): string =>
  [customer.name, customer.address].find(isVisible) ?? guest;

const messageOf = (notification: Notification, preview: PreviewLevel, texts: ToastTexts): string => {
  const { message, reason } = notification;
  if (preview !== 'full' || !message) return texts.event[reason];
  return isVisible(message.text) ? message.text.trim() : texts.attachment;
};

/** Title: who. Message: what. Context: where, and why you are told. */
export const toastContent = (
  notification: Notification,
  { preview, canTake, texts }: { preview: PreviewLevel; canTake: boolean; texts: ToastTexts },
): ToastContent => {
  const { conversation, why } = notification;
  return {
    title: preview === 'nothing' ? texts.someone : customerTitle(notification, texts.guest),
    message: messageOf(notification, preview, texts),
    contextMessage: [channelLabel(conversation.channel), conversation.group.name, texts.why[why]]
      .filter(isVisible)
      .join(' · '),
    buttons: [{ title: texts.open }, ...(canTake && why !== 'assigned_to_you' ? [{ title: texts.take }] : [])],
    requireInteraction: isSticky(notification),
    eventTime: Date.parse(notification.message?.sentAt ?? notification.updatedAt),
  };
};
