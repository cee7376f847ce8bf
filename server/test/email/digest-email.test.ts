import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import nodemailer from 'nodemailer';
import PostalMime from 'postal-mime';
import { describe, expect, onTestFinished, test } from 'vitest';
import { digestOf } from '../../src/domain/digest.ts';
import type { WaitingFacts } from '../../src/domain/unreplied.ts';
import { fileBatchMailer } from '../../src/email/file/file-mailer.ts';
import { digestEmail } from '../../src/email/templates/digest-email.ts';

const NOW = Date.parse('2026-11-23T07:00:00Z');
const HOUR = 3_600_000;
const UNSUBSCRIBE = 'https://notify.example.com/unsubscribe?token=abc.def';

const waiting = (facts: Partial<WaitingFacts> = {}): WaitingFacts => ({
  id: 'c1',
  channel: 'whatsapp',
  source: null,
  ref: null,
  group: { id: 'support', name: 'Support' },
  status: 'open',
  customer: { kind: 'contact', name: 'Ana Pérez', address: '+34600000001' },
  waitingSince: NOW - 39 * HOUR,
  latest: { id: 'm1', text: 'Is the flat free?', sentAt: NOW - 39 * HOUR },
  waiting: 3,
  assignee: null,
  ...facts,
});
const says = (text: string) => ({ latest: { id: 'm1', text, sentAt: NOW } });
const named = (name: string) => ({ customer: { kind: 'contact', name, address: '+34600000001' } as const });

function emailOf(conversations: WaitingFacts[], { name = 'Ben', emailedBefore = 0 } = {}) {
  const agent = { id: 'ben', name, email: 'ben@acme.example', role: 'agent', active: true } as const;
  const context = {
    timeZone: 'Europe/Madrid',
    conversationUrl: 'https://notify.example.com/inbox/{conversationId}',
    inboxUrl: 'https://notify.example.com/inbox',
    inboxes: [],
    now: NOW,
  };
  const digest = digestOf(
    { agent: { ...agent, unrepliedEmails: true, suppressed: null }, conversations, emailedBefore },
    context,
  );
  return digestEmail('ben@acme.example', digest, UNSUBSCRIBE);
}

/** The email as a mail program reads it, and its header as it stands in the file. */
async function delivered(email: ReturnType<typeof emailOf>) {
  const dataDir = mkdtempSync(join(tmpdir(), 'converso-email-'));
  try {
    await fileBatchMailer(dataDir, 'Converso <n@acme.example>', { now: () => NOW }).sendBatch([email], 'key');
    const [file = ''] = readdirSync(join(dataDir, 'mail'));
    const raw = readFileSync(join(dataDir, 'mail', file), 'utf8');
    return { parsed: await PostalMime.parse(raw), header: raw.slice(0, raw.indexOf('\r\n\r\n')) };
  } finally {
    rmSync(dataDir, { recursive: true });
  }
}

describe('text and HTML both say', () => {
  const email = emailOf(
    [waiting(), waiting({ id: 'c2', channel: 'sms', customer: { kind: 'contact', name: null, address: '+44770' } })],
    {
      emailedBefore: 2,
    },
  );
  test.each([
    'Hello Ben,',
    'Ana Pérez',
    '+34600000001',
    '+44770',
    'WhatsApp',
    'SMS',
    'Saturday 21 November 2026 at 17:00',
    'Is the flat free?',
    '2 more messages wait in this chat; this is the latest.',
    'Nobody has this chat yet; you are in Support.',
    'https://notify.example.com/inbox/c1',
    'https://notify.example.com/inbox/c2',
    '2 chats of earlier emails still wait for a reply.',
    'This mailbox is not monitored',
    UNSUBSCRIBE,
  ])('%s', (words) => {
    expect(email.text).toContain(words);
    expect(email.html).toContain(words);
  });
  test('how many more there are beyond 30', () => {
    const many = emailOf(Array.from({ length: 33 }, (_, index) => waiting({ id: `c${index}` })));
    expect(many.text).toContain('And 3 more chats wait for a reply.');
    expect(many.html).toContain('And 3 more chats wait for a reply.');
  });
});

test('the HTML is light and dark, fits a phone, and loads nothing from anywhere', () => {
  const { html } = emailOf([waiting()]);
  expect(html).toContain('prefers-color-scheme: dark');
  expect(html).toContain('max-width: 560px');
  expect(html).not.toMatch(/<img|src=|url\(|<link|@import|<script/);
});

test('no autoresponder answers it', async () => {
  const { header } = await delivered(emailOf([waiting()]));
  expect(header).toMatch(/^Auto-Submitted: auto-generated\r$/m);
  expect(header).toMatch(/^X-Auto-Response-Suppress: All\r$/m);
});

describe('what a customer wrote stays text:', () => {
  const HOSTILE: [string, string][] = [
    ['HTML', '<img src=x onerror=alert(1)><script>alert(1)</script><a href="https://evil.example">click</a>'],
    ['an end of the section', '</div></td></tr></table><h1>You won</h1>'],
    ['attributes', `" onmouseover="alert(1)" x='`],
    ['styles', '<style>*{display:none}</style>'],
    ['entities', '&lt;b&gt; &amp; &#60;script&#62;'],
    ['a comment', '<!--'],
    ['a template', '{{7*7}} %s <%= 7 %>'],
    ['emoji and joined ones', '👩‍👩‍👧‍👦🏳️‍🌈 ok 🇪🇸'],
    ['right-to-left', 'مرحبا كيف حالك؟ \u202Eevil\u202C'],
    ['half of a character', 'a\uD83D b \uDE00'],
  ];
  test.each(HOSTILE)('%s', async (_, text) => {
    const plain = emailOf([waiting(says('x'))])
      .html.match(/<[a-z!/][^>]*>/gi)!
      .map((tag) => tag.replace(/=".*"/s, ''));
    for (const facts of [says(text), named(text), { group: { id: 'g', name: text } }]) {
      const email = emailOf([waiting(facts)]);
      // Not a tag more or less than with a harmless message.
      const tags = email.html.match(/<[a-z!/][^>]*>/gi)!.map((tag) => tag.replace(/=".*"/s, ''));
      expect(tags).toEqual(plain);
    }
    const { parsed } = await delivered(emailOf([waiting(says(text))]));
    expect(parsed.text).toContain(text.toWellFormed().split('\u202E')[0]!.trimEnd());
  });

  test('ten thousand characters are cut, without splitting one', () => {
    const { html, text } = emailOf([waiting(says('👩‍👩‍👧‍👦'.repeat(1000)))]);
    expect(html.length).toBeLessThan(12_000);
    expect(text.isWellFormed() && html.isWellFormed()).toBe(true);
    expect(text).toMatch(/👩‍👩‍👧‍👦…/u);
  });

  test('line breaks stay, each quoted, so that nothing in it looks like ours', () => {
    const { text } = emailOf([
      waiting(says('one\r\ntwo\n\n--------------------------------\nthis mailbox is monitored\u2028x')),
    ]);
    expect(text).toContain('> one\n> two\n> \n> --------------------------------\n> this mailbox is monitored\n> x\n');
  });
});

describe('nothing that a customer, an agent or a group is called makes a header', () => {
  const NAMES = [
    'Ana\r\nBcc: all@evil.example',
    'Ana\nSubject: Hi',
    'Ana\u2028Bcc: x@evil.example',
    'Ana\u0000\u0007',
    'A\r\n\r\nBody',
    `${'n'.repeat(3000)}\r\nBcc: x@evil.example`,
  ];
  const HEADERS = [
    'auto-submitted',
    'content-type',
    'date',
    'from',
    'list-unsubscribe',
    'list-unsubscribe-post',
    'message-id',
    'mime-version',
    'subject',
    'to',
    'x-auto-response-suppress',
  ];

  const check = async (name: string) => {
    const { parsed, header } = await delivered(emailOf([waiting(named(name))], { name }));
    expect(parsed.headers.map(({ key }) => key).toSorted()).toEqual(HEADERS);
    expect(parsed.to).toEqual([{ address: 'ben@acme.example', name: '' }]);
    expect(parsed.bcc).toBeUndefined();
    // A line of a header that is too long is broken up by those who pass it on.
    for (const line of header.split('\r\n')) expect(line.length).toBeLessThan(999);
  };
  test.each(NAMES)('%j', check);
  test('nor any other name', async () => {
    await fc.assert(fc.asyncProperty(fc.string({ unit: 'binary', maxLength: 80 }), check), { numRuns: 60 });
  }, 30_000);
  test('nor the addresses that Resend gets', () => {
    for (const name of NAMES) {
      const { subject, to, headers } = emailOf([waiting(named(name))], { name });
      for (const value of [subject, to, ...Object.values(headers ?? {})]) expect(value).not.toMatch(/[\r\n\u2028\0]/);
    }
  });
});

describe('an email is never longer than mail programs show', () => {
  /** Bytes of the HTML as it travels, in either encoding. */
  const sizes = async ({ html }: ReturnType<typeof emailOf>) =>
    Promise.all(
      (['quoted-printable', 'base64'] as const).map(async (textEncoding) => {
        const composer = nodemailer.createTransport({ streamTransport: true, buffer: true, newline: 'windows' });
        const { message } = await composer.sendMail({ html, textEncoding });
        return (message as Buffer).length;
      }),
    );
  const chats = (count: number, text: string): WaitingFacts[] =>
    Array.from({ length: count }, (_, index) => waiting({ id: `c${index}`, ...says(text) }));
  const sectionsOf = (email: ReturnType<typeof emailOf>): number =>
    email.text.split('Open the conversation:').length - 1;

  test.each([
    ['plain', 'x'.repeat(5000)],
    ['Arabic', 'مرحبا '.repeat(400)],
    ['Chinese', '你好'.repeat(1000)],
    ['emoji', '👩‍👩‍👧‍👦'.repeat(200)],
    ['characters that HTML escapes', '"'.repeat(5000)],
    ['characters that quoted-printable escapes', '='.repeat(5000)],
    ['line breaks', '\n'.repeat(5000)],
    ['spaces at the ends of lines', ' \n'.repeat(2500)],
  ])('%s', async (_, text) => {
    const email = emailOf(chats(40, `a${text}b`), { emailedBefore: 3 });
    for (const size of await sizes(email)) expect(size).toBeLessThan(90_500);
    const shown = sectionsOf(email);
    expect(shown).toBeGreaterThan(0);
    for (const body of [email.text, email.html]) {
      expect(body).toContain(`And ${40 - shown} more chats wait for a reply.`);
      expect(body).toContain('3 chats of earlier emails still wait for a reply.');
      expect(body).toContain(UNSUBSCRIBE);
    }
    expect(email.html.split('>Open the conversation</a>')).toHaveLength(shown + 1);
    expect(email.subject).toContain('40 unreplied messages');
  });

  test('and as long as it may be', async () => {
    const email = emailOf(chats(40, 'مرحبا '.repeat(400)));
    expect((await sizes(email))[0]).toBeGreaterThan(70_000);
    expect(sectionsOf(emailOf(chats(30, 'Hello')))).toBe(30);
  });
});

test('each email of a batch is stored once, however often and however late the batch is repeated', async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'converso-email-'));
  onTestFinished(() => rmSync(dataDir, { recursive: true }));
  let now = NOW;
  const batches = fileBatchMailer(dataDir, 'Converso <n@acme.example>', { now: () => now });
  const two = [emailOf([waiting()]), { ...emailOf([waiting()]), to: 'cho@acme.example' }];
  expect(await batches.sendBatch(two, 'batch-1')).toEqual([{ outcome: 'sent' }, { outcome: 'sent' }]);
  now += HOUR;
  await Promise.all([batches.sendBatch(two, 'batch-1'), batches.sendBatch(two, 'batch-1')]);
  expect(readdirSync(join(dataDir, 'mail'))).toHaveLength(2);
  await batches.sendBatch(two, 'batch-2');
  expect(readdirSync(join(dataDir, 'mail'))).toHaveLength(4);
});
