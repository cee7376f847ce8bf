import { describe, expect, onTestFinished, test } from 'vitest';
import { readStoredEmails } from '../../src/email/file/stored-emails.ts';
import { openStore } from '../../src/store/open.ts';
import { startResend } from '../email/resend-stand-in.ts';
import { openOffice } from '../store/conformance/office.ts';
import { openDesk } from './run-command.ts';

const ACME = ['--business', 'acme'];
/** On Monday 1 June 2026 the office opens at 10:00 in London. */
const AT = ['--at', '2026-06-01T11:02:00+01:00'];

/** The office: Joe waits on WhatsApp for Ana and Ben, Sue is Fay's, a guest waits on the website. */
async function openShop(environment: Record<string, string> = {}) {
  const desk = openDesk(environment);
  const store = openStore(`file:${desk.file('converso.db')}`);
  onTestFinished(() => store.close());
  const office = await openOffice(store);
  await office.message('Hello?');
  await office.message('Anybody there?', { id: 'm2' });
  await office.message('Hi', { conversation: 'c2', channel: 'sms', from: { address: '+447700900002' }, id: 'm3' });
  await office.assign('c2', 'fay');
  await office.message('Psst', { conversation: 'w1', channel: 'webchat', from: { guestId: 'g' } });
  const emails = async () =>
    (await readStoredEmails(desk.folder, 50))
      .map(({ email }) => `${email.to?.[0]?.address}: ${email.subject}`)
      .toSorted();
  return { ...desk, office, store, emails };
}

const C1 = {
  id: 'c1',
  channel: 'whatsapp',
  customer: { kind: 'contact', name: 'Joe', address: '+447700900001' },
  messageId: 'm2',
  waitingSince: '2026-06-01T09:00:07.000Z',
};
const C2 = {
  id: 'c2',
  channel: 'sms',
  customer: { kind: 'contact', name: null, address: '+447700900002' },
  messageId: 'm3',
  waitingSince: '2026-06-01T09:00:09.000Z',
};
const AS_FORETOLD = {
  slot: '2026-06-01T11:00:00+01:00',
  emails: [
    { agent: { id: 'ana', email: 'ana@example.com' }, conversations: [C1] },
    { agent: { id: 'ben', email: 'ben@example.com' }, conversations: [C1] },
    { agent: { id: 'fay', email: 'fay@example.com' }, conversations: [C2] },
  ],
  skipped: [{ conversationId: 'w1', reason: 'channel_not_emailed' }],
};
const EMAILS = [
  'ana@example.com: Unreplied WhatsApp message from Joe',
  'ben@example.com: Unreplied WhatsApp message from Joe',
  'fay@example.com: Unreplied SMS message from +447700900002',
];

describe('slot preview', () => {
  test('foretells who gets what, and sends nothing', async () => {
    const { ask, emails } = await openShop();
    expect(await ask('slot', 'preview', ...ACME, ...AT)).toEqual(AS_FORETOLD);
    expect(await ask('slot', 'preview', ...ACME, ...AT)).toEqual(AS_FORETOLD);
    expect(await emails()).toEqual([]);
  });

  test('is as of the moment that is asked for', async () => {
    const { ask } = await openShop();
    const at = async (moment: string) => {
      const { slot, emails, skipped } = await ask('slot', 'preview', ...ACME, '--at', moment);
      return [slot, emails.length, skipped.length];
    };
    expect(await at('2026-06-01T09:10:00Z')).toEqual(['2026-06-01T08:00:00+01:00', 0, 3]);
    expect(await at('2026-06-07T12:00:00Z')).toEqual(['2026-06-06T17:00:00+01:00', 3, 1]);
    expect(await at('2026-12-01T08:00:00+00:00')).toEqual(['2026-12-01T08:00:00+00:00', 3, 1]);
  });

  test('answers "why did Ben get no email at 11?"', async () => {
    const { run, office, store } = await openShop();
    await office.agent('gil');
    await office.agent('hal');
    await office.agent('ivy');
    await office.group('support', ['ana', 'ben', 'hal', 'ivy', 'zoe']);
    await store.setUnrepliedEmails('acme', 'hal', false, office.now());
    await store.suppressMail('ivy@example.com', 'bounced');
    await run('slot', 'run', ...ACME, ...AT);
    await office.message('Me too', { conversation: 'c3', from: { address: '+447700900003', name: 'Kim' }, id: 'm9' });
    await office.assign('c3', 'ana');
    await office.message('Psst', { conversation: 'w2', channel: 'webchat', from: { guestId: 'h' } });
    const { out, code } = await run('slot', 'preview', ...ACME, '--at', '2026-06-01T14:00:00+01:00');
    expect(code).toBe(0);
    expect(out).toBe(`Slot 2026-06-01T14:00:00+01:00 (Europe/London). It has not been run.

1 email:
  ana <ana@example.com>, 1 conversation
    c3: Kim on WhatsApp, since 2026-06-01 10:00

No email to:
  ben: this message was in an earlier email to them: c1
  fay: this message was in an earlier email to them: c2
  gil: nothing that is due is assigned to them or waits in a group of theirs
  hal: switched these emails off
  ivy: the address bounced or complained; see \`agent allow-mail\` (bounced)
  zoe: admins get no email

Chats that wait and are in no email:
  only WhatsApp and SMS are emailed: w1, w2
`);
    const before = await run('slot', 'preview', ...ACME, ...AT);
    expect(before.out).toMatch(
      /^Slot 2026-06-01T11:00:00\+01:00 \(Europe\/London\)\. It was run at \d{4}-\d\d-\d\d \d\d:\d\d\.$/m,
    );
  });
});

test('slot preview and slot run say who is beyond the emails of the day', async () => {
  const { ask, run } = await openShop({ MAX_EMAILS_PER_DAY: '2' });
  const emails = AS_FORETOLD.emails.slice(0, 2);
  const skipped = [...AS_FORETOLD.skipped, { agentId: 'fay', reason: 'daily_limit' }];
  expect(await ask('slot', 'preview', ...ACME, ...AT)).toEqual({ ...AS_FORETOLD, emails, skipped });
  expect(await ask('slot', 'run', ...ACME, ...AT)).toEqual({ ...AS_FORETOLD, emails, skipped });
  const { out } = await run('slot', 'preview', ...ACME, '--at', '2026-06-01T14:00:00+01:00');
  expect(out).toContain('fay: the business has reached MAX_EMAILS_PER_DAY');
});

test('slot preview keeps what strangers chose in its line, without codes for the terminal', async () => {
  const { run, office } = await openShop();
  const from = { address: '+44\u001B[2J\n  mallory <m@evil.example>' };
  await office.message('Hi', { conversation: 'c4\nx', channel: 'sms', from, id: 'm10' });
  const { out } = await run('slot', 'preview', ...ACME, ...AT);
  expect(out).toContain('\n    c4 x: +44 [2J   mallory <m@evil.example> on SMS');
  expect(out).not.toContain('\u001B');
});

describe('slot run', () => {
  test('sends what the preview foretold, and never twice', async () => {
    const { ask, run, emails } = await openShop();
    expect(await ask('slot', 'run', ...ACME, ...AT)).toEqual(AS_FORETOLD);
    expect(await emails()).toEqual(EMAILS);
    expect(await ask('slot', 'run', ...ACME, ...AT)).toEqual({ slot: AS_FORETOLD.slot, emails: [], skipped: [] });
    expect((await run('slot', 'run', ...ACME, ...AT)).out).toContain('was run before; nothing was sent');
    const later = await ask('slot', 'run', ...ACME, '--at', '2026-06-01T14:00:00+01:00');
    expect(later).toMatchObject({ slot: '2026-06-01T14:00:00+01:00', emails: [] });
    expect(await emails()).toEqual(EMAILS);
  });

  test.each([
    ['a slot of long ago', '2026-06-01T11:00:00+01:00'],
    ['one of half an hour from now', new Date(Date.now() + 30 * 60_000).toISOString()],
    ['one of next year', '2027-11-01T11:00:00Z'],
  ])('sends at once: %s', async (_, at) => {
    const { ask, emails } = await openShop();
    expect((await ask('slot', 'run', ...ACME, '--at', at)).emails).toHaveLength(3);
    expect(await emails()).toEqual(EMAILS);
  });

  test('runs what the server recorded as missed', async () => {
    const { ask, store } = await openShop();
    const slot = { date: '2026-06-01', time: '11:00', at: Date.parse('2026-06-01T11:00:00+01:00') };
    await store.skipSlot({ businessId: 'acme', timeZone: 'Europe/London', slot }, 'too_late', Date.now());
    expect((await ask('slot', 'run', ...ACME, ...AT)).emails).toHaveLength(3);
  });

  test('goes through Resend, and says when it did not get through', async () => {
    const resend = await startResend();
    onTestFinished(() => resend.close());
    const { run, ask } = await openShop({ RESEND_API_KEY: 're_key', RESEND_BASE_URL: resend.baseUrl });
    resend.meet({ refuse: 500, name: 'internal_server_error' });
    const { code, err, out } = await run('slot', 'run', ...ACME, ...AT);
    expect([code, err]).toEqual([1, 'cli: Not all emails could be handed over; the server goes on trying.\n']);
    expect(out).toContain('ana <ana@example.com>');
    expect(resend.delivered).toEqual([]);
    expect((await run('slot', 'run', ...ACME, '--at', '2026-06-01T14:00:00+01:00')).code).toBe(0);
    expect(await ask('slot', 'run', ...ACME, '--at', '2026-06-01T17:00:00+01:00')).toMatchObject({ emails: [] });
  });
});

test.each([
  [['slot', 'preview']],
  [['slot', 'run', '--at', '2026-06-01T11:00:00Z']],
  ...['yesterday', '2026-06-01', '2026-13-01T11:00:00Z', '2026-06-01T11:00:00', ''].map((at) => [
    ['slot', 'preview', ...ACME, '--at', at],
  ]),
])('%j is wrong use', async (args) => {
  const { code, out } = await openDesk().run(...args);
  expect([code, out]).toEqual([2, '']);
});

test.each(['preview', 'run'])('slot %s of an unknown business fails', async (verb) => {
  const { code, err } = await openDesk().run('slot', verb, ...ACME);
  expect([code, err]).toEqual([1, 'cli: There is no business acme; see `business list`.\n']);
});

describe('around the emails', () => {
  test('allow-mail lets emails go again to an address that bounced', async () => {
    const { run, ask, store } = await openShop();
    await store.suppressMail('ana@example.com', 'bounced');
    expect((await ask('agent', 'list', ...ACME))[0]).toMatchObject({ id: 'ana', mailSuppressed: 'bounced' });
    expect(await ask('agent', 'allow-mail', ...ACME, '--id', 'ana')).toEqual({ id: 'ana' });
    expect((await ask('agent', 'list', ...ACME))[0]).toMatchObject({ id: 'ana', mailSuppressed: null });
    expect((await run('agent', 'allow-mail', ...ACME, '--id', 'nobody')).code).toBe(1);
  });

  test('set-time-zone moves the slots', async () => {
    const { run, ask } = await openShop();
    expect(await ask('business', 'set-time-zone', ...ACME, '--time-zone', 'Pacific/Auckland')).toMatchObject({
      id: 'acme',
      timeZone: 'Pacific/Auckland',
    });
    const { slot } = await ask('slot', 'preview', ...ACME, '--at', '2026-06-01T20:05:00Z');
    expect(slot).toBe('2026-06-02T08:00:00+12:00');
    const nowhere = ['business', 'set-time-zone', ...ACME, '--time-zone', 'Nowhere/Land'];
    expect((await run(...nowhere)).code).toBe(2);
    expect((await run('business', 'set-time-zone', '--business', 'none', '--time-zone', 'UTC')).code).toBe(1);
  });
});
