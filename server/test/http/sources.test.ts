import { describe, expect, test } from 'vitest';
import { replaced, seal } from '../../src/services/sealing.ts';
import type { Incoming } from '../../src/sources/source.ts';
import { SECRET, webhook } from '../sources/chatwoot-payloads.ts';
import { openDesk } from '../sources/chatwoot-stand-in.ts';
import { hmac } from '../sources/requests.ts';
import { openApp } from './in-process.ts';

const KEY = `src_${'k'.repeat(32)}`;
const PUBLIC_URL = 'https://alerts.acme.example';

/** A business whose Chatwoot is plugged in and synced, and one of its agents. */
async function openShop() {
  const began = Date.now() - 60_000;
  const desk = openDesk(began);
  const calls: string[] = [];
  const call: typeof desk.call = (request) => {
    calls.push(request.path);
    return desk.call(request);
  };
  const app = openApp({ PUBLIC_URL }, { call });
  const { store, syncs, config } = app.deps;
  await app.addBusiness('shop', {});
  const add = (key: string, kind: string, settings: object, secrets: Record<string, string>) =>
    store.addSource({
      ...{ key, businessId: 'shop', id: kind.slice(0, 2), kind, settings, createdAt: began },
      secrets: seal(replaced({}, secrets, began), key, config.authSecret),
    });
  const source = async () => (await store.source(KEY))!;
  const settings = { url: 'https://desk.acme.example', account: '3' };
  await add(KEY, 'chatwoot', settings, { webhook: SECRET, token: 't' });
  await syncs.run(await source());
  const token = await app.signIn('tom@acme.example');

  /** Sends a request as it is. */
  const send = ({ method, headers, body }: Pick<Incoming, 'method' | 'headers' | 'body'>, key = KEY) =>
    app.call(method, `/v1/sources/${key}`, { body: body.toString(), headers: Object.fromEntries(headers) });
  return {
    ...{ app, desk, calls, send, store, syncs, source, add, token },
    /** A message or a change at the stand-in, as its webhook. */
    writes: (text: string) => desk.writes(text, Date.now()),
    becomes: (change: Parameters<typeof desk.becomes>[0]) => desk.becomes(change, Date.now()),
    async bell() {
      const { body } = await app.get('/v1/notifications', { token });
      return body.items.map(({ state, reason }: { state: string; reason: string }) => `${state} ${reason}`);
    },
    async chat(id = 'ch:815') {
      const { body } = await app.get(`/v1/conversations/${encodeURIComponent(id)}`, { token });
      return body;
    },
    metric: async (outcome: string) => {
      const { values } = await app.deps.metrics.sourceEvents.get();
      return values.find(({ labels }) => labels.outcome === outcome)?.value ?? 0;
    },
  };
}

describe('a chat in Chatwoot', () => {
  test('alerts when the bot gives it up, goes when a colleague has it, and ends when it is resolved', async () => {
    const { send, writes, becomes, bell, chat } = await openShop();
    expect((await send(writes('Is it ready?'))).status).toBe(200);
    expect(await bell()).toEqual(['open inbound']);
    await send(becomes({ status: 'open' }));
    expect(await bell()).toEqual(['open handover']);
    await send(becomes({ assignee: 31 }));
    expect(await bell()).toEqual(['settled handover']);
    await send(becomes({ status: 'resolved' }));
    expect(await chat()).toMatchObject({ status: 'closed', assignee: { name: 'Mia Lang' } });
    expect((await chat()).entries.map(({ type }: { type: string }) => type)).toEqual([
      ...['assigned', 'received', 'assigned', 'assigned', 'closed'],
    ]);
  });

  test('is named by its source and its id there, in the bell, in the lists and in the thread', async () => {
    const { app, send, writes, chat, token } = await openShop();
    await send(writes('Is it ready?'));
    const { body } = await app.get('/v1/notifications', { token });
    expect(body.items[0].conversation).toMatchObject({ id: 'ch:815', source: 'ch', ref: '815' });
    const list = await app.get('/v1/conversations?view=assistant', { token });
    expect(list.body.items).toMatchObject([{ id: 'ch:815', source: 'ch', ref: '815' }]);
    expect(await chat()).toMatchObject({ source: 'ch', ref: '815' });
  });

  test('opens in Chatwoot, as the agent’s devices are told', async () => {
    const { app, token } = await openShop();
    const { body } = await app.get('/v1/me', { token });
    const base = 'https://desk.acme.example/app/accounts/3';
    expect(body.inboxes).toEqual([
      {
        source: 'ch',
        url: `${base}/dashboard`,
        conversationUrls: expect.arrayContaining([
          `${base}/conversations/{conversationId}`,
          `${base}/inbox/*/conversations/{conversationId}`,
        ]),
        canTake: false,
        canReply: false,
      },
    ]);
    expect(body.inbox.url).toBe(`${PUBLIC_URL}/inbox`);
    expect(body).not.toHaveProperty('sources');
  });

  test('cannot be taken, closed or given away here, for Chatwoot would never hear of it', async () => {
    const { app, send, writes, becomes, token, chat } = await openShop();
    await send(writes('Is it ready?'));
    await send(becomes({ status: 'open' }));
    for (const act of ['take', 'close', 'no-reply-needed']) {
      const { status } = await app.call('POST', `/v1/conversations/ch%3A815/${act}`, { token });
      expect([act, status]).toEqual([act, 409]);
    }
    expect(await chat()).toMatchObject({ status: 'open', assignee: null });
  });

  test('beside it, a chat that came by our own API can be taken', async () => {
    const { app, token } = await openShop();
    await app.tell('shop', 'message.received', {
      conversation: { id: 'c1', groupId: 'ch:inbox:9', channel: 'sms' },
      from: { address: '+12025550167' },
      message: { id: 'm1', text: 'Hi' },
    });
    expect((await app.call('POST', '/v1/conversations/c1/take', { token })).status).toBe(200);
  });

  test('is the same if all but the newest webhook are lost', async () => {
    const { send, writes, becomes, bell, chat } = await openShop();
    await send(writes('Is it ready?'));
    becomes({ status: 'open' });
    becomes({ assignee: 31 });
    await send(becomes({ status: 'resolved' }));
    expect([await bell(), (await chat()).status]).toEqual([['settled inbound'], 'closed']);
  });

  test('whose webhooks were all lost is found by the next sync', async () => {
    const { writes, becomes, bell, syncs, source } = await openShop();
    writes('Is it ready?');
    becomes({ status: 'open' });
    expect(await bell()).toEqual([]);
    await syncs.run(await source());
    expect(await bell()).toEqual(['open inbound']);
  });

  test('given to an agent who is not known here is that agent’s after a sync', async () => {
    const { desk, send, writes, becomes, chat } = await openShop();
    await send(writes('Is it ready?'));
    desk.agents.push({ id: 33, name: 'Eva Roth', email: 'eva@acme.example', role: 'agent' });
    await send(becomes({ status: 'open', assignee: 33 }));
    expect((await chat()).assignee).toMatchObject({ name: 'Eva Roth' });
  });

  test('given to somebody whom no sync finds is asked about once in a minute, not with every webhook', async () => {
    const { app, desk, calls, send, becomes } = await openShop();
    desk.agents.push({ id: 33, name: 'Without an address', email: '', role: 'agent' });
    const before = calls.length;
    await send(becomes({ status: 'open', assignee: 33 }));
    const once = calls.length;
    expect(once).toBeGreaterThan(before);
    await send(becomes({ status: 'open', assignee: 33 }));
    expect(calls).toHaveLength(once);
    app.time.ahead = 60_000;
    await send(becomes({ status: 'open', assignee: 33 }));
    expect(calls.length).toBeGreaterThan(once);
  });

  test('of an agent who was deleted, which sends no webhook, is the team’s after the next sync', async () => {
    const { desk, send, writes, becomes, bell, syncs, source } = await openShop();
    desk.agents.push({ id: 33, name: 'Eva Roth', email: 'eva@acme.example', role: 'agent' });
    await send(writes('Is it ready?'));
    await send(becomes({ status: 'open', assignee: 33 }));
    expect(await bell()).toEqual(['settled inbound']);
    desk.agents.pop();
    becomes({ assignee: null });
    await syncs.run(await source());
    expect(await bell()).toEqual(['open inbound', 'settled inbound']);
  });

  test('that was there before the source was added comes without an alert', async () => {
    const { app, desk, writes, bell, store, syncs, source } = await openShop();
    writes('Is it ready?');
    await store.updateSource(KEY, { syncedAt: null });
    await syncs.run(await source());
    expect(await bell()).toEqual([]);
    expect(desk.agents).toHaveLength(2);
    expect(app.logged.join()).not.toContain('Is it ready?');
  });
});

describe('a request of a foreign system', () => {
  test('with a wrong signature is refused, and the source says why', async () => {
    const { send, writes, source } = await openShop();
    const forged = writes('Is it ready?');
    forged.headers.set('x-chatwoot-signature', `sha256=${'0'.repeat(64)}`);
    expect((await send(forged)).status).toBe(401);
    expect((await source()).lastFailure).toMatch(/^the last request had a wrong signature/);
  });

  test('at a URL that is no source’s is a 404', async () => {
    const { send, writes } = await openShop();
    expect((await send(writes('Hi'), `src_${'x'.repeat(32)}`)).status).toBe(404);
  });

  test('that comes twice does nothing the second time', async () => {
    const { send, writes, metric, chat } = await openShop();
    const request = writes('Is it ready?');
    await send(request);
    expect((await send(request)).status).toBe(200);
    expect([await metric('stored'), await metric('duplicate')]).toEqual([2, 2]);
    expect((await chat()).entries).toHaveLength(2);
  });

  test('that cannot be used is a success for its sender, counted, and logged without its content', async () => {
    const { app, send, metric } = await openShop();
    const answer = await send(webhook({ event: 'message_created', content: 'a secret', id: 7 }, { at: Date.now() }));
    expect([answer.status, answer.body, await metric('unusable')]).toEqual([200, '', 1]);
    expect(app.logged.join()).toContain('conversation without id');
    expect(app.logged.join()).not.toContain('a secret');
  });

  test('is taken and left aside while the source is paused', async () => {
    const { send, writes, bell, store } = await openShop();
    await store.updateSource(KEY, { paused: true });
    expect([(await send(writes('Hi'))).status, await bell()]).toEqual([200, []]);
  });

  test('that could not be stored is a 503', async () => {
    const { app, send, writes } = await openShop();
    app.deps.store.ingestAll = () => Promise.reject(new Error('disk full'));
    const answer = await send(writes('Hi'));
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '5']);
  });

  test('of a source whose secrets cannot be read is a 503, so that it comes again', async () => {
    const { send, writes, store } = await openShop();
    await store.updateSource(KEY, { secrets: 'made under another AUTH_SECRET' });
    expect((await send(writes('Hi'))).status).toBe(503);
  });

  test('that is too large is a 413', async () => {
    const { send, writes } = await openShop();
    const request = { ...writes('Hi'), body: Buffer.alloc(3 * 1024 * 1024 + 1, 'x') };
    expect((await send(request)).status).toBe(413);
  });

  test('keeps no secret in the database or the log', async () => {
    const { app, send, writes } = await openShop();
    await send(writes('Hi'));
    expect(app.onDisk()).not.toContain(SECRET);
    expect(app.logged.join()).not.toContain(SECRET);
  });
});

describe('Twilio', () => {
  const TOKEN = 'f00dfeed';
  const TWILIO = `src_${'t'.repeat(32)}`;
  const form = (fields: Record<string, string>, query = ''): Pick<Incoming, 'method' | 'headers' | 'body'> => {
    const text = Object.entries(fields)
      .toSorted()
      .map((pair) => pair.join(''))
      .join('');
    const signature = hmac('sha1', TOKEN, `${PUBLIC_URL}/v1/sources/${TWILIO}${query}${text}`, 'base64');
    const headers = new Headers({
      'content-type': 'application/x-www-form-urlencoded',
      'x-twilio-signature': signature,
      'x-forwarded-host': 'elsewhere.example',
    });
    return { method: 'POST', headers, body: Buffer.from(new URLSearchParams(fields).toString()) };
  };
  const message = { MessageSid: 'SM1', From: 'whatsapp:+12025550167', To: 'whatsapp:+12025550188', Body: 'Hi' };

  test('is answered nothing, and somebody met by phone goes on in the same chat with a user id', async () => {
    const { app, send, add, chat } = await openShop();
    await app.tell('shop', 'group.saved', { group: { id: 'desk', name: 'Desk', agentIds: ['ch:32'] } });
    await add(TWILIO, 'twilio', { account: `AC${'1'.repeat(32)}`, groupId: 'desk' }, { token: TOKEN });
    const first = await send(form(message), TWILIO);
    expect([first.status, first.body]).toEqual([204, '']);
    const both = { ...message, MessageSid: 'SM2', ExternalUserId: 'DE.8431', Body: 'Hello?' };
    const hidden = { ...both, MessageSid: 'SM3', From: 'whatsapp:DE.8431', Body: 'Anybody?' };
    await send(form(both), TWILIO);
    await send(form(hidden), TWILIO);
    expect((await chat('tw:+12025550188:+12025550167')).entries.map(({ text }: { text: string }) => text)).toEqual([
      ...['Hi', 'Hello?', 'Anybody?'],
    ]);
  });

  test('whose group does not exist is asked to send again, and the source says why', async () => {
    const { app, send, add, chat, store } = await openShop();
    await add(TWILIO, 'twilio', { account: `AC${'1'.repeat(32)}`, groupId: 'desk' }, { token: TOKEN });
    expect((await send(form(message), TWILIO)).status).toBe(503);
    expect((await store.source(TWILIO))!.lastFailure).toMatch(/group or an agent that does not exist/);
    await app.tell('shop', 'group.saved', { group: { id: 'desk', name: 'Desk', agentIds: ['ch:32'] } });
    expect((await send(form(message), TWILIO)).status).toBe(204);
    expect((await chat('tw:+12025550188:+12025550167')).entries).toHaveLength(1);
  });

  test('signs the URL as it is configured, with its query', async () => {
    const { app, send, add } = await openShop();
    await app.tell('shop', 'group.saved', { group: { id: 'desk', name: 'Desk', agentIds: [] } });
    await add(TWILIO, 'twilio', { account: `AC${'1'.repeat(32)}`, groupId: 'desk' }, { token: TOKEN });
    const query = '?a=b%20c&d=';
    expect((await send(form(message, query), `${TWILIO}${query}`)).status).toBe(204);
  });
});

test('a source without an inbox of its own, or with settings of another version, names no inbox', async () => {
  const { app, add, store, token } = await openShop();
  await add(`src_${'t'.repeat(32)}`, 'twilio', { account: `AC${'1'.repeat(32)}`, groupId: 'desk' }, { token: 't' });
  await store.updateSource(KEY, { settings: { from: 'another version' } });
  const { status, body } = await app.get('/v1/me', { token });
  expect([status, body.inboxes]).toEqual([200, []]);
});

test('Meta asks whether we are here and gets its challenge', async () => {
  const { app, add } = await openShop();
  const key = `src_${'m'.repeat(32)}`;
  const settings = { numbers: [{ id: '41', groupId: 'desk' }], businessAccount: '42' };
  await add(key, 'meta', settings, { app: 'a', token: 't', verify: 'made-here' });
  const ask = (token: string) =>
    app.get(`/v1/sources/${key}?hub.mode=subscribe&hub.challenge=4711&hub.verify_token=${token}`);
  const [right, wrong] = [await ask('made-here'), await ask('guessed')];
  expect([right.status, right.body, wrong.status]).toEqual([200, '4711', 401]);
});
