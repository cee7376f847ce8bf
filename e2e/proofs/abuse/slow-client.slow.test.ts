/** A client that sends so slowly that only time can end it: the server's own limits are waited out. */
import { connect } from 'node:net';
import { describe, expect, test } from 'vitest';
import { openTarget } from './target.ts';

const HOST = 'Host: localhost\r\n';

describe('a client that takes its time', { timeout: 40_000 }, () => {
  /** Milliseconds until the server has closed the connection. */
  async function heldFor(port: number, first: string, each: string): Promise<number> {
    const began = performance.now();
    const socket = connect(port, '127.0.0.1');
    socket.on('error', () => {});
    socket.resume();
    socket.write(first);
    const drip = setInterval(() => socket.write(each), 500);
    await new Promise((resolve) => socket.once('close', resolve));
    clearInterval(drip);
    return performance.now() - began;
  }

  test('with its headers, its body, or its first byte, is cut off, while others are answered', async () => {
    const { origin, port, token } = await openTarget();
    const slow = [
      heldFor(port, `GET /healthz HTTP/1.1\r\n${HOST}`, 'X-Slow: 1\r\n'),
      heldFor(port, '', ''),
      heldFor(
        port,
        `POST /v1/auth/code HTTP/1.1\r\n${HOST}Content-Type: application/json\r\nContent-Length: 9999\r\n\r\n`,
        ' ',
      ),
    ];
    // A stream is silent for longer than either, and stays.
    const stream = await fetch(`${origin}/v1/stream`, { headers: { authorization: `Bearer ${token}` } });
    const answers = await Promise.all(Array.from({ length: 50 }, () => fetch(`${origin}/healthz`)));
    expect(answers.every(({ ok }) => ok)).toBe(true);
    const [headers = 0, nothing = 0, body = 0] = await Promise.all(slow);
    expect(headers).toBeLessThan(14_000);
    expect(nothing).toBeLessThan(14_000);
    expect(body).toBeLessThan(20_000);
    const reader = stream.body!.getReader();
    expect((await reader.read()).done).toBe(false);
    await reader.cancel();
  });
});
