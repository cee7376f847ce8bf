/** Many requests sent at once on one connection, without waiting for the answers (HTTP pipelining). */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { onlyMessage } from '../../proofs/story.ts';
import { openTarget, type Target } from './target.ts';

const get = (path: string, ...headers: string[]): string =>
  `GET ${path} HTTP/1.1\r\nHost: localhost\r\n${headers.map((header) => `${header}\r\n`).join('')}\r\n`;

/** A connection that collects what it is answered. */
async function open({ port }: Target): Promise<{ socket: Socket; text(): string; closed: Promise<unknown> }> {
  const socket = connect(port, '127.0.0.1');
  let text = '';
  socket.setEncoding('latin1').on('data', (part: string) => {
    text += part;
  });
  // The server may cut it while something is still being sent.
  socket.on('error', () => {});
  const closed = new Promise((resolve) => socket.once('close', resolve));
  onTestFinished(() => void socket.destroy());
  await once(socket, 'connect');
  return { socket, text: () => text, closed };
}

const answersIn = (text: string): number => text.split('HTTP/1.1 ').length - 1;

test('a few requests sent ahead are answered in their order', async () => {
  const target = await openTarget();
  const { socket, text } = await open(target);
  socket.write(get('/healthz') + get('/nothing') + get('/openapi.json') + get('/healthz'));
  await expect.poll(() => answersIn(text())).toBe(4);
  expect([...text().matchAll(/HTTP\/1\.1 (\d+)/g)].map(([, status]) => status)).toEqual(['200', '404', '200', '200']);
  expect(target.errors).toEqual([]);
});

test.each(['/healthz', '/openapi.json', '/docs/swagger-ui-bundle.js', '/inbox'])(
  'two thousand of %s sent ahead close the connection, and few of them are served',
  async (path) => {
    const target = await openTarget();
    const { socket, text, closed } = await open(target);
    socket.write(get(path).repeat(2_000));
    await closed;
    expect(answersIn(text())).toBeLessThan(50);
    expect((await fetch(`${target.origin}/healthz`)).status).toBe(200);
    expect(target.errors).toEqual([]);
  },
);

test('another connection is served between the requests that one sent ahead', async () => {
  const target = await openTarget();
  const greedy = await open(target);
  const modest = await open(target);
  let greedyFirst = 0;
  modest.socket.once('data', () => {
    greedyFirst = answersIn(greedy.text());
  });
  greedy.socket.write(get('/openapi.json').repeat(30));
  modest.socket.write(get('/healthz'));
  await expect.poll(() => answersIn(greedy.text())).toBe(30);
  await expect.poll(() => answersIn(modest.text())).toBe(1);
  expect(greedyFirst).toBeLessThan(10);
});

test('a request sent behind a stream is not carried out, and the connection ends', async () => {
  const target = await openTarget();
  await target.sender.deliver(onlyMessage('group-0', 'c1'));
  const authorization = `Authorization: Bearer ${target.token}`;
  const unread = async (): Promise<number> => {
    const answer = await fetch(`${target.origin}/v1/notifications`, {
      headers: { authorization: `Bearer ${target.token}` },
    });
    return ((await answer.json()) as { unread: number }).unread;
  };
  const read = `POST /v1/conversations/c1/read HTTP/1.1\r\nHost: localhost\r\n${authorization}\r\nContent-Length: 0\r\n\r\n`;

  const together = await open(target);
  together.socket.write(get('/v1/stream', authorization) + read);
  await together.closed;

  const later = await open(target);
  later.socket.write(get('/v1/stream', authorization));
  await expect.poll(later.text).toContain('caught_up');
  later.socket.write(read);
  await later.closed;

  expect(await unread()).toBe(1);
  expect(answersIn(together.text()) + answersIn(later.text())).toBeLessThanOrEqual(2);
  expect(target.errors).toEqual([]);
});
