import type { BellTexts } from '@converso/shared/ui';
import { i18n } from '#i18n';

const INBOUND = {
  assigned_to_you: 'bell.inYourChat',
  team_unassigned: 'bell.nobodyHasIt',
  assistant_answering: 'bell.aiAnswering',
  assistant_gave_up: 'bell.needsPerson',
} as const;

const UNIT = { minute: 'bell.minutes', hour: 'bell.hours', day: 'bell.days' } as const;

/** The bell's words in the browser's language. */
export const bellTexts: BellTexts = {
  title: () => i18n.t('bell.title'),
  unread: (count) => i18n.t('bell.unread', count),
  unreadMark: () => i18n.t('bell.unreadMark'),
  markAllRead: () => i18n.t('bell.markAllRead'),
  emptyTitle: () => i18n.t('bell.emptyTitle'),
  emptyText: () => i18n.t('bell.emptyText'),
  span: (span) => (span.unit === 'now' ? i18n.t('bell.justNow') : i18n.t(UNIT[span.unit], [String(span.count)])),
  reason: (reason, why, open) => {
    if (reason === 'handover') return i18n.t('bell.handover');
    if (reason === 'assigned') return i18n.t('bell.assigned');
    return i18n.t(open ? INBOUND[why] : 'bell.message');
  },
  messages: (count) => i18n.t('bell.messages', count),
  waiting: (span) => i18n.t('bell.waiting', [span]),
  longestWait: (span) => i18n.t('bell.longestWait', [span]),
  settledBy: (name) => (name === null ? i18n.t('bell.settled') : i18n.t('bell.settledBy', [name])),
  guest: () => i18n.t('bell.guest'),
  noText: () => i18n.t('bell.noText'),
  noMessage: (reason) => i18n.t(reason === 'handover' ? 'bell.noMessageHandover' : 'bell.noMessage'),
};
