import { expect, test } from 'vitest';
import { type NotificationRow, notificationOf } from '../../src/store/sqlite/notification-row.ts';

const row = (content: object): NotificationRow => ({
  ...{ id: 'n1', seq: 2, alertedSeq: 2, reason: 'inbound', why: 'team_unassigned', state: 'open', settledBy: null },
  ...{ messageCount: 1, createdAt: 0, updatedAt: 0, content: JSON.stringify(content) },
});
const conversation = { id: 'c1', channel: 'sms', group: { id: 'g1', name: 'Desk' } };

test('content that an older version stored has no source and no id there', () => {
  const message = { text: 'a text with ,"source":"x" in it', sentAt: new Date(0).toISOString() };
  const shown = notificationOf(row({ conversation, customer: {}, message }));
  expect(shown.conversation).toEqual({ ...conversation, source: null, ref: null });
  expect(shown.message).toEqual(message);
});

test('content that names its source is shown as it is', () => {
  const named = { ...conversation, source: 'cw', ref: '42' };
  expect(notificationOf(row({ conversation: named })).conversation).toEqual(named);
});
