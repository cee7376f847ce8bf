import { describe, expect, test } from 'vitest';
import {
  customerFrom,
  displayChanged,
  type IdentityFacts,
  senderBecomesContact,
  UNKNOWN_IDENTITY,
  withSender,
} from '../../src/domain/contacts.ts';

const facts = (more: Partial<IdentityFacts> = {}): IdentityFacts => ({ ...UNKNOWN_IDENTITY, ...more });

test.each([
  ['whatsapp', true],
  ['sms', true],
  ['webchat', false],
  ['telegram', false],
  ['email', false],
])('a customer who writes on %s becomes a contact: %s', (channel, expected) => {
  expect(senderBecomesContact(channel)).toBe(expected);
});

describe('the name that a customer sends', () => {
  const known = facts({ senderName: 'Joe', senderAt: 5 });
  test.each<[title: string, before: IdentityFacts, name: string | undefined, at: number, expected: string | null]>([
    ['is kept if it is the first', facts(), 'Joe', 5, 'Joe'],
    ['replaces an earlier one', known, 'Joey', 6, 'Joey'],
    ['does not replace a later one', known, 'Joey', 4, 'Joe'],
    ['replaces one of the same time if it sorts after it', known, 'Kim', 5, 'Kim'],
    ['does not replace one of the same time if it sorts before it', known, 'Ada', 5, 'Joe'],
    ['stays if a later message has none', known, undefined, 9, 'Joe'],
  ])('%s', (_, before, name, at, expected) => {
    expect(withSender(before, name, at, false).senderName).toBe(expected);
  });

  test('is the same object if the event says nothing new, so that nothing is written', () => {
    expect(withSender(known, undefined, 9, false)).toBe(known);
    expect(withSender(known, 'Ada', 4, false)).toBe(known);
  });

  test('never makes a contact a guest again', () => {
    const contact = withSender(facts(), undefined, 1, true);
    expect(contact.isContact).toBe(true);
    expect(withSender(contact, 'Joe', 2, false).isContact).toBe(true);
  });
});

test.each<[title: string, after: Partial<IdentityFacts>, expected: boolean]>([
  ['becoming a contact', { isContact: true }, true],
  ['another name', { senderName: 'Joey' }, true],
  ['the same name at a later time', { senderAt: 9 }, false],
])('%s changes what agents see: %s', (_, after, expected) => {
  const before = facts({ senderName: 'Joe', senderAt: 5 });
  expect(displayChanged(before, { ...before, ...after })).toBe(expected);
});

describe('a customer is called', () => {
  test.each<[title: string, known: Partial<IdentityFacts>[], expected: string | null]>([
    ['nothing if no name is known', [{}], null],
    ['what they sent', [{ senderName: 'joe99', senderAt: 9 }], 'joe99'],
    [
      'what was saved, even if they sent a name later',
      [{ savedName: 'Joe', savedAt: 1, senderName: 'x', senderAt: 9 }],
      'Joe',
    ],
    [
      'what was saved last',
      [
        { savedName: 'Old', savedAt: 1 },
        { savedName: 'New', savedAt: 2 },
      ],
      'New',
    ],
    [
      'what they sent if nothing of the saved name can be seen',
      [{ savedName: '\u200B', savedAt: 1, senderName: 'Joe' }],
      'Joe',
    ],
    ['nothing if nothing of the sent name can be seen', [{ senderName: '\u3164', senderAt: 1 }], null],
  ])('%s', (_, known, expected) => {
    expect(customerFrom(null, known.map(facts)).name).toBe(expected);
  });
});

test('a customer is a contact if any of the identities is one', () => {
  expect(customerFrom('+1', [facts(), facts({ isContact: true })])).toEqual({
    kind: 'contact',
    name: null,
    address: '+1',
  });
  expect(customerFrom(null, [facts()])).toMatchObject({ kind: 'guest', address: null });
});
