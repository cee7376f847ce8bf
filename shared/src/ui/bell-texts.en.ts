import type { Reason, Why } from '../notification.ts';
import type { Span } from './age.ts';
import type { BellTexts } from './bell-texts.ts';

const UNIT = { minute: 'min', hour: 'h', day: 'd' } as const;

const INBOUND: Record<Why, string> = {
  assigned_to_you: 'In your chat',
  team_unassigned: 'Nobody has it yet',
  assistant_answering: 'The AI is answering',
  assistant_gave_up: 'Needs a person',
};

const reason = (reason: Reason, why: Why, open: boolean): string => {
  if (reason === 'handover') return 'AI handed over';
  if (reason === 'assigned') return 'Assigned to you';
  return open ? INBOUND[why] : 'Message';
};

/** English, for pages that have no locale of the browser's to take the words from. */
export const bellTextsEn: BellTexts = {
  title: () => 'Notifications',
  unread: (count) => `${count} unread`,
  unreadMark: () => 'Unread',
  markAllRead: () => 'Mark all as read',
  emptyTitle: () => 'All quiet',
  emptyText: () => 'When a customer needs you, you will see it here.',
  span: (span: Span) => (span.unit === 'now' ? 'just now' : `${span.count} ${UNIT[span.unit]}`),
  reason,
  messages: (count) => (count === 1 ? '1 message' : `${count} messages`),
  waiting: (span) => `waiting ${span}`,
  longestWait: (span) => `Longest wait: ${span}`,
  settledBy: (name) => (name === null ? 'Settled' : `Settled by ${name}`),
  guest: () => 'Guest',
  noText: () => 'Sent something without text',
  noMessage: (reason) => (reason === 'handover' ? 'The customer is waiting for a person.' : 'No message yet.'),
};
