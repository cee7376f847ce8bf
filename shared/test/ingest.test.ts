import { describe, expect, test } from 'vitest';
import { TokenRequest } from '../src/api.ts';
import { IngestEvent } from '../src/ingest.ts';

const timestamp = '2026-11-23T08:00:00Z';
const conversation = { id: 'c1', groupId: 'sales', channel: 'whatsapp' };
const parse = (type: string, data: object): unknown => IngestEvent.parse({ type, timestamp, data }).data;
/** What is left of the attachments of a message that is taken. */
const attached = (attachments: unknown): unknown => {
  const data = { conversation, from: {}, message: { id: 'm1', text: '', attachments } };
  return (parse('message.received', data) as { message: { attachments?: unknown } }).message.attachments;
};

describe('what decorates an event never loses it: ', () => {
  test.each<[string, unknown, unknown]>([
    ['a blank name of an attachment is none', { type: 'image', name: ' ' }, { type: 'image' }],
    ['a name of which nothing can be seen is none', { type: 'image', name: '\u3164' }, { type: 'image' }],
    ['a name is one line', { type: 'image', name: 'a\nb' }, { type: 'image', name: 'a b' }],
    ['a long name is cut', { type: 'image', name: 'x'.repeat(501) }, { type: 'image', name: 'x'.repeat(500) }],
    [
      'no character is cut in two',
      { type: 'image', name: `${'x'.repeat(499)}🐶` },
      { type: 'image', name: 'x'.repeat(499) },
    ],
    ['a long type is cut', { type: 'x'.repeat(101) }, { type: 'x'.repeat(100) }],
    ['a blank type is a file', { type: '', name: 'roof.jpg' }, { type: 'file', name: 'roof.jpg' }],
    ['so is one that is missing', { name: 'roof.jpg' }, { type: 'file', name: 'roof.jpg' }],
    ['so is one that is no text', { type: 7, name: 7 }, { type: 'file' }],
    ['so is an attachment that is not described', 'image', { type: 'file' }],
  ])('%s', (_, attachment, left) => {
    expect(attached([attachment])).toEqual([left]);
  });
  test('more than 100 attachments are cut', () => {
    expect(attached(Array.from({ length: 101 }, (_, n) => ({ type: `t${n}` })))).toHaveLength(100);
  });
  test('long names of agents, groups, contacts and customers are cut', () => {
    const [long, cut] = ['x'.repeat(201), 'x'.repeat(200)];
    const agent = { id: 'a', name: long, email: 'a@b.example', role: 'agent' };
    expect(parse('agent.saved', { agent })).toMatchObject({ agent: { name: cut } });
    expect(parse('group.saved', { group: { id: 'g', name: long, agentIds: [] } })).toMatchObject({
      group: { name: cut },
    });
    expect(parse('contact.saved', { contact: { address: '+44', name: long } })).toMatchObject({
      contact: { name: cut },
    });
    const closed = { conversation: { id: 'c1', customer: { name: `${'x'.repeat(199)}🐶` } } };
    expect(parse('conversation.closed', closed)).toMatchObject({
      conversation: { customer: { name: 'x'.repeat(199) } },
    });
  });
  test('a long name of a device is cut, and does not keep its owner out', () => {
    const request = { email: 'a@b.example', code: '123456', device: 'x'.repeat(101) };
    expect(TokenRequest.parse(request).device).toBe('x'.repeat(100));
  });
});

describe('an optional member of an event', () => {
  /** Every optional member, with a value of no use in its place. */
  const CASES: [member: string, type: string, data: (value: unknown) => object, useless: unknown][] = [
    [
      'from.address',
      'message.received',
      (address) => ({ conversation, from: { address }, message: { id: 'm', text: '' } }),
      'x'.repeat(129),
    ],
    [
      'from.guestId',
      'message.received',
      (guestId) => ({ conversation, from: { guestId }, message: { id: 'm', text: '' } }),
      '',
    ],
    ['from.name', 'message.received', (name) => ({ conversation, from: { name }, message: { id: 'm', text: '' } }), 7],
    [
      'message.attachments',
      'message.received',
      (attachments) => ({ conversation, from: {}, message: { id: 'm', text: '', attachments } }),
      'x',
    ],
    ['conversation.groupId', 'conversation.closed', (groupId) => ({ conversation: { id: 'c1', groupId } }), ''],
    ['conversation.channel', 'conversation.closed', (channel) => ({ conversation: { id: 'c1', channel } }), 'Ü'],
    ['conversation.customer', 'conversation.closed', (customer) => ({ conversation: { id: 'c1', customer } }), 'Ana'],
    [
      'message.private',
      'message.sent',
      (value) => ({ conversation, by: { assistant: true }, message: { id: 'm', text: '', private: value } }),
      'maybe',
    ],
    ['by of an assignment', 'conversation.assigned', (by) => ({ conversation, assignee: null, by }), { agentId: '' }],
    ['by of a closing', 'conversation.closed', (by) => ({ conversation, by }), {}],
    ['reason', 'conversation.handed_over', (reason) => ({ conversation, reason }), 7],
    ['contact.email', 'contact.saved', (email) => ({ contact: { address: '+44', name: 'Ana', email } }), ''],
    ['contact.guestId', 'contact.saved', (guestId) => ({ contact: { address: '+44', name: 'Ana', guestId } }), ''],
  ];
  test.each(CASES)(
    '%s: null is the same as its absence, and what is of no use is dropped',
    (_, type, data, useless) => {
      const absent = parse(type, data(undefined));
      expect(parse(type, data(null))).toEqual(absent);
      expect(parse(type, data(useless))).toEqual(absent);
    },
  );
  test('of an author: null is the same as its absence', () => {
    const message = { id: 'm1', text: 'Hi' };
    const by = { agentId: null, assistant: true, automatic: null };
    expect(parse('message.sent', { conversation, by, message })).toMatchObject({ by: { assistant: true } });
    const assignee = { agentId: 'ana', assistant: null };
    expect(parse('conversation.assigned', { conversation, assignee })).toMatchObject({ assignee: { agentId: 'ana' } });
  });
  test('is needed all the same, where one of several must be there', () => {
    const contact = { address: null, guestId: '', name: 'Ana' };
    expect(IngestEvent.safeParse({ type: 'contact.saved', timestamp, data: { contact } }).success).toBe(false);
  });
});
