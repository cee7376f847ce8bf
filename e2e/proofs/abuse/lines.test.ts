/** What can be done to a server by the way one speaks HTTP to it. */
import { describe, expect, test } from 'vitest';
import { openTarget, raw } from './target.ts';

const HOST = 'Host: localhost\r\n';

describe('what is too large', () => {
  test('headers are 431, and nobody else notices', async () => {
    const { port, origin } = await openTarget();
    const { status } = await raw(port, `GET /healthz HTTP/1.1\r\n${HOST}X-Large: ${'x'.repeat(20_000)}\r\n\r\n`);
    expect(status).toBe(431);
    expect((await fetch(`${origin}/healthz`)).status).toBe(200);
  });

  test('a body is 413, whether it says how long it is or not', async () => {
    const { port, errors } = await openTarget();
    const ask = `POST /v1/auth/code HTTP/1.1\r\n${HOST}Content-Type: application/json\r\n`;
    const large = 'x'.repeat(300_000);
    expect((await raw(port, `${ask}Content-Length: ${large.length}\r\n\r\n${large}`, 500)).status).toBe(413);
    const chunked = `${ask}Transfer-Encoding: chunked\r\n\r\n${large.length.toString(16)}\r\n${large}\r\n0\r\n\r\n`;
    expect((await raw(port, chunked, 500)).status).toBe(413);
    expect(errors).toEqual([]);
  });

  test.each(['9'.repeat(8_000), '-1', '1e9', '0x10', '12 34', '٣', 'NaN', '99999999999999999999'])(
    'a Last-Event-ID that was never issued gets a snapshot (%#)',
    async (id) => {
      const { origin, token, errors } = await openTarget();
      const headers = { authorization: `Bearer ${token}`, 'last-event-id': encodeURIComponent(id) };
      const stream = await fetch(`${origin}/v1/stream`, { headers });
      const reader = stream.body!.pipeThrough(new TextDecoderStream()).getReader();
      let text = '';
      while (!text.includes('caught_up')) text += (await reader.read()).value ?? '';
      await reader.cancel();
      expect(text).toContain('event: snapshot');
      expect(errors).toEqual([]);
    },
  );
});

describe('requests that mean two things', () => {
  test.each([
    ['two lengths', `POST /v1/auth/code HTTP/1.1\r\n${HOST}Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}`],
    [
      'a length and chunks',
      `POST /v1/auth/code HTTP/1.1\r\n${HOST}Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
    ],
    [
      'a header that goes on in the next line',
      `GET /healthz HTTP/1.1\r\n${HOST}X-A: 1\r\n\tfolded\r\nBad Header: 1\r\n\r\n`,
    ],
    ['no host', 'GET /healthz HTTP/1.1\r\n\r\n'],
    ['another protocol', 'EHLO example.com\r\n\r\n'],
    ['bytes that are none', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03'],
  ])('%s are refused', async (_, bytes) => {
    const { port, errors } = await openTarget();
    const { status, closed } = await raw(port, bytes);
    expect(status).toBe(400);
    expect(closed).toBe(true);
    expect(errors).toEqual([]);
  });
});

describe('paths', () => {
  const PATHS = [
    '/inbox/../../package.json',
    '/inbox/..%2f..%2f..%2fpackage.json',
    '/inbox/_assets/..%2f..%2findex.html',
    '/inbox/_assets/%2e%2e/%2e%2e/package.json',
    '/inbox/_assets/..\\..\\package.json',
    '/inbox/_assets/%00',
    '//etc/passwd',
    '/%2e%2e/%2e%2e/etc/passwd',
    '/etc/passwd',
    '/v1/../v1/me',
    '/v1/%2e%2e/metrics',
    '/v1/conversations/__proto__',
    '/v1/conversations/constructor/read',
    '/v1/conversations/%00/read',
    '/v1/conversations/%E0%A4%A/read',
    `/v1/conversations/${'a'.repeat(10_000)}`,
    '/v1/businesses/__proto__/events',
    '/v1/businesses/%2e%2e/events',
    '/v1/notifications?limit=1e9',
    '/v1/notifications?limit[]=1&before=__proto__',
    '/v1/stream?cursor[]=1&__proto__[x]=1',
    '/unsubscribe?token=__proto__',
    '/unsubscribe?token=%00%ff',
    '/docs/..%2f..%2fpackage.json',
    '/docs/__proto__',
    '/docs/constructor',
    'http://evil.example/v1/me',
    '*',
    '/?\x80\xff',
  ];

  test('lead nowhere they should not, with or without a token, by any method', async () => {
    const { port, token, errors } = await openTarget();
    for (const method of ['GET', 'POST', 'PUT', 'DELETE', 'OPTIONS', 'TRACE', 'PROPFIND']) {
      const answers = await Promise.all(
        PATHS.flatMap((path) =>
          ['', `Authorization: Bearer ${token}\r\n`].map(async (header) => {
            const bytes = `${method} ${path} HTTP/1.1\r\n${HOST}${header}Connection: close\r\nContent-Length: 0\r\n\r\n`;
            return { path, ...(await raw(port, bytes, 1000)) };
          }),
        ),
      );
      for (const { path, status, text } of answers) {
        expect([method, path, status >= 500 || status === 0]).toEqual([method, path, false]);
        expect(text).not.toMatch(/root:|"dependencies"|node_modules|\bat .*\.ts:\d/);
      }
    }
    expect(errors).toEqual([]);
    expect((await raw(port, `GET /healthz HTTP/1.1\r\n${HOST}Connection: close\r\n\r\n`)).status).toBe(200);
  });

  test('a method that would open a tunnel is refused', async () => {
    const { port } = await openTarget();
    const { status, closed } = await raw(port, `CONNECT example.com:443 HTTP/1.1\r\n${HOST}\r\n`);
    expect([status === 0 || status >= 400, closed]).toEqual([true, true]);
  });
});
