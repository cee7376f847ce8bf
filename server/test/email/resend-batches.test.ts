import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { resendBatches } from '../../src/email/resend/batch-mailer.ts';
import type { BatchError, EmailContent } from '../../src/ports/mail.ts';
import { startResend } from './resend-stand-in.ts';

const email = (to: string): EmailContent => ({
  to,
  subject: 'Unreplied WhatsApp message from Ana Pérez',
  text: 'Hello',
  html: '<p>Hello</p>',
  headers: { 'List-Unsubscribe': '<https://x.example/u>' },
});
const ONE = [email('ben@acme.example')];

async function open(timeoutMs = 30_000) {
  const resend = await startResend();
  onTestFinished(() => resend.close());
  const batches = resendBatches({ apiKey: 're_key', baseUrl: resend.baseUrl }, 'Converso <n@acme.example>', timeoutMs);
  return { resend, batches };
}

const failure = (sending: Promise<unknown>): Promise<BatchError> =>
  sending.then(
    () => Promise.reject(new Error('it was sent')),
    (error) => error,
  );

test('hands over a batch under its key, permissively, with sender and headers', async () => {
  const { resend, batches } = await open();
  expect(await batches.sendBatch(ONE, 'digest-1')).toEqual([{ outcome: 'sent' }]);
  expect(resend.received[0]?.headers).toMatchObject({
    authorization: 'Bearer re_key',
    'idempotency-key': 'digest-1',
    'x-batch-validation': 'permissive',
  });
  expect(resend.delivered).toEqual([{ ...ONE[0], from: 'Converso <n@acme.example>' }]);
});

test('one bad address holds up nobody else, and is told by its place', async () => {
  const { resend, batches } = await open();
  const results = await batches.sendBatch([email('a@x.example'), email('nowhere'), email('c@x.example')], 'k');
  expect(results.map(({ outcome }) => outcome)).toEqual(['sent', 'failed', 'sent']);
  expect(resend.delivered.map(({ to }) => to)).toEqual(['a@x.example', 'c@x.example']);
  expect(JSON.stringify(results)).not.toContain('nowhere');
});

test.each<[number, string, BatchError['kind']]>([
  [429, 'rate_limit_exceeded', 'refused'],
  [429, 'daily_quota_exceeded', 'paused'],
  [429, 'monthly_quota_exceeded', 'paused'],
  [401, 'missing_api_key', 'paused'],
  [403, 'invalid_api_key', 'paused'],
  [409, 'concurrent_idempotent_requests', 'unclear'],
  [500, 'internal_server_error', 'unclear'],
  [503, 'application_error', 'unclear'],
])('%i %s: %s', async (refuse, name, kind) => {
  const { resend, batches } = await open();
  resend.meet({ refuse, name, message: 'of ben@acme.example', retryAfter: 7 });
  const error = await failure(batches.sendBatch(ONE, 'k'));
  expect(error).toMatchObject({ kind, retryAfter: 7000, message: `Resend: ${name} (${refuse})` });
});

test('a key that is told to be wrong by a plain validation error pauses too', async () => {
  const { resend, batches } = await open();
  resend.meet({ refuse: 400, name: 'validation_error', message: 'API key is invalid' });
  expect(await failure(batches.sendBatch(ONE, 'k'))).toMatchObject({ kind: 'paused', retryAfter: null });
});

test.each<[number, string, string]>([
  [422, 'validation_error', 'failed'],
  [413, 'invalid_parameter', 'failed'],
  [409, 'invalid_idempotent_request', 'unknown'],
])('%i %s is final: %s', async (refuse, name, outcome) => {
  const { resend, batches } = await open();
  resend.meet({ refuse, name });
  expect(await batches.sendBatch(ONE, 'k')).toEqual([{ outcome, reason: `Resend: ${name} (${refuse})` }]);
});

test.each(['hang', 'take and hang', 'take and cut'] as const)(
  '%s: unclear, and a repeat sends nothing twice',
  async (how) => {
    const { resend, batches } = await open(2_000);
    resend.meet(how);
    expect(await failure(batches.sendBatch(ONE, 'k'))).toMatchObject({ kind: 'unclear', retryAfter: null });
    expect(await batches.sendBatch(ONE, 'k')).toEqual([{ outcome: 'sent' }]);
    expect(resend.delivered).toHaveLength(1);
  },
);

/** A port of this machine on which nothing listens. */
async function closedPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** A server that speaks no TLS: it ends every connection at its first byte. */
async function noTls(): Promise<number> {
  const server = createServer((socket) => socket.once('data', () => socket.destroy()).on('error', () => undefined));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return (server.address() as AddressInfo).port;
}

test.each<[string, () => Promise<string>]>([
  ['refuses the connection', async () => `http://127.0.0.1:${await closedPort()}`],
  ['has no address', async () => 'http://resend.invalid'],
  ['fails the TLS handshake', async () => `https://127.0.0.1:${await noTls()}`],
])('a service that %s has taken nothing and may come back', async (_, baseUrl) => {
  const batches = resendBatches({ apiKey: 're_key', baseUrl: await baseUrl() }, 'n@acme.example');
  const expected = { kind: 'refused', message: 'Resend: no connection', retryAfter: null };
  expect(await failure(batches.sendBatch(ONE, 'k'))).toMatchObject(expected);
});

test('a connection that breaks after the request says nothing about it, also after one that failed', async () => {
  const { resend, batches } = await open();
  const nowhere = resendBatches({ apiKey: 're_key', baseUrl: 'http://resend.invalid' }, 'n@acme.example');
  expect(await failure(nowhere.sendBatch(ONE, 'k'))).toMatchObject({ kind: 'refused' });
  resend.meet('take and cut');
  expect(await failure(batches.sendBatch(ONE, 'k'))).toMatchObject({ kind: 'unclear' });
});
