import { type ConversationEvent, IngestEvent, MessageReceived } from '@converso/shared';
import { describe, expect, test } from 'vitest';
import { personOf, timelineEventOf } from '../../src/domain/timeline-event-of.ts';

const received = (customer: object, from: object) =>
  MessageReceived.parse({
    type: 'message.received',
    timestamp: '2026-11-23T08:00:00Z',
    data: {
      conversation: { id: 'c1', groupId: 'sales', channel: 'webchat', customer },
      from,
      message: { id: 'm1', text: 'Hello' },
    },
  });

describe('the customer of a message', () => {
  test.each([
    ['is who wrote', { name: 'Old' }, { name: 'Emma', guestId: 'g1' }, { name: 'Emma', guestId: 'g1' }],
    [
      'keeps the name of the conversation, where the sender has none',
      { name: 'Emma' },
      { name: '\u3164' },
      { name: 'Emma' },
    ],
    [
      'keeps it where the sender’s is blank',
      { name: 'Emma', guestId: 'g1' },
      { name: ' ' },
      { name: 'Emma', guestId: 'g1' },
    ],
  ])('%s', (_, customer, from, person) => {
    expect(personOf(received(customer, from))).toEqual(person);
  });
});

describe('the timeline event of an incoming event', () => {
  const timelineEvent = (timestamp: string, message: object = {}) => {
    const data = { conversation: { id: 'c1' }, by: { agentId: 'ana' }, message: { id: 'm2', text: 'Hi', ...message } };
    return timelineEventOf(IngestEvent.parse({ type: 'message.sent', timestamp, data }) as ConversationEvent, 'evt', 0);
  };
  test.each([
    ['2026-11-23T08:00:00Z', true],
    ['2026-11-23T08:00Z', true],
    ['2026-11-23T09:00:00+0100', true],
    ['2026-11-23T08:00:00.000Z', undefined],
    ['2026-11-23T08:00:00,5Z', undefined],
  ])('notes whether its stamp %s has no fractions: %s', (timestamp, wholeSecond) => {
    expect(timelineEvent(timestamp).wholeSecond).toBe(wholeSecond);
  });
  test.each([
    ['m1', 'm:m1'],
    [null, undefined],
    ['', undefined],
    [7, undefined],
  ])('names the message that it answers: %j', (inReplyTo, named) => {
    expect(timelineEvent('2026-11-23T08:00:00Z', { inReplyTo })).toHaveProperty('type', 'sent');
    expect((timelineEvent('2026-11-23T08:00:00Z', { inReplyTo }) as { inReplyTo?: string }).inReplyTo).toBe(named);
  });
});
