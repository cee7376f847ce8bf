import { describe, expect, test } from 'vitest';
import { type Answer, openApp } from './in-process.ts';

const ANA = 'ana@acme.example';
const BEN = 'ben@acme.example';
const COOKIE = /^converso_session=([\w-]{43}); .*HttpOnly/;

async function acme(environment: Record<string, string> = {}) {
  const app = openApp(environment);
  await app.addBusiness('acme', { ana: ANA, ben: BEN });
  const token = await app.signIn(ANA, { device: 'Chrome on Windows' });
  const ticketOf = async (by = token): Promise<string> =>
    (await app.post('/v1/auth/ticket', undefined, { token: by })).body.ticket;
  const use = (ticket: string, headers: Record<string, string> = {}, page = '/inbox/c1') =>
    app.get(`${page}?ticket=${ticket}`, { headers });
  const agentOf = async (cookie: string) => (await app.get('/v1/me', { headers: { cookie } })).body.agent?.id;
  return { ...app, token, ticketOf, use, agentOf };
}

const cookieOf = ({ headers }: Answer): string => headers.get('set-cookie')?.split(';')[0] ?? '';

describe('a ticket', () => {
  test('signs the browser in as the same agent and is removed from the address', async () => {
    const { ticketOf, use, agentOf } = await acme();
    const answer = await use(await ticketOf());
    expect([answer.status, answer.headers.get('location'), answer.body]).toEqual([303, '/inbox/c1', '']);
    expect(answer.headers.get('set-cookie')).toMatch(COOKIE);
    expect(answer.headers.get('set-cookie')).toMatch(/; Path=\/;.*SameSite=Lax/);
    expect(answer.headers.get('referrer-policy')).toBe('no-referrer');
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(await agentOf(cookieOf(answer))).toBe('ana');
  });

  test.each([
    ['/inbox', '/inbox'],
    ['/inbox/a%2Fb', '/inbox/a%2Fb'],
    ['/inbox/%F0%9F%92%AC', '/inbox/%F0%9F%92%AC'],
  ])('leads from %s to %s', async (page, location) => {
    const { ticketOf, use } = await acme();
    expect((await use(await ticketOf(), {}, page)).headers.get('location')).toBe(location);
  });

  test('leaves the rest of the address alone', async () => {
    const { ticketOf, get } = await acme();
    const answer = await get(`/inbox/c1?a=1&ticket=${await ticketOf()}&b=2`);
    expect(answer.headers.get('location')).toBe('/inbox/c1?a=1&b=2');
    expect(answer.headers.get('set-cookie')).toMatch(COOKIE);
  });

  test('on https begins a session that is bound to this host', async () => {
    const { ticketOf, use } = await acme({ PUBLIC_URL: 'https://notify.example.com' });
    const answer = await use(await ticketOf());
    expect(answer.headers.get('set-cookie')).toMatch(/^__Host-converso_session=[\w-]{43}; .*Secure/);
  });

  test('is good once', async () => {
    const { ticketOf, use } = await acme();
    const ticket = await ticketOf();
    await use(ticket);
    const again = await use(ticket);
    expect([again.status, again.headers.get('location')]).toEqual([303, '/inbox/c1']);
    expect(again.headers.get('set-cookie')).toBeNull();
  });

  test('is good for 30 seconds', async () => {
    const app = await acme();
    const [early, late] = [await app.ticketOf(), await app.ticketOf()];
    app.time.ahead = 29_000;
    expect((await app.use(early)).headers.get('set-cookie')).toMatch(COOKIE);
    app.time.ahead = 31_000;
    const answer = await app.use(late);
    expect([answer.status, answer.headers.get('location'), answer.headers.get('set-cookie')]).toEqual([
      303,
      '/inbox/c1',
      null,
    ]);
  });

  test.each(['', 'x', 'a'.repeat(43), '../'.repeat(20), '%00', 'a'.repeat(5000)])(
    'that nobody was given (%j) shows the page and signs nobody in',
    async (made) => {
      const { use } = await acme();
      const answer = await use(made);
      expect([answer.status, answer.headers.get('location')]).toEqual([303, '/inbox/c1']);
      expect(answer.headers.get('set-cookie')).toBeNull();
    },
  );

  test('that can be none is not looked up in the store', async () => {
    const app = openApp({}, { store: () => ({ useTicket: () => Promise.reject(new Error('asked')) }) });
    expect((await app.get('/inbox?ticket=made-up')).status).toBe(303);
  });

  test.each(['cross-site', 'same-site'])('in a link of another page (%s) signs nobody in', async (site) => {
    const { ticketOf, use } = await acme();
    const ticket = await ticketOf();
    const answer = await use(ticket, { 'sec-fetch-site': site });
    expect([answer.status, answer.headers.get('location')]).toEqual([303, '/inbox/c1']);
    expect(answer.headers.get('set-cookie')).toBeNull();
    expect((await use(ticket, { 'sec-fetch-site': 'none' })).headers.get('set-cookie')).toMatch(COOKIE);
  });

  test('is not used by a request for the headers alone', async () => {
    const { ticketOf, use, call } = await acme();
    const ticket = await ticketOf();
    expect((await call('HEAD', `/inbox/c1?ticket=${ticket}`)).headers.get('set-cookie')).toBeNull();
    expect((await use(ticket)).headers.get('set-cookie')).toMatch(COOKIE);
  });

  test('stands in no log line, no metric and no file', async () => {
    const app = await acme();
    const [used, unused] = [await app.ticketOf(), await app.ticketOf()];
    const cookie = cookieOf(await app.use(used)).split('=')[1]!;
    await app.use(used);
    const written = [...app.logged, (await app.get('/metrics')).body, app.onDisk()].join('\n');
    expect(app.logged.join('\n')).toContain('/v1/auth/ticket');
    for (const secret of [used, unused, cookie]) expect(written).not.toContain(secret);
  });
});

describe('who asks for a ticket', () => {
  test('needs a token', async () => {
    const { post, use, ticketOf } = await acme();
    expect((await post('/v1/auth/ticket', undefined)).status).toBe(401);
    expect((await post('/v1/auth/ticket', undefined, { token: 'a'.repeat(43) })).status).toBe(401);
    // The inbox page has no use for one, and a script in it must not get one either.
    const headers = { cookie: cookieOf(await use(await ticketOf())), 'sec-fetch-site': 'same-origin' };
    expect((await post('/v1/auth/ticket', undefined, { headers })).status).toBe(401);
  });

  test('gets nothing from it after the sign-out', async () => {
    const { ticketOf, use, call, token } = await acme();
    const ticket = await ticketOf();
    expect((await call('DELETE', '/v1/auth/token', { token })).status).toBe(204);
    expect((await use(ticket)).headers.get('set-cookie')).toBeNull();
  });
});

describe('a browser that is signed in already', () => {
  test('as the same agent keeps its session', async () => {
    const { ticketOf, use, agentOf } = await acme();
    const cookie = cookieOf(await use(await ticketOf()));
    const answer = await use(await ticketOf(), { cookie });
    expect([answer.status, answer.headers.get('set-cookie')]).toEqual([303, null]);
    expect(await agentOf(cookie)).toBe('ana');
  });

  test('as another agent gets a session of this one, and the other ends', async () => {
    const { ticketOf, use, agentOf, signIn } = await acme();
    const cookie = `converso_session=${await signIn(BEN)}`;
    const answer = await use(await ticketOf(), { cookie });
    expect(await agentOf(cookieOf(answer))).toBe('ana');
    expect(await agentOf(cookie)).toBeUndefined();
  });

  test('keeps its session when the ticket is not good', async () => {
    const { use, agentOf, signIn } = await acme();
    const cookie = `converso_session=${await signIn(BEN)}`;
    await use('a'.repeat(43), { cookie });
    expect(await agentOf(cookie)).toBe('ben');
  });
});

describe('the session that a ticket began', () => {
  test('is in the list of the agent’s sessions', async () => {
    const { ticketOf, use, get, token } = await acme();
    await use(await ticketOf());
    const { items } = (await get('/v1/me/sessions', { token })).body;
    expect(items.map(({ device }: { device: string }) => device).toSorted()).toEqual([
      'Chrome on Windows',
      'Inbox in Chrome on Windows',
    ]);
  });

  test('ends when the extension signs out', async () => {
    const { ticketOf, use, agentOf, call, token } = await acme();
    const cookie = cookieOf(await use(await ticketOf()));
    await call('DELETE', '/v1/auth/token', { token });
    expect(await agentOf(cookie)).toBeUndefined();
  });

  test('leaves the extension signed in when it ends by itself', async () => {
    const { ticketOf, use, agentOf, call, get, token } = await acme();
    const cookie = cookieOf(await use(await ticketOf()));
    const headers = { cookie, 'sec-fetch-site': 'same-origin' };
    expect((await call('DELETE', '/v1/auth/token', { headers })).status).toBe(204);
    expect(await agentOf(cookie)).toBeUndefined();
    expect((await get('/v1/me', { token })).status).toBe(200);
  });

  test('stays when a session by a code ends: that one had no part in it', async () => {
    const { ticketOf, use, agentOf, call, signIn } = await acme();
    const cookie = cookieOf(await use(await ticketOf()));
    await call('DELETE', '/v1/auth/token', { token: await signIn(ANA) });
    expect(await agentOf(cookie)).toBe('ana');
  });
});
