import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createCall } from '../../src/services/call.ts';
import { CallError } from '../../src/sources/source.ts';

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

describe('a call of a foreign system', () => {
  test('goes below its address, with what signs us in, and gives the JSON', async () => {
    const base = await serve((request, response) => {
      response.end(
        JSON.stringify([request.method, request.url, request.headers['x-token'], request.headers['content-type']]),
      );
    });
    const call = createCall({ base: `${base}/below`, headers: { 'x-token': 't' } });
    const get = await call({ method: 'GET', path: '/a', query: { q: 'x y' } });
    const post = await call({ method: 'POST', path: '/b', form: { a: '1' } });
    expect([get.body, post.body]).toEqual([
      ['GET', '/below/a?q=x+y', 't', null],
      ['POST', '/below/b', 't', 'application/x-www-form-urlencoded'],
    ]);
  });

  test('does not follow a redirect, which could take the token elsewhere', async () => {
    const asked: (string | undefined)[] = [];
    const base = await serve((request, response) => {
      asked.push(request.url);
      response.writeHead(302, { location: '/elsewhere' }).end();
    });
    const { status, body } = await createCall({ base, headers: {} })({ method: 'GET', path: '/a' });
    expect([status, body, asked]).toEqual([302, null, ['/a']]);
  });

  test('that is answered more than 5 MB is given up', async () => {
    const base = await serve((_, response) => response.end(Buffer.alloc(6 * 1024 * 1024)));
    await expect(createCall({ base, headers: {} })({ method: 'GET', path: '/' })).rejects.toThrow('more than 5 MB');
  });

  test('that nobody answers says where to, and not with what', async () => {
    const base = await serve((request) => request.socket.destroy());
    const failed = createCall({ base, headers: { 'x-token': 'the token' } })({
      method: 'GET',
      path: '/a',
      query: { q: 's' },
    });
    await expect(failed).rejects.toThrow(CallError);
    await expect(failed).rejects.toThrow(/^GET http:\/\/127\.0\.0\.1:\d+\/a: no connection/);
  });
});
