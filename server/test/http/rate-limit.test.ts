import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { openApp } from './in-process.ts';

const MINUTE = 60_000;
const ANA = 'ana@acme.example';

/** Only the date is turned: everything else of the app goes on as it does. */
beforeEach(() => void vi.useFakeTimers({ toFake: ['Date'] }));
afterEach(() => void vi.useRealTimers());

async function acme(environment: Record<string, string> = {}) {
  const app = openApp(environment);
  await app.addBusiness('acme', { ana: ANA });
  const ask = (email: string, from?: string, headers: Record<string, string> = {}) =>
    app.post('/v1/auth/code', { email }, { headers, ...(from === undefined ? {} : { from }) });
  return { ...app, ask };
}

describe('codes', () => {
  test.each([ANA, 'nobody@acme.example'])(
    'five for %s, then 429 until the quarter of an hour is over',
    async (email) => {
      const { ask } = await acme();
      for (let n = 0; n < 5; n += 1)
        expect((await ask(n % 2 ? email.toUpperCase() : email, `192.0.2.${n}`)).status).toBe(202);
      const refused = await ask(email, '198.51.100.1');
      expect([refused.status, refused.headers.get('content-type')]).toEqual([429, 'application/problem+json']);
      const seconds = Number(refused.headers.get('retry-after'));
      expect(seconds).toBeGreaterThan(14 * 60);
      expect(seconds).toBeLessThanOrEqual(15 * 60);
      expect((await ask('ben@acme.example')).status).toBe(202);
      vi.advanceTimersByTime(15 * MINUTE + 1000);
      expect((await ask(email)).status).toBe(202);
    },
  );

  test('thirty from one client, whose further tries do not use up those of others', async () => {
    const { ask } = await acme();
    for (let n = 0; n < 30; n += 1) expect((await ask(`a${n}@acme.example`)).status).toBe(202);
    for (let n = 0; n < 10; n += 1) expect((await ask(ANA)).status).toBe(429);
    expect((await ask(ANA, '192.0.2.2')).status).toBe(202);
  });

  test('behind proxies the client is the one they name, and whoever writes the header himself is not believed', async () => {
    const { ask } = await acme({ TRUST_PROXY: '1' });
    const from = (client: string) => ({ 'x-forwarded-for': `203.0.113.${Math.random()}, ${client}` });
    for (let n = 0; n < 30; n += 1) await ask(`a${n}@acme.example`, '10.0.0.1', from('192.0.2.7'));
    expect((await ask(ANA, '10.0.0.1', from('192.0.2.7'))).status).toBe(429);
    expect((await ask(ANA, '10.0.0.1', from('192.0.2.8'))).status).toBe(202);
  });

  test('without trusted proxies the header changes nothing', async () => {
    const { ask } = await acme();
    for (let n = 0; n < 30; n += 1) await ask(`a${n}@acme.example`, undefined, { 'x-forwarded-for': `192.0.2.${n}` });
    expect((await ask(ANA, undefined, { 'x-forwarded-for': '192.0.2.99' })).status).toBe(429);
  });
});

describe('attempts', () => {
  test('fifteen for one address, then 429 even with the right code', async () => {
    const { codeFor, post } = await acme();
    const attempt = (code: string, n: number) => post('/v1/auth/token', { email: ANA, code }, { from: `192.0.2.${n}` });
    for (let n = 0; n < 15; n += 1) expect((await attempt('000000', n)).status).toBe(401);
    const code = await codeFor(ANA);
    expect((await attempt(code, 99)).status).toBe(429);
    vi.advanceTimersByTime(15 * MINUTE + 1000);
    expect((await attempt(await codeFor(ANA), 99)).status).toBe(200);
  });

  test('a hundred from one client, for a token and for a cookie together', async () => {
    const { post } = await acme();
    for (let n = 0; n < 100; n += 1) {
      const path = n % 2 ? '/v1/auth/token' : '/v1/auth/session';
      expect((await post(path, { email: `a${n}@acme.example`, code: '000000' })).status).toBe(401);
    }
    expect((await post('/v1/auth/token', { email: ANA, code: '000000' })).status).toBe(429);
  });
});

describe('before a body is read', () => {
  const AUTH = ['/v1/auth/code', '/v1/auth/token', '/v1/auth/session'];

  test.each(AUTH)('POST %s refuses more than 4 KiB', async (path) => {
    const { post } = await acme();
    const answer = await post(path, { email: ANA, code: '123456', more: 'x'.repeat(4096) });
    expect([answer.status, answer.body.detail]).toEqual([413, 'The body may have at most 4 KiB.']);
  });

  test.each(AUTH)('POST %s counts the tries of a client whose bodies are not even JSON', async (path) => {
    const { call } = await acme();
    const answers: number[] = [];
    for (let n = 0; n <= 100; n += 1) answers.push((await call('POST', path, { body: '{"email":' })).status);
    expect(answers[0]).toBe(422);
    expect(answers.at(-1)).toBe(429);
  });

  test('signing out needs no tries', async () => {
    const { call } = await acme();
    const answers = new Set<number>();
    for (let n = 0; n <= 101; n += 1) answers.add((await call('DELETE', '/v1/auth/token')).status);
    expect([...answers]).toEqual([401]);
  });
});
