import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { expect, onTestFinished, test } from 'vitest';
import { resendMailer } from '../../src/email/resend/mailer.ts';
import type { Email, MailError } from '../../src/ports/mail.ts';

const EMAIL: Email = {
  to: 'ana@acme.example',
  subject: 'Hello',
  text: 'Hello Ana',
  html: '<p>Hello Ana</p>',
  headers: { 'List-Unsubscribe': '<https://x.example/u>' },
  idempotencyKey: 'key-1',
};

/** Stands in for Resend: answers every request alike, or (null) never. */
async function standIn(answer: { status: number; body: string } | null) {
  const received: { url: string | undefined; headers: IncomingHttpHeaders; body: unknown }[] = [];
  const server = createServer(async (request, response) => {
    received.push({ url: request.url, headers: request.headers, body: await json(request) });
    if (answer) response.writeHead(answer.status, { 'content-type': 'application/json' }).end(answer.body);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { received, baseUrl, mailer: resendMailer({ apiKey: 're_key', baseUrl }, 'Converso <n@acme.example>', 300) };
}

const failure = (sending: Promise<void>): Promise<MailError> =>
  sending.then(
    () => Promise.reject(new Error('it was sent')),
    (error) => error,
  );

test('hands over sender, recipient, both bodies and headers, under the idempotency key', async () => {
  const { mailer, received } = await standIn({ status: 200, body: '{"id":"1"}' });
  await mailer.send(EMAIL);
  expect(received).toHaveLength(1);
  expect(received[0]).toMatchObject({
    url: '/emails',
    headers: { authorization: 'Bearer re_key', 'idempotency-key': 'key-1' },
    body: {
      from: 'Converso <n@acme.example>',
      to: 'ana@acme.example',
      subject: 'Hello',
      text: 'Hello Ana',
      html: '<p>Hello Ana</p>',
      headers: { 'List-Unsubscribe': '<https://x.example/u>' },
    },
  });
});

test.each([
  [429, 'rate_limit_exceeded', true],
  [500, 'internal_server_error', true],
  [503, 'application_error', true],
  [403, 'invalid_from_address', false],
  [422, 'validation_error', false],
  [401, 'missing_api_key', false],
])('%i: trying again may help: %3$j', async (statusCode, name, retryable) => {
  const body = JSON.stringify({ statusCode, name, message: 'ana@acme.example was refused' });
  const { mailer } = await standIn({ status: statusCode, body });
  const error = await failure(mailer.send(EMAIL));
  expect(error).toMatchObject({ name: 'MailError', retryable, message: `Resend: ${name} (${statusCode})` });
});

test('an answer that is no JSON is told by its status', async () => {
  const { mailer } = await standIn({ status: 502, body: '<h1>Bad gateway</h1>' });
  expect(await failure(mailer.send(EMAIL))).toMatchObject({ retryable: true, message: expect.stringContaining('502') });
});

test('a service that never answers is given up', async () => {
  const { mailer, received } = await standIn(null);
  expect(await failure(mailer.send(EMAIL))).toMatchObject({
    retryable: true,
    message: expect.stringContaining('no answer'),
  });
  expect(received).toHaveLength(1);
});

test('a service that cannot be reached may come back', async () => {
  const mailer = resendMailer({ apiKey: 're_key', baseUrl: 'http://resend.invalid' }, 'n@acme.example');
  expect(await failure(mailer.send(EMAIL))).toMatchObject({ retryable: true, message: 'Resend: no connection' });
});
