import { request as httpRequest } from 'node:http';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { fieldErrors } from '../../src/http/problem.ts';
import { openApp } from './in-process.ts';
import { run } from './running.ts';

const LIMIT = 256 * 1024;

describe('every error below /v1 is a problem', () => {
  test.each([
    ['GET', '/v1/nothing', {}, 404],
    ['GET', '/v1/', {}, 404],
    ['PUT', '/v1/auth/code', {}, 405],
    ['POST', '/v1/auth/code', { body: '{"email":' }, 422],
    ['POST', '/v1/auth/code', { body: '' }, 422],
    ['POST', '/v1/auth/code', { body: '"ana@acme.example"' }, 422],
    ['POST', '/v1/auth/code', { body: '{}' }, 422],
    ['POST', '/v1/auth/code', {}, 422],
    ['POST', '/v1/auth/code', { body: '{}', headers: { 'content-type': 'text/plain' } }, 415],
    ['POST', '/v1/auth/code', { body: '{}', headers: { 'content-type': 'application/merge-patch+json' } }, 415],
    ['POST', '/v1/auth/code', { body: '{}', headers: { 'content-type': '' } }, 415],
    ['POST', '/v1/auth/code', { body: `"${'a'.repeat(LIMIT)}"` }, 413],
  ])('%s %s %.60j: %i', async (method, path, ask, status) => {
    const answer = await openApp().call(method, path, ask);
    expect(answer.status).toBe(status);
    expect(answer.headers.get('content-type')).toBe('application/problem+json');
    expect(answer.body).toMatchObject({
      type: 'about:blank',
      status,
      title: expect.any(String),
      detail: expect.any(String),
    });
  });

  test('405 says what is allowed', async () => {
    const { call } = openApp();
    const answer = await call('GET', '/v1/auth/token');
    expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'POST, DELETE']);
    const inside = await call('DELETE', '/v1/businesses/acme/events');
    expect([inside.status, inside.headers.get('allow')]).toEqual([405, 'POST']);
  });

  test('422 names the fields', async () => {
    const { post } = openApp();
    const { body } = await post('/v1/auth/token', { email: 'nobody', code: '12' });
    expect(body.errors.map(({ field }: { field: string }) => field)).toEqual(['email', 'code']);
  });

  test('application/json may come with a charset', async () => {
    const headers = { 'content-type': 'application/json; charset=utf-8' };
    expect((await openApp().post('/v1/auth/code', { email: 'a@b.example' }, { headers })).status).toBe(202);
  });
});

describe('a body over 256 KiB is refused', () => {
  /** Sends more bytes than are allowed, in pieces, as only a socket of one's own can. */
  async function send(headers: Record<string, string | number>) {
    const running = await run();
    const status = await new Promise<number | undefined>((resolve, reject) => {
      const request = httpRequest(`${running.url}/v1/auth/code`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
      });
      request.on('response', (answer) => resolve(answer.resume().statusCode)).on('error', reject);
      for (let sent = 0; sent <= LIMIT; sent += 64 * 1024) request.write(' '.repeat(64 * 1024));
      request.end();
    });
    await running.close();
    return status;
  }

  test('when it says so', async () => {
    expect(await send({ 'content-length': LIMIT + 64 * 1024 })).toBe(413);
  });

  test('when it comes in chunks and says nothing', async () => {
    expect(await send({ 'transfer-encoding': 'chunked' })).toBe(413);
  });
});

test('a body in chunks that is small enough is taken', async () => {
  const running = await run();
  const body = new ReadableStream({
    start(controller) {
      controller.enqueue(new TextEncoder().encode('{"email":'));
      controller.enqueue(new TextEncoder().encode('"a@b.example"}'));
      controller.close();
    },
  });
  const init = { method: 'POST', headers: { 'content-type': 'application/json' }, body, duplex: 'half' };
  expect((await fetch(`${running.url}/v1/auth/code`, init as RequestInit)).status).toBe(202);
  await running.close();
});

describe('a failure of ours', () => {
  const failing = (error: Error) => openApp({}, { store: () => ({ putCode: () => Promise.reject(error) }) });
  const ask = (app: ReturnType<typeof openApp>) => app.post('/v1/auth/code', { email: 'ana@acme.example' });

  test.each(['SQLITE_FULL', 'SQLITE_READONLY', 'SQLITE_BUSY', 'SQLITE_IOERR_WRITE'])(
    'of the store (%s), however wrapped, is 503 with Retry-After',
    async (code) => {
      const cause = Object.assign(new Error('ana@acme.example could not be written'), { code });
      const app = failing(new Error('Failed query: insert ana@acme.example', { cause }));
      const answer = await ask(app);
      expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '5']);
      expect(app.logged.join()).toContain(code);
      expect(app.logged.join()).not.toContain('ana@');
    },
  );

  test('of any other kind is 500, and neither the answer nor the log quotes anybody', async () => {
    const app = failing(new TypeError('cannot read ana@acme.example'));
    const answer = await ask(app);
    expect([answer.status, answer.headers.get('content-type')]).toEqual([500, 'application/problem+json']);
    expect(JSON.stringify(answer.body) + app.logged.join()).not.toContain('ana@');
    const logged = app.logged.map((line) => JSON.parse(line)).find(({ msg }) => msg === 'a request failed');
    expect(logged).toMatchObject({ kind: 'TypeError', level: 'error', requestId: expect.any(String) });
    expect(logged.stack[0]).toContain('problem.test.ts');
  });
});

describe('the fields of a zod failure', () => {
  const errorsOf = (schema: z.ZodType, value: unknown) => {
    const { error } = schema.safeParse(value);
    return error ? fieldErrors(error).map(({ field }) => field) : [];
  };

  test('are paths', () => {
    const schema = z.object({ data: z.object({ list: z.array(z.object({ id: z.string() })) }) });
    expect(errorsOf(schema, { data: { list: [{ id: 'a' }, {}] } })).toEqual(['data.list.1.id']);
    expect(errorsOf(schema, 'text')).toEqual(['body']);
  });

  test('are those of the alternative that fits best', () => {
    const schema = z.object({
      by: z.union([z.object({ agentId: z.string() }), z.object({ a: z.literal(true), b: z.string() })]),
    });
    expect(errorsOf(schema, { by: { agentId: 7 } })).toEqual(['by.agentId']);
    expect(errorsOf(schema, { by: { a: true } })).toEqual(['by.agentId']);
  });
});
