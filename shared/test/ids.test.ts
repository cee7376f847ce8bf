import { describe, expect, test } from 'vitest';
import { ReplyRequest, TokenRequest } from '../src/api.ts';
import { Email, Id, Name, Text, Timestamp } from '../src/ids.ts';
import { IngestEvent, Person } from '../src/ingest.ts';

describe('a timestamp', () => {
  test.each([
    ['2026-11-23T08:00:00Z', '2026-11-23T08:00:00Z'],
    ['2026-11-23T08:00:00.123Z', '2026-11-23T08:00:00.123Z'],
    ['2026-11-23T08:00:00+01:00', '2026-11-23T08:00:00+01:00'],
    ['2026-11-23T08:00Z', '2026-11-23T08:00:00Z'],
    ['2026-11-23T08:00:00+0100', '2026-11-23T08:00:00+01:00'],
    ['2026-11-23T08:00:00-03', '2026-11-23T08:00:00-03:00'],
  ])('may be written %s', (text, full) => {
    expect(Timestamp.parse(text)).toBe(full);
  });
  test.each(['2026-11-23T08:00:00', '2026-02-30T08:00:00Z', '2026-11-23T25:00Z', '2026-11-23', 'yesterday', ''])(
    'may not be written "%s"',
    (text) => {
      expect(Timestamp.safeParse(text).success).toBe(false);
    },
  );
});

test('text that no store keeps faithfully loses only the broken characters', () => {
  expect(Text.parse('a\u0000b\uD800c')).toBe('a\uFFFDb\uFFFDc');
});

/** U+FDD0 to U+FDEF, and the last two code points of each of the 17 planes (Unicode 17, section 23.7). */
const NONCHARACTERS = [
  ...Array.from({ length: 32 }, (_, n) => 0xfdd0 + n),
  ...Array.from({ length: 17 }, (_, plane) => [plane * 0x10000 + 0xfffe, plane * 0x10000 + 0xffff]).flat(),
].map((code) => String.fromCodePoint(code));

describe('Unicode noncharacters, which end a browser that shows them,', () => {
  test('become U+FFFD, all 66 of them', () => {
    expect(NONCHARACTERS).toHaveLength(66);
    for (const character of NONCHARACTERS) expect(Text.parse(`x${character}y`)).toBe('x\uFFFDy');
  });
  test.each(['\u{1F436}', '\uD83F', '\uDFFE', '\uFFFD', '\u0000', 'é', '\u{1FFFD}'])('are found beside %j', (other) => {
    for (const character of NONCHARACTERS) {
      const text = `${other}${character}${character}${other}`;
      expect(Text.parse(text)).toBe(text.replaceAll('\u0000', '\uFFFD').replace(/[\p{Cs}\p{NChar}]/gu, '\uFFFD'));
    }
  });
  test('do not stay in a name', () => {
    expect(Name.parse('An\uFFFEa')).toBe('An\uFFFDa');
  });
  test('do not stay in anything that an event shows', () => {
    const conversation = { id: 'c1', groupId: 'sales', channel: 'webchat' };
    const timestamp = '2026-11-23T08:00:00Z';
    const bad = 'x\uFFFEy\u{10FFFF}z';
    const events = [
      {
        type: 'message.received',
        data: {
          conversation: { ...conversation, customer: { name: bad } },
          from: { name: bad },
          message: { id: 'm1', text: bad, attachments: [{ type: bad, name: bad }] },
        },
      },
      { type: 'message.sent', data: { conversation, by: { agentId: 'ana' }, message: { id: 'm1', text: bad } } },
      { type: 'conversation.handed_over', data: { conversation, reason: bad } },
      { type: 'contact.saved', data: { contact: { address: '+44', name: bad } } },
      { type: 'agent.saved', data: { agent: { id: 'a', name: bad, email: 'a@b.example', role: 'agent' } } },
      { type: 'group.saved', data: { group: { id: 'g', name: bad, agentIds: [] } } },
    ];
    for (const event of events) {
      const text = JSON.stringify(IngestEvent.parse({ ...event, timestamp }));
      expect(text).toContain('x\uFFFDy\uFFFDz');
      expect(text).not.toMatch(/\p{NChar}/u);
    }
  });
  test('do not stay in a reply or in the name of a device', () => {
    expect(ReplyRequest.parse({ text: 'x\uFFFE \u0000y' }).text).toBe('x\uFFFD \uFFFDy');
    const request = { email: 'a@b.example', code: '123456', device: 'Chrome\uFDD0' };
    expect(TokenRequest.parse(request).device).toBe('Chrome\uFFFD');
  });
  test('are no part of an id', () => {
    expect(Id.safeParse('c1\uFFFF').success).toBe(false);
    expect(Id.safeParse('c1\u{1FFFE}').success).toBe(false);
  });
});

describe('a name without a visible character', () => {
  const INVISIBLE = [
    '\u3164',
    '\u200B',
    '\u200E',
    '\u2800',
    '\uFE0F',
    '\u00AD',
    '\u200D\u2060\u{E0020}',
    '\u202E \u3000',
    '\u0007',
  ];
  test.each(INVISIBLE)('%j counts as none', (name) => {
    expect(Name.safeParse(name).success).toBe(false);
    expect(Person.parse({ name }).name).toBeUndefined();
  });
  test.each(['👩‍🚀', '❤️', 'می‌خواهم', '\u200EAna', '-', 'é', '\uFFFD'])('%j is one, and stays as it is', (name) => {
    expect(Name.parse(name)).toBe(name);
    expect(Person.parse({ name }).name).toBe(name);
  });
  test('is refused where one is needed, naming the field', () => {
    const timestamp = '2026-11-23T08:00:00Z';
    const events = [
      { type: 'agent.saved', data: { agent: { id: 'a', name: '\u3164', email: 'a@b.example', role: 'agent' } } },
      { type: 'group.saved', data: { group: { id: 'g', name: '\u200B', agentIds: [] } } },
      { type: 'contact.saved', data: { contact: { address: '+44', name: '\u2800' } } },
    ];
    for (const event of events) {
      expect(IngestEvent.safeParse({ ...event, timestamp }).error?.issues[0]?.path.at(-1)).toBe('name');
    }
  });
});

describe('an email address', () => {
  test.each([
    'tom&jerry@example.com',
    "o'brien@example.com",
    'a+b=c/d!#$%*?^_`{|}~-@example.co.uk',
    'info@münchen.de',
    'почта@пример.рф',
    'a@xn--e1afmkfd.xn--p1ai',
    'müller@example.com',
    '用户@例子.广告',
  ])('may be %s', (address) => {
    expect(Email.parse(` ${address} `)).toBe(address);
  });
  test.each([
    '',
    'x',
    'a@b',
    '@example.com',
    'a@example.1',
    'a b@example.com',
    'a..b@example.com',
    '.a@example.com',
    'a@-example.com',
    'a@example..com',
    'a,b@example.com',
    'a<b>@example.com',
    'a@b@example.com',
    'a\r\nBcc: b@example.com',
    '"a b"@example.com',
    'a\uFFFE@example.com',
    `${'x'.repeat(250)}@example.com`,
  ])('may not be %j', (address) => {
    expect(Email.safeParse(address).success).toBe(false);
  });
});

test.each([
  ['.', false],
  ['..', false],
  ['...', true],
  ['.a', true],
  ['a.', true],
])('the id %j, which a browser may read as a folder of a path, is accepted: %s', (id, accepted) => {
  expect(Id.safeParse(id).success).toBe(accepted);
});
