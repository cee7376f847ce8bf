import { connect } from 'node:net';
import { expect, test } from 'vitest';
import { openTarget } from './target.ts';

/** Announces a longer body than it sends, and goes away. */
function cutOff(port: number, head: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.write(`${head}\r\nHost: localhost\r\nContent-Type: application/json\r\n`);
      socket.write('Content-Length: 2000\r\n\r\n{"email":', () => socket.resetAndDestroy());
    });
    socket.once('close', () => resolve()).once('error', reject);
  });
}

test.each([
  ['an event', ({ id }: { id: string }) => `POST /v1/businesses/${id}/events HTTP/1.1`],
  ["a bounce of Resend's", () => 'POST /v1/resend/webhooks HTTP/1.1'],
  ['a request for a code', () => 'POST /v1/auth/code HTTP/1.1'],
  ['a sign-in', () => 'POST /v1/auth/token HTTP/1.1'],
  [
    'ids that are read',
    (_: object, token: string) => `POST /v1/notifications/read HTTP/1.1\r\nAuthorization: Bearer ${token}`,
  ],
])('%s that its client cuts off is no error of the server', async (_, headOf) => {
  const secret = `whsec_${Buffer.from('a secret of twenty-four b').toString('base64')}`;
  const target = await openTarget({ RESEND_WEBHOOK_SECRET: secret });
  const metrics = async () => (await fetch(`${target.origin}/metrics`)).text();
  await cutOff(target.port, headOf(target.business, target.token));
  // Counted once it is over; `/metrics` itself counts too.
  await expect.poll(metrics).toMatch(/request_duration_seconds_count\{method="POST"/);
  expect(await metrics()).not.toMatch(/request_duration_seconds_count\{.*status="5/);
  expect(target.errors).toEqual([]);
});
