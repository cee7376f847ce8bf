import { describe, expect, test } from 'vitest';
import { type DigestContext, digestOf, MAX_SECTIONS } from '../../src/domain/digest.ts';
import type { RecipientFacts, WaitingFacts } from '../../src/domain/unreplied.ts';

const at = (iso: string) => Date.parse(iso);
const NOW = at('2026-11-23T07:00:00Z');
const SATURDAY = at('2026-11-21T15:42:00Z');
const context: DigestContext = {
  timeZone: 'Europe/Madrid',
  conversationUrl: 'https://inbox.example/c/{conversationId}',
  inboxUrl: 'https://inbox.example/',
  inboxes: [],
  now: NOW,
};
const ben: RecipientFacts = {
  id: 'ben',
  name: 'Ben',
  email: 'ben@example.com',
  role: 'agent',
  active: true,
  unrepliedEmails: true,
  suppressed: null,
};
const waiting = (facts: Partial<WaitingFacts> = {}): WaitingFacts => ({
  id: 'c1',
  channel: 'whatsapp',
  source: null,
  ref: null,
  group: { id: 'support', name: 'Support' },
  status: 'open',
  customer: { kind: 'contact', name: 'Ana Pérez', address: '+34600000001' },
  waitingSince: SATURDAY,
  latest: { id: 'm1', text: 'Is the flat free?', sentAt: SATURDAY },
  waiting: 1,
  assignee: null,
  ...facts,
});
const digest = (conversations: WaitingFacts[], more = {}) =>
  digestOf({ agent: ben, conversations, emailedBefore: 0 }, { ...context, ...more });
const subject = (conversations: WaitingFacts[], more = {}) => digest(conversations, more).subject;

describe('the subject says how many and who', () => {
  test.each<[string, Partial<WaitingFacts>, string]>([
    ['a name', {}, 'Unreplied WhatsApp message from Ana Pérez'],
    [
      'a number, without a name',
      { customer: { kind: 'contact', name: null, address: '+34600000001' } },
      'Unreplied WhatsApp message from +34600000001',
    ],
    ['SMS', { channel: 'sms' }, 'Unreplied SMS message from Ana Pérez'],
    [
      'a name with line breaks, a forged header and a turned direction',
      { customer: { kind: 'contact', name: 'Ana\r\nBcc: all@example.com\u202E', address: null } },
      'Unreplied WhatsApp message from Ana Bcc: all@example.com',
    ],
    [
      'the number, where nothing of the name can be seen',
      { customer: { kind: 'contact', name: '\u200E\u3164', address: '+34600000001' } },
      'Unreplied WhatsApp message from +34600000001',
    ],
    [
      'the number, where cleaning leaves nothing of the name',
      { customer: { kind: 'contact', name: '\u202E\u0007', address: '+34600000001' } },
      'Unreplied WhatsApp message from +34600000001',
    ],
    [
      'a customer, where nothing can be seen at all',
      { customer: { kind: 'contact', name: '\u200B', address: '\u2800' } },
      'Unreplied WhatsApp message from A customer',
    ],
    [
      'a very long name',
      { customer: { kind: 'contact', name: 'x'.repeat(200), address: null } },
      `Unreplied WhatsApp message from ${'x'.repeat(59)}…`,
    ],
  ])('%s', (_, facts, expected) => {
    expect(subject([waiting(facts)])).toBe(expected);
  });
  test.each([
    ['this week', SATURDAY, '2 unreplied messages, oldest since Saturday 16:42'],
    ['today', at('2026-11-23T05:12:00Z'), '2 unreplied messages, oldest since 06:12'],
    ['long ago', at('2026-11-03T12:00:00Z'), '2 unreplied messages, oldest since 3 November'],
  ])('several, the oldest %s', (_, waitingSince, expected) => {
    expect(subject([waiting({ waitingSince }), waiting({ id: 'c2', waitingSince: NOW })])).toBe(expected);
  });
});

describe('a section', () => {
  const section = (facts: Partial<WaitingFacts> = {}, more = {}) => digest([waiting(facts)], more).sections[0];

  test('has date and time, sender, channel, text, why and a link', () => {
    expect(section()).toEqual({
      conversationId: 'c1',
      sender: 'Ana Pérez',
      address: '+34600000001',
      channel: 'WhatsApp',
      sentAt: 'Saturday 21 November 2026 at 16:42',
      text: 'Is the flat free?',
      more: 0,
      why: 'Nobody has this chat yet; you are in Support.',
      url: 'https://inbox.example/c/c1',
    });
  });
  test('dates in the business’s zone', () => {
    expect(section({}, { timeZone: 'Pacific/Auckland' })?.sentAt).toBe('Sunday 22 November 2026 at 04:42');
  });
  test.each<[string, WaitingFacts['assignee'], string]>([
    ['an agent has it', { kind: 'agent', agentId: 'ben' }, 'This chat is assigned to you.'],
    [
      'the assistant has it',
      { kind: 'assistant' },
      'The assistant has this chat and has not replied; you are in Support.',
    ],
  ])('says why: %s', (_, assignee, expected) => {
    expect(section({ assignee })?.why).toBe(expected);
  });
  test('keeps the address in its line, in its direction', () => {
    const address = '+34\r\n\r\nOpen the conversation: https://evil.example\u2028x\u202Ey';
    const forged = '+34 Open the conversation: https://evil.example xy';
    expect(section({ customer: { kind: 'contact', name: 'Ana', address } })?.address).toBe(forged);
    expect(section({ customer: { kind: 'contact', name: null, address } })).toMatchObject({
      sender: forged,
      address: null,
    });
  });
  test('falls back to the number where cleaning leaves nothing of a name', () => {
    expect(section({ customer: { kind: 'contact', name: '\u202E', address: '+34' } })?.sender).toBe('+34');
  });
  test('counts what else waits in the chat', () => {
    expect(section({ waiting: 4 })?.more).toBe(3);
  });
  test.each<[string, { type: string; name?: string }[], string]>([
    ['an image', [{ type: 'image', name: 'roof.jpg' }], 'Sent an image: roof.jpg'],
    ['a media type', [{ type: 'image/jpeg' }], 'Sent an image'],
    ['a voice message', [{ type: 'voice' }], 'Sent a voice message'],
    ['an audio file', [{ type: 'audio/ogg' }], 'Sent an audio file'],
    ['a video', [{ type: 'VIDEO' }], 'Sent a video'],
    ['a document', [{ type: 'document', name: 'plan.pdf' }], 'Sent a document: plan.pdf'],
    ['a sticker', [{ type: 'sticker' }], 'Sent a sticker'],
    ['a location', [{ type: 'location' }], 'Sent a location'],
    ['a contact', [{ type: 'contacts' }], 'Sent a contact card'],
    ['any other type', [{ type: 'application/zip', name: ' ' }], 'Sent a file'],
    [
      'several',
      [{ type: 'image', name: 'a.jpg' }, { type: 'image' }, { type: 'image', name: 'b.jpg' }, { type: 'video' }],
      'Sent 3 images and a video: a.jpg, b.jpg',
    ],
    [
      'many names',
      ['a', 'b', 'c', 'd', 'e'].map((name) => ({ type: 'file', name })),
      'Sent 5 files: a, b, c and 2 more',
    ],
    [
      'a forged name',
      [{ type: 'image', name: 'x\nOpen: https://evil.example\u202E' }],
      'Sent an image: x Open: https://evil.example',
    ],
    ['nothing at all', [], 'Sent a message without text'],
  ])('without text says what was sent: %s', (_, attachments, expected) => {
    expect(section({ latest: { id: 'm', text: ' \n', sentAt: NOW, attachments } })?.text).toBe(expected);
  });
  test('cuts a very long message', () => {
    expect(section({ latest: { id: 'm', text: 'x'.repeat(10_000), sentAt: NOW } })?.text).toHaveLength(2_000);
  });
  test('a conversation id cannot leave its place in the link', () => {
    expect(section({ id: '../a?b#c' })?.url).toBe('https://inbox.example/c/..%2Fa%3Fb%23c');
  });
});

test('at most 30 sections, then how many more', () => {
  const many = Array.from({ length: 34 }, (_, index) => waiting({ id: `c${index}` }));
  const { sections, andMore } = digest(many);
  expect([sections.length, andMore]).toEqual([MAX_SECTIONS, 4]);
});

describe('where the links lead', () => {
  const inboxes = [
    {
      source: 'cw',
      url: 'https://desk.example/app/accounts/3/dashboard',
      conversationUrls: ['https://desk.example/app/accounts/3/conversations/{conversationId}'],
    },
  ];
  const fromChatwoot = waiting({ id: 'cw:42/7', source: 'cw', ref: '42/7' });
  const linksOf = (conversations: WaitingFacts[]) => {
    const { sections, inboxUrl } = digest(conversations, { inboxes });
    return [...sections.map(({ url }) => url), inboxUrl];
  };

  test.each<[string, WaitingFacts[], string[]]>([
    [
      'to the inbox of the source',
      [fromChatwoot],
      ['https://desk.example/app/accounts/3/conversations/42%2F7', 'https://desk.example/app/accounts/3/dashboard'],
    ],
    [
      'to the inbox of this server for a source without one',
      [waiting({ id: 'sms:1', source: 'sms', ref: '1' })],
      ['https://inbox.example/c/sms%3A1', 'https://inbox.example/'],
    ],
    [
      'to each chat at its place, and to the inbox of this server for all',
      [fromChatwoot, waiting()],
      [
        'https://desk.example/app/accounts/3/conversations/42%2F7',
        'https://inbox.example/c/c1',
        'https://inbox.example/',
      ],
    ],
  ])('%s', (_, conversations, links) => {
    expect(linksOf(conversations)).toEqual(links);
  });
});
