import { describe, expect, test } from 'vitest';
import { openApp } from './in-process.ts';

describe('whoever watches the server', () => {
  test('learns that it is alive, also when its store is not', async () => {
    const broken = { store: () => ({ check: () => Promise.reject(new Error('disk I/O error')) }) };
    const app = openApp({ RESEND_API_KEY: 're_key' });
    expect((await app.get('/readyz')).body).toEqual({ status: 'ok', mail: { status: 'ok' } });
    const { get, logged } = openApp({}, broken);
    expect((await get('/healthz')).status).toBe(200);
    const notReady = await get('/readyz');
    expect([notReady.status, notReady.headers.get('retry-after')]).toEqual([503, '5']);
    expect(logged.join()).toContain('the store is not ready');
  });

  test.each<[Record<string, string>, string]>([
    [{}, 'none'],
    [{ SMTP_URL: 'smtp://localhost' }, 'ok'],
    [{ DEMO: '1' }, 'ok'],
  ])('%j: /readyz says whether emails reach anybody: %s', async (environment, status) => {
    const { body } = await openApp(environment).get('/readyz');
    expect(body).toMatchObject({ status: 'ok', mail: { status } });
    if (status === 'none') expect(JSON.stringify(body)).toContain('SMTP_URL');
  });

  test('reads figures of requests, events, mail, streams and the store', async () => {
    const { addBusiness, signIn, get } = openApp();
    await addBusiness('acme', { ana: 'ana@acme.example' });
    await signIn('ana@acme.example');
    await get('/v1/conversations/secret-conversation/nothing');
    const answer = await get('/metrics');
    expect(answer.headers.get('content-type')).toMatch(/^text\/plain/);
    for (const line of [
      'converso_http_request_duration_seconds_count{method="POST",route="/v1/auth/code",status="202"} 1',
      'converso_mails_total{kind="sign_in",outcome="sent"} 1',
      'converso_streams_open 0',
      'converso_store_rows{kind="businesses"} 1',
      'converso_store_rows{kind="agents"} 1',
      'converso_store_rows{kind="sessions"} 1',
    ]) {
      expect(answer.body.split('\n')).toContain(line);
    }
    expect(answer.body).toContain('process_cpu_seconds_total');
    for (const secret of ['secret-conversation', 'acme', 'ana']) expect(answer.body).not.toContain(secret);
  });
});

/** What needs no session: signing in, events (they are signed), and health. */
const OPEN = /^post \/v1\/(auth\/(?!ticket)|businesses\/|resend\/)|^get \/(healthz|readyz)$/;

/** Undefined where any session will do; a ticket is given for a token only. */
const securityOf = (operation: string) => {
  if (operation === 'post /v1/auth/ticket') return [{ bearer: [] }];
  return OPEN.test(operation) ? [] : undefined;
};

describe('the description of the API', () => {
  /** Every documented answer of every operation. */
  interface Operation {
    responses: Record<string, { content?: Record<string, unknown> }>;
    security?: Record<string, string[]>[];
  }

  test('has every route under /v1 and no other, with its errors', async () => {
    const { app, get } = openApp({ DEMO: '1' });
    const { body } = await get('/openapi.json');
    const described = Object.entries(body.paths as Record<string, Record<string, Operation>>).flatMap(
      ([path, operations]) =>
        Object.keys(operations).map((method) => `${method.toUpperCase()} ${path.replaceAll(/\{(\w+)\}/g, ':$1')}`),
    );
    const mounted = app.routes.filter(({ method, path }) => method !== 'ALL' && path.startsWith('/v1/'));
    const routes = new Set(mounted.map(({ method, path }) => `${method} ${path}`));
    expect(new Set(described.filter((route) => route.includes(' /v1/')))).toEqual(routes);
    expect(routes.size).toBeGreaterThan(10);
  });

  test('says what needs a session, and has only problems as errors', async () => {
    const { body } = await openApp().get('/openapi.json');
    expect(Object.keys(body.components.securitySchemes).sort()).toEqual(['bearer', 'cookie']);
    expect(body.security).toEqual([{ bearer: [] }, { cookie: [] }]);
    for (const [path, operations] of Object.entries(body.paths as Record<string, Record<string, Operation>>)) {
      for (const [method, { responses, security }] of Object.entries(operations)) {
        expect([method, path, security]).toEqual([method, path, securityOf(`${method} ${path}`)]);
        for (const [status, { content }] of Object.entries(responses)) {
          if (Number(status) >= 400)
            expect([path, status, Object.keys(content ?? {})]).toEqual([path, status, ['application/problem+json']]);
        }
      }
    }
  });

  test('is read at /docs, with nothing from anywhere else', async () => {
    const { get } = openApp();
    const page = await get('/docs');
    expect(page.status).toBe(200);
    expect(page.body).not.toMatch(/https?:\/\//);
    const files = [...page.body.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, file]) => file);
    expect(files).toHaveLength(3);
    for (const file of files) expect((await get(file)).status).toBe(200);
    expect((await get('/docs/package.json')).status).toBe(404);
    expect((await get('/docs/..%2Fpackage.json')).status).toBe(404);
  });
});
