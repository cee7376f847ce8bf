import { describe, expect, test } from 'vitest';
import { openApp } from './in-process.ts';

const ANA = 'ana@acme.example';
const OUR_PAGE = { 'sec-fetch-site': 'same-origin' };

async function acme(environment: Record<string, string> = {}) {
  const app = openApp(environment);
  await app.addBusiness('acme', { ana: ANA });
  return app;
}

async function signedIn(environment: Record<string, string> = {}) {
  const app = await acme(environment);
  const code = await app.codeFor(ANA);
  const answer = await app.post('/v1/auth/session', { email: ANA, code });
  const setCookie = answer.headers.get('set-cookie') ?? '';
  const cookie = setCookie.split(';')[0]!;
  const patch = (headers: Record<string, string>) =>
    app.call('PATCH', '/v1/me/preferences', { body: { assistantChats: false }, headers: { cookie, ...headers } });
  return { ...app, answer, setCookie, cookie, patch };
}

describe("the inbox page's session", () => {
  test('is a cookie that scripts cannot read, and the token stands nowhere else', async () => {
    const { answer, setCookie, cookie, get } = await signedIn();
    expect(answer).toMatchObject({ status: 200, body: { agent: { id: 'ana', email: ANA } } });
    expect(answer.body).not.toHaveProperty('token');
    expect(setCookie).toMatch(/^converso_session=[\w-]{43}; /);
    for (const attribute of ['HttpOnly', 'SameSite=Lax', 'Path=/']) expect(setCookie).toContain(attribute);
    expect(setCookie).not.toContain('Secure');
    expect((await get('/v1/me', { headers: { cookie } })).body.agent.id).toBe('ana');
  });

  test('is bound to this very host and to https, where the server is at https', async () => {
    const { setCookie, cookie, get, call } = await signedIn({ PUBLIC_URL: 'https://notify.example.com' });
    expect(setCookie).toMatch(/^__Host-converso_session=[\w-]{43}; /);
    expect(setCookie).toMatch(/; Path=\/;/);
    expect(setCookie).toContain('; Secure');
    expect(setCookie).not.toContain('Domain');
    expect((await get('/v1/me', { headers: { cookie } })).status).toBe(200);
    // A neighbour under the same domain can set a cookie without the prefix, but none with it.
    expect((await get('/v1/me', { headers: { cookie: cookie.replace('__Host-', '') } })).status).toBe(401);
    const out = await call('DELETE', '/v1/auth/token', { headers: { cookie, ...OUR_PAGE } });
    expect(out.headers.get('set-cookie')).toMatch(/^__Host-converso_session=; Max-Age=0; Path=\/;.* Secure/);
  });

  test('ends with the sign-out, which clears the cookie', async () => {
    const { call, get, cookie } = await signedIn();
    const out = await call('DELETE', '/v1/auth/token', { headers: { cookie, ...OUR_PAGE } });
    expect(out.status).toBe(204);
    expect(out.headers.get('set-cookie')).toMatch(/^converso_session=; Max-Age=0;/);
    expect((await get('/v1/me', { headers: { cookie } })).status).toBe(401);
  });

  test('sets no cookie for a wrong code', async () => {
    const { post } = await acme();
    const answer = await post('/v1/auth/session', { email: ANA, code: '000000' });
    expect(answer.status).toBe(401);
    expect(answer.headers.get('set-cookie')).toBeNull();
  });
});

describe('with a cookie, a change', () => {
  test.each([
    [OUR_PAGE, 200],
    [{ origin: 'http://localhost:8787' }, 200],
    [{ origin: 'http://localhost' }, 200],
    [{ 'sec-fetch-site': 'cross-site' }, 403],
    [{ 'sec-fetch-site': 'same-site' }, 403],
    [{ 'sec-fetch-site': 'none' }, 403],
    [{ 'sec-fetch-site': 'cross-site', origin: 'http://localhost:8787' }, 403],
    [{ origin: 'https://evil.example' }, 403],
    [{ origin: 'null' }, 403],
    [{}, 403],
  ])('from %j is answered %i', async (headers, status) => {
    const { patch, get, cookie } = await signedIn();
    const answer = await patch(headers as Record<string, string>);
    expect(answer.status).toBe(status);
    expect(answer.headers.get('content-type')).toBe(status === 200 ? 'application/json' : 'application/problem+json');
    const { preferences } = (await get('/v1/me', { headers: { cookie } })).body;
    expect(preferences.assistantChats).toBe(status !== 200);
  });

  test('is not asked where it comes from when a token is sent as well', async () => {
    const { signIn, patch } = await signedIn();
    const token = await signIn(ANA);
    const headers = { 'sec-fetch-site': 'cross-site', authorization: `Bearer ${token}` };
    expect((await patch(headers)).status).toBe(200);
  });
});

describe('no session', () => {
  test.each([
    {},
    { authorization: 'Bearer' },
    { authorization: 'Bearer short' },
    { authorization: 'Basic YTpi' },
    { authorization: `Bearer ${'a'.repeat(43)}` },
    { authorization: `Bearer ${'a'.repeat(10_000)}` },
    { cookie: 'converso_session=' },
    { cookie: `converso_session=${'a'.repeat(43)}` },
    { cookie: 'other=1' },
  ])('with %j', async (headers) => {
    const { get } = await acme();
    const answer = await get('/v1/me', { headers: headers as Record<string, string> });
    expect([answer.status, answer.headers.get('www-authenticate')]).toEqual([401, 'Bearer']);
    expect(answer.body).toMatchObject({ status: 401, title: 'Not signed in' });
  });
});
