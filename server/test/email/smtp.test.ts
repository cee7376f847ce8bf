import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { smtpBatches, smtpMailer } from '../../src/email/smtp/mailer.ts';
import type { SmtpServer } from '../../src/email/smtp/session.ts';
import type { BatchError, EmailContent } from '../../src/ports/mail.ts';
import { type SmtpTrouble, startSmtp } from './smtp-stand-in.ts';

const email = (to: string): EmailContent => ({
  to,
  subject: 'Unreplied WhatsApp message from Ana Pérez',
  text: 'Hello',
  html: '<p>Hello</p>',
  headers: { 'List-Unsubscribe': '<https://x.example/u>', 'Auto-Submitted': 'auto-generated' },
});
const ONE = [email('ben@acme.example')];
const FROM = 'Converso <n@acme.example>';
const clock = { now: () => Date.parse('2026-06-01T10:00:00Z') };
const times = { answer: 1000, session: 5000 };

const serverAt = (port: number, more: Partial<SmtpServer> = {}): SmtpServer => ({
  host: '127.0.0.1',
  port,
  secure: false,
  requireTls: false,
  auth: null,
  ...more,
});

async function open(options: Parameters<typeof startSmtp>[0] = {}, more: Partial<SmtpServer> = {}) {
  const smtp = await startSmtp(options);
  onTestFinished(() => smtp.close());
  const deps = { server: serverAt(smtp.port, more), from: FROM, clock, times };
  return { smtp, batches: smtpBatches(deps), mailer: smtpMailer(deps) };
}

const failure = (sending: Promise<unknown>): Promise<BatchError> =>
  sending.then(
    () => Promise.reject(new Error('it was sent')),
    (error) => error,
  );

test('an email goes out with its sender and headers, and a repeat has the same Message-ID', async () => {
  const { smtp, batches } = await open();
  expect(await batches.sendBatch(ONE, 'digest-1')).toEqual([{ outcome: 'sent' }]);
  await batches.sendBatch(ONE, 'digest-1');
  const [first, second] = smtp.delivered;
  expect(first).toMatchObject({ to: 'ben@acme.example', from: 'n@acme.example', subject: ONE[0]!.subject });
  expect(first?.header).toContain('List-Unsubscribe: <https://x.example/u>');
  expect(first?.messageId).toMatch(/^<[0-9a-f]{32}@acme\.example>$/);
  expect(second?.messageId).toBe(first?.messageId);
});

test('a name and password are given, and wrong ones stop everything until the operator acts', async () => {
  const user = { name: 'us', pass: 'right' };
  const { smtp, batches } = await open({ user }, { auth: { user: 'us', pass: 'right' } });
  expect(await batches.sendBatch(ONE, 'k')).toEqual([{ outcome: 'sent' }]);
  const wrong = { server: serverAt(smtp.port, { auth: { user: 'us', pass: 'wrong' } }), from: FROM, clock, times };
  expect(await failure(smtpBatches(wrong).sendBatch(ONE, 'k'))).toMatchObject({
    kind: 'paused',
    message: 'SMTP: EAUTH AUTH PLAIN 535',
  });
});

describe('not taken, so tried again:', () => {
  test.each<[string, SmtpTrouble, BatchError['kind']]>([
    ['too busy at the greeting', { refuse: 421, at: 'connect' }, 'refused'],
    ['refused at the greeting', { refuse: 554, at: 'connect' }, 'paused'],
    ['cut off at the greeting', { cut: 'connect' }, 'refused'],
    ['the sender is refused', { refuse: 550, at: 'mail' }, 'paused'],
    ['the sender is refused for now', { refuse: 451, at: 'mail' }, 'refused'],
    ['cut off after the sender', { cut: 'mail' }, 'refused'],
    ['greylisted', { refuse: 450, at: 'rcpt' }, 'postponed'],
    ['the session is ended at the recipient', { refuse: 421, at: 'rcpt' }, 'refused'],
    ['cut off after the recipient', { cut: 'rcpt' }, 'refused'],
    ['the message is postponed', { refuse: 451, at: 'data' }, 'postponed'],
    ['the session is ended at the message', { refuse: 421, at: 'data' }, 'refused'],
  ])('%s', async (_, trouble, kind) => {
    const { smtp, batches } = await open();
    smtp.meet(trouble);
    const error = await failure(batches.sendBatch(ONE, 'k'));
    expect(error).toMatchObject({ name: 'BatchError', kind });
    expect(error.message).not.toContain('ana@');
    expect(smtp.delivered).toEqual([]);
    expect(await batches.sendBatch(ONE, 'k')).toEqual([{ outcome: 'sent' }]);
  });

  const listen = async (server: ReturnType<typeof createServer>): Promise<number> => {
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return (server.address() as AddressInfo).port;
  };
  test.each<[string, () => Promise<SmtpServer>]>([
    [
      'nothing listens there',
      async () => {
        const server = createServer();
        const port = await listen(server);
        await new Promise((resolve) => server.close(resolve));
        return serverAt(port);
      },
    ],
    ['the name is unknown', async () => serverAt(25, { host: 'smtp.invalid' })],
    [
      'it never greets',
      async () => {
        const server = createServer(() => undefined);
        onTestFinished(() => void server.close());
        return serverAt(await listen(server));
      },
    ],
    ['it has no TLS', async () => ({ ...serverAt((await open()).smtp.port), secure: true })],
  ])('%s', async (_, server) => {
    const batches = smtpBatches({ server: await server(), from: FROM, clock, times: { answer: 300, session: 600 } });
    expect(await failure(batches.sendBatch(ONE, 'k'))).toMatchObject({ name: 'BatchError', kind: 'refused' });
  });
});

test('a server without STARTTLS gets no password: nothing is sent until the operator acts', async () => {
  const { batches } = await open({}, { requireTls: true, auth: { user: 'us', pass: 'right' } });
  expect(await failure(batches.sendBatch(ONE, 'k'))).toMatchObject({ kind: 'paused' });
});

describe('refused for good is', () => {
  test.each<[string, SmtpTrouble]>([
    ['an unknown recipient', { refuse: 550, at: 'rcpt' }],
    ['a message that is not wanted', { refuse: 554, at: 'data' }],
  ])('%s', async (_, trouble) => {
    const { smtp, batches } = await open();
    smtp.meet(trouble);
    const [result] = await batches.sendBatch(ONE, 'k');
    expect(result).toMatchObject({ outcome: 'failed' });
    expect(JSON.stringify(result)).not.toContain('ana@');
  });
});

describe('unknown, so never tried again:', () => {
  test.each<[string, SmtpTrouble, number]>([
    ['cut off in the message', 'cut in the message', 0],
    ['cut off after the message, which was not taken', { cut: 'data' }, 0],
    ['cut off after the message, which was taken', 'take and cut', 1],
    ['never answered after the message', 'take and hang', 1],
  ])('%s', async (_, trouble, taken) => {
    const { smtp, batches, mailer } = await open();
    smtp.meet(trouble, trouble);
    expect(await batches.sendBatch(ONE, 'k')).toMatchObject([{ outcome: 'unknown' }]);
    expect(smtp.delivered).toHaveLength(taken);
    const { headers: _headers, ...message } = ONE[0]!;
    await expect(mailer.send({ ...message, idempotencyKey: 'k' })).rejects.toMatchObject({ retryable: false });
  });
});

test('a sign-in email is tried again where it was not taken', async () => {
  const { smtp, mailer } = await open();
  smtp.meet({ refuse: 450, at: 'rcpt' }, { refuse: 550, at: 'rcpt' });
  const message = { ...email('ana@acme.example'), idempotencyKey: 'k' };
  await expect(mailer.send(message)).rejects.toMatchObject({ name: 'MailError', retryable: true });
  await expect(mailer.send(message)).rejects.toMatchObject({ name: 'MailError', retryable: false });
  await mailer.send(message);
  expect(smtp.delivered).toHaveLength(1);
});

test('of a batch that was frozen for Resend, what is left when the server fails goes to the next slot', async () => {
  const { smtp, batches } = await open();
  const three = [email('a@acme.example'), email('b@acme.example'), email('c@acme.example')];
  smtp.meet({ refuse: 550, at: 'rcpt' }, { refuse: 421, at: 'connect' });
  expect(await failure(batches.sendBatch(three, 'k'))).toMatchObject({ kind: 'refused' });
  expect(await batches.sendBatch(three, 'k')).toMatchObject([
    { outcome: 'sent' },
    { outcome: 'sent' },
    { outcome: 'sent' },
  ]);
  smtp.meet({ refuse: 550, at: 'rcpt' }, 'take and cut', { cut: 'connect' });
  const results = await batches.sendBatch(three, 'k2');
  expect(results.map(({ outcome }) => outcome)).toEqual(['failed', 'unknown', 'failed']);
});
