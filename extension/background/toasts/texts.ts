import { i18n } from '#i18n';
import type { ToastTexts } from '../../domain/toast-content.ts';
import { ageOf } from '../../domain/waiting.ts';

/** The texts of a conversation's toast. */
export const toastTexts = (): ToastTexts => ({
  guest: i18n.t('toast.guest'),
  someone: i18n.t('toast.someone'),
  event: {
    inbound: i18n.t('toast.event.inbound'),
    handover: i18n.t('toast.event.handover'),
    assigned: i18n.t('toast.event.assigned'),
  },
  attachment: i18n.t('toast.attachment'),
  why: {
    assigned_to_you: i18n.t('toast.why.assigned_to_you'),
    team_unassigned: i18n.t('toast.why.team_unassigned'),
    assistant_answering: i18n.t('toast.why.assistant_answering'),
    assistant_gave_up: i18n.t('toast.why.assistant_gave_up'),
  },
  open: i18n.t('toast.open'),
  take: i18n.t('toast.take'),
});

/** For example "7 chats are waiting, the oldest for 3 h". */
export const waitingText = (chats: number, oldestMs: number): string => {
  const { unit, count } = ageOf(oldestMs);
  return i18n.t('toast.waiting', chats, [String(chats), i18n.t(`toast.age.${unit}`, [String(count)])]);
};
