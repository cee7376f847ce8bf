import { MessageReceived } from '@converso/shared';
import { describe, expect, test } from 'vitest';
import { personOf } from '../../src/domain/entry-of.ts';

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
