// @vitest-environment node
import { describe, expect, test, vi } from 'vitest';
import { signedOutByServer } from '../../background/connection/session.ts';
import { NO_BELL } from '../../domain/bell.ts';
import { sendMessage } from '../../messages.ts';
import { aMe, aNotification } from '../notification.ts';
import { setUp, TOKEN } from './worker.ts';

const AGENT = { id: 'a1', name: 'Ana', email: 'ana@shop.example', role: 'agent' as const };
const OTHER_TOKEN = 'token-2';

describe('signing in', () => {
  const signedOut = async () => {
    const all = await setUp({ signedIn: false });
    all.start();
    all.server.reply('POST /v1/auth/code', { status: 202, body: { challenge: 'c1' } });
    all.server.reply('POST /v1/auth/token', { status: 200, body: { token: TOKEN, agent: AGENT } });
    return all;
  };
  const input = (server: string) => ({ server, email: 'ana@shop.example', code: '123456' });

  test('asks for a code, exchanges it for a session, and connects', async () => {
    const { server, state, carriedOut } = await signedOut();
    expect(await sendMessage('requestCode', { server: `${server.url}/`, email: 'ana@shop.example' })).toEqual({
      ok: true,
      challenge: 'c1',
    });
    const given = { ...input(server.url), challenge: 'c1', businessId: 'b1' };
    expect(await sendMessage('signIn', given)).toMatchObject({
      ok: true,
      agent: AGENT,
    });
    expect(server.requests.map(({ body }) => body)).toEqual([
      { email: 'ana@shop.example' },
      { email: 'ana@shop.example', code: '123456', challenge: 'c1', businessId: 'b1', device: expect.any(String) },
    ]);
    expect(await state.account.getValue()).toEqual({ server: server.url, token: TOKEN });
    const stream = await server.stream();
    expect(stream.headers.authorization).toBe(`Bearer ${TOKEN}`);
    stream.send('snapshot', { me: aMe(), unread: 0, items: [] }, 1);
    await carriedOut(stream, 'caught_up', { unread: 0 }, 1);
    expect((await state.connectionRecord.getValue()).state).toBe('connected');
  });

  test('works with a server that knows no challenges yet', async () => {
    const { server } = await signedOut();
    server.reply('POST /v1/auth/code', { status: 202, body: {} });
    const asked = await sendMessage('requestCode', { server: server.url, email: 'ana@shop.example' });
    expect(asked).toEqual({ ok: true });
    expect(await sendMessage('signIn', input(server.url))).toMatchObject({ ok: true });
    expect(server.requests.at(-1)?.body).not.toHaveProperty('challenge');
  });

  const businesses = [{ id: 'b1', name: 'Shop' }];
  test.each<[string, number, unknown, object]>([
    ['a wrong code', 401, { title: 'Unauthorized' }, { error: 'wrong_code' }],
    ['several businesses', 409, { title: 'Conflict', businesses }, { error: 'choose_business', businesses }],
    [
      'an invalid email',
      422,
      { errors: [{ field: 'email', message: 'is not one' }] },
      { error: 'failed', detail: 'email is not one' },
    ],
    ['an answer that explains nothing', 418, {}, { error: 'failed', detail: 'HTTP 418' }],
    ['a server in trouble', 503, { title: 'Service Unavailable' }, { error: 'unreachable' }],
  ])('says so: %s', async (_name, status, body, failure) => {
    const { server, state } = await signedOut();
    server.reply('POST /v1/auth/token', { status, body });
    expect(await sendMessage('signIn', input(server.url))).toEqual({ ok: false, ...failure });
    expect(await state.account.getValue()).toBeNull();
  });

  test('says how long to wait after too many codes', async () => {
    const { server } = await signedOut();
    server.reply('POST /v1/auth/code', { status: 429, body: {}, headers: { 'retry-after': '90' } });
    const answer = await sendMessage('requestCode', { server: server.url, email: 'ana@shop.example' });
    expect(answer).toEqual({ ok: false, error: 'too_many', retryAfterSeconds: 90 });
  });

  test.each([
    ['nobody', 'http://127.0.0.1:1', { error: 'unreachable' }],
    ['no address', 'not an address', { error: 'failed', detail: 'That is not a web address.' }],
  ])('says so: %s', async (_name, server, failure) => {
    await signedOut();
    expect(await sendMessage('requestCode', { server, email: 'ana@shop.example' })).toEqual({ ok: false, ...failure });
    expect(await sendMessage('signIn', input(server))).toEqual({ ok: false, ...failure });
  });

  test('a captive portal is nobody', async () => {
    const { server } = await signedOut();
    server.reply('POST /v1/auth/code', { status: 200, body: '<html>', headers: { 'content-type': 'text/html' } });
    const answer = await sendMessage('requestCode', { server: server.url, email: 'ana@shop.example' });
    expect(answer).toEqual({ ok: false, error: 'unreachable' });
  });

  test('goes only where the administrator lets it', async () => {
    const { server, desktop } = await signedOut();
    desktop.managed = { server: 'https://chat.company.example', lockServer: true };
    const failure = { ok: false, error: 'failed', detail: 'Your company allows only https://chat.company.example.' };
    expect(await sendMessage('requestCode', { server: server.url, email: 'ana@shop.example' })).toEqual(failure);
    expect(await sendMessage('signIn', input(server.url))).toEqual(failure);
    expect(server.requests).toEqual([]);
  });

  test('as somebody else ends the session before, and leaves nothing of it', async () => {
    const { live, notify, server, state, desktop, saw } = await setUp();
    const { stream } = await live();
    await notify(stream, aNotification({ seq: 11 }));
    server.reply('POST /v1/auth/token', { status: 200, body: { token: OTHER_TOKEN, agent: AGENT } });
    server.reply('DELETE /v1/auth/token', { status: 204 });
    await sendMessage('signIn', input(server.url));
    await stream.closed;
    expect(desktop.titles()).toEqual([]);
    expect(await state.storedBell.getValue()).toEqual(NO_BELL);
    expect((await server.stream()).headers).toMatchObject({ authorization: `Bearer ${OTHER_TOKEN}` });
    await saw(() =>
      expect(server.requests.at(-1)).toMatchObject({ method: 'DELETE', headers: { authorization: `Bearer ${TOKEN}` } }),
    );
  });
});

describe('signing out', () => {
  test('erases bell, cursor and toasts, and ends the session at the server', async () => {
    const { live, notify, server, state, desktop } = await setUp();
    const { stream } = await live();
    await notify(stream, aNotification({ seq: 11 }));
    await state.device.setValue({ pausedUntil: null, preview: 'sender' });
    await state.pendingReads.setValue([{ upTo: 3 }]);
    server.reply('DELETE /v1/auth/token', { status: 204 });
    await sendMessage('signOut');
    await stream.closed;
    expect(await state.account.getValue()).toBeNull();
    expect(await state.storedBell.getValue()).toEqual(NO_BELL);
    expect(await state.pendingReads.getValue()).toEqual([]);
    expect(await state.connectionRecord.getValue()).toMatchObject({ state: 'signed_out', againstWill: false });
    expect((await state.device.getValue()).preview).toBe('sender');
    expect(desktop.titles()).toEqual([]);
    expect(await desktop.badge()).toBe('!');
    expect(server.requests.at(-1)).toMatchObject({ method: 'DELETE', path: '/v1/auth/token' });
  });

  test('works without the server', async () => {
    const { live, server, state } = await setUp();
    await live();
    server.reply('DELETE /v1/auth/token', { status: 503 });
    await sendMessage('signOut');
    expect(await state.account.getValue()).toBeNull();
  });
});

describe('being signed out by the server', () => {
  test.each(['at the next connect', 'by a goodbye'])(
    '%s shows one toast that stays, and nothing more comes',
    async (how) => {
      const { live, notify, server, state, desktop, saw, clock } = await setUp();
      const { stream } = await live();
      await notify(stream, aNotification({ seq: 11 }));
      if (how === 'by a goodbye') stream.send('goodbye', { reason: 'signed_out' });
      else {
        server.answerStreams((_request, response) => response.writeHead(401).end());
        stream.cut();
        await saw(async () => expect((await state.connectionRecord.getValue()).state).toBe('disconnected'));
        clock.advance(3_000);
      }
      await saw(() => expect([...desktop.toasts.keys()]).toEqual(['signed-out']));
      expect(desktop.toast('signed-out')).toMatchObject({
        requireInteraction: true,
        title: 'You are signed out of Converso',
      });
      expect(await state.account.getValue()).toBeNull();
      expect(await state.storedBell.getValue()).toEqual(NO_BELL);
      expect(await state.connectionRecord.getValue()).toMatchObject({ state: 'signed_out', againstWill: true });
      expect(await desktop.badge()).toBe('!');
      expect(clock.waits()).toEqual([]);
    },
  );
});

describe('the policy of an administrator', () => {
  const LOCKED = { server: 'https://chat.company.example', lockServer: true };

  test('that locks another server ends a session that exists, and says why', async () => {
    const { live, notify, state, desktop, saw, browser, server } = await setUp();
    const { stream } = await live();
    await notify(stream, aNotification({ seq: 11 }));
    desktop.managed = LOCKED;
    await browser.storage.onChanged.trigger({ lockServer: { newValue: true } }, 'managed');
    await saw(() => expect([...desktop.toasts.keys()]).toEqual(['signed-out']));
    expect(desktop.toast('signed-out')?.message).toBe('Your company allows only https://chat.company.example.');
    expect(await state.account.getValue()).toBeNull();
    expect(await state.connectionRecord.getValue()).toMatchObject({ state: 'signed_out', againstWill: true });
    await stream.closed;
    expect(server.requests.filter(({ method }) => method === 'DELETE')).toEqual([]);
  });

  test('that was set while the browser was closed holds before anything is said to the server', async () => {
    const { start, state, desktop, saw, server } = await setUp();
    desktop.managed = LOCKED;
    start();
    await saw(() => expect([...desktop.toasts.keys()]).toEqual(['signed-out']));
    expect(await state.account.getValue()).toBeNull();
    expect(server.streams).toEqual([]);
    expect(server.requests).toEqual([]);
  });

  test('is needed for plain http beyond private addresses, also by a session that exists', async () => {
    const { start, state, desktop, saw } = await setUp();
    await state.account.setValue({ server: 'http://chat.example', token: TOKEN });
    start();
    await saw(() => expect(desktop.toast('signed-out')?.message).toMatch(/not encrypted/));
  });

  test('that cannot be read ends nothing', async () => {
    const { start, browser, server } = await setUp();
    vi.spyOn(browser.storage.managed, 'get').mockRejectedValue(new Error('Managed storage is unavailable'));
    vi.spyOn(console, 'warn').mockImplementation(() => {});
    start();
    await server.stream();
  });
});

test('what a server says of a session before is no matter to this one', async () => {
  const { live, state, desktop } = await setUp();
  const { connection } = await live();
  await signedOutByServer(connection, OTHER_TOKEN);
  expect(await state.account.getValue()).toMatchObject({ token: TOKEN });
  expect((await state.connectionRecord.getValue()).state).toBe('connected');
  expect(desktop.titles()).toEqual([]);
});

describe('preferences', () => {
  test('are changed at the server, and here', async () => {
    const { live, notify, server, state, desktop } = await setUp();
    const { stream } = await live();
    await notify(stream, aNotification({ seq: 11 }));
    const off = { messageNotifications: false, assistantChats: true, unrepliedEmails: true };
    server.reply('PATCH /v1/me/preferences', { status: 200, body: off });
    expect(await sendMessage('setPreferences', { messageNotifications: false })).toEqual({ ok: true });
    expect(server.requests.at(-1)?.body).toEqual({ messageNotifications: false });
    expect((await state.storedBell.getValue()).me?.preferences).toEqual(off);
    expect(desktop.titles()).toEqual([]);
    expect(desktop.icon).toMatch(/16-crossed\.png$/);
  });

  test('stay as they are when the server does not answer', async () => {
    const { live, server, state } = await setUp();
    await live();
    server.reply('PATCH /v1/me/preferences', { status: 503 });
    expect(await sendMessage('setPreferences', { messageNotifications: false })).toEqual({
      ok: false,
      error: 'unreachable',
    });
    expect((await state.storedBell.getValue()).me?.preferences.messageNotifications).toBe(true);
  });

  test('cannot be changed while signed out', async () => {
    const { start } = await setUp({ signedIn: false });
    start();
    expect(await sendMessage('setPreferences', {})).toEqual({ ok: false, error: 'signed_out' });
  });
});
