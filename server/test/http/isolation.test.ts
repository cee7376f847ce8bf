import { randomUUID } from 'node:crypto';
import SQLite from 'better-sqlite3';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { hashCode } from '../../src/services/sign-in.ts';
import { sign } from '../../src/services/signature.ts';
import { databaseFile } from '../../src/store/open.ts';
import { connectDevice } from './device.ts';
import { addBusiness, type Business, type Running, request, run, type Session } from './running.ts';

/** Stands in every text of the other business: whoever sees it has seen what is not theirs. */
const MARK = 'globexsecret';
const THEIR_CONVERSATION = `c-${MARK}`;

let running: Running;
let theirs: Business;
let ours: Business;
let us: Session;
let them: Session;
let db: SQLite.Database;
/** Ids of things of the other business's. */
let theirNotification: string;
let theirSession: string;

beforeAll(async () => {
  running = await run({ DEMO: '1' });
  ours = await addBusiness(running, 'acme');
  await ours.addAgent('ana');
  await ours.addGroup('sales', ['ana']);
  theirs = await addBusiness(running, MARK);
  // The same ids as ours, and one conversation that only they have.
  await theirs.addAgent('ana', `ana@${MARK}.example`);
  await theirs.addAgent('gil', `gil@${MARK}.example`);
  await theirs.addGroup('sales', ['ana', 'gil']);
  for (const conversation of ['c1', THEIR_CONVERSATION]) await theirs.receive(conversation, `Our ${MARK}`);
  us = await ours.signIn('ana');
  them = await theirs.signIn('ana');
  theirNotification = (await them.get('/v1/notifications')).body.items[0].id;
  theirSession = (await them.get('/v1/me/sessions')).body.items[0].id;
  db = new SQLite(databaseFile(running.deps.config.databaseUrl), { readonly: true });
});
afterAll(async () => {
  db.close();
  await running.close();
  expect(running.errors).toEqual([]);
});

/** All that the store holds of the other business. */
function stateOfTheirs(): unknown {
  const rows = (sql: string) => db.prepare(sql).all(theirs.id);
  const mine = 'WHERE business_id = ?';
  const keys = `SELECT key FROM agents ${mine}`;
  const conversations = `SELECT key FROM conversations ${mine}`;
  return {
    agents: rows(`SELECT * FROM agents ${mine} ORDER BY key`),
    groups: rows(`SELECT * FROM groups ${mine} ORDER BY key`),
    members: rows(`SELECT * FROM group_members WHERE group_key IN (SELECT key FROM groups ${mine})`),
    conversations: rows(`SELECT * FROM conversations ${mine} ORDER BY key`),
    pending: rows(`SELECT * FROM pending_entries ${mine}`),
    entries: rows(`SELECT * FROM entries WHERE conversation_key IN (${conversations})`),
    notifications: rows(`SELECT * FROM notifications WHERE agent_key IN (${keys}) ORDER BY id`),
    sessions: rows(`SELECT id, agent_key FROM sessions WHERE agent_key IN (${keys}) ORDER BY id`),
    events: rows(`SELECT event_id FROM processed_events ${mine} ORDER BY event_id`),
  };
}

/** Their conversation by that path, whatever we do to it, is not there. */
const act = (path: string, body?: unknown) => async () => {
  expect((await us.post(`/v1/conversations/${THEIR_CONVERSATION}/${path}`, body)).status).toBe(404);
};
const shows =
  (path: string, status = 200) =>
  async () => {
    const answer = await us.get(path);
    expect(answer.status).toBe(status);
    expect(JSON.stringify(answer.body)).not.toContain(MARK);
  };

/** For each route of the API: what our agent gets who tries the other business's ids. */
const ATTEMPTS: Record<string, () => Promise<void>> = {
  'post /v1/businesses/{businessId}/events': async () => {
    const body = JSON.stringify({
      type: 'message.received',
      timestamp: new Date().toISOString(),
      data: {
        conversation: { id: THEIR_CONVERSATION, groupId: 'sales', channel: 'sms' },
        from: { address: '+447700900999' },
        message: { id: randomUUID(), text: 'Let me in' },
      },
    });
    const headers = { 'content-type': 'application/json', ...sign(ours.secret, randomUUID(), new Date(), body) };
    const answer = await request(`${running.url}/v1/businesses/${theirs.id}/events`, { method: 'POST', headers, body });
    expect(answer.status).toBe(401);
  },
  'post /v1/auth/code': async () => {
    expect((await us.post('/v1/auth/code', { email: 'nobody@acme.example' })).body).toEqual({
      challenge: expect.any(String),
    });
  },
  'post /v1/auth/token': async () => {
    const { store } = running.deps;
    const email = 'ana@acme.example';
    const now = Date.now();
    const codeHash = hashCode(running.deps.config.authSecret, email, '123456');
    await store.putCode({ email, codeHash, expiresAt: now + 60_000, now });
    const answer = await us.post('/v1/auth/token', { email, code: '123456', businessId: theirs.id });
    expect([answer.status, answer.body.token]).toEqual([401, undefined]);
  },
  'post /v1/auth/session': async () => {
    const { store } = running.deps;
    const email = 'ana@acme.example';
    const now = Date.now();
    const codeHash = hashCode(running.deps.config.authSecret, email, '123456');
    await store.putCode({ email, codeHash, expiresAt: now + 60_000, now });
    const answer = await request(`${running.url}/v1/auth/session`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'sec-fetch-site': 'same-origin' },
      body: JSON.stringify({ email, code: '123456', businessId: theirs.id }),
    });
    expect([answer.status, answer.headers.get('set-cookie')]).toEqual([401, null]);
  },
  'post /v1/auth/ticket': async () => {
    const { ticket } = (await us.post('/v1/auth/ticket', undefined)).body;
    const opened = await request(`${running.url}/inbox?ticket=${ticket}`, { redirect: 'manual' });
    const [cookie = ''] = opened.headers.get('set-cookie')?.split(';') ?? [];
    expect((await request(`${running.url}/v1/me`, { headers: { cookie } })).body.agent).toEqual(
      (await us.get('/v1/me')).body.agent,
    );
  },
  'delete /v1/auth/token': async () => {
    const another = await ours.signIn('ana');
    expect((await another.call('DELETE', '/v1/auth/token')).status).toBe(204);
  },
  'get /v1/me': shows('/v1/me'),
  'get /v1/me/sessions': shows('/v1/me/sessions'),
  'delete /v1/me/sessions/{id}': async () => {
    expect((await us.call('DELETE', `/v1/me/sessions/${theirSession}`)).status).toBe(404);
  },
  'patch /v1/me/preferences': async () => {
    expect((await us.call('PATCH', '/v1/me/preferences', { assistantChats: false })).status).toBe(200);
  },
  'get /v1/notifications': shows('/v1/notifications'),
  'post /v1/notifications/read': async () => {
    expect((await us.post('/v1/notifications/read', { ids: [theirNotification] })).body).toEqual({ unread: 0 });
    expect((await us.post('/v1/notifications/read', { all: true, upTo: 1_000_000 })).body).toEqual({ unread: 0 });
  },
  'get /v1/conversations': async () => {
    for (const view of ['mine', 'team', 'assistant', 'closed']) await shows(`/v1/conversations?view=${view}`)();
  },
  'get /v1/conversations/{conversationId}': shows(`/v1/conversations/${THEIR_CONVERSATION}`, 404),
  'post /v1/conversations/{conversationId}/read': act('read'),
  'post /v1/conversations/{conversationId}/take': act('take'),
  'post /v1/conversations/{conversationId}/reply': act('reply', { text: 'Hi' }),
  'post /v1/conversations/{conversationId}/assign': async () => {
    await act('assign', { assignee: { agentId: 'ana' } })();
    await ours.receive('ours', 'Hello');
    const answer = await us.post('/v1/conversations/ours/assign', { assignee: { agentId: 'gil' } });
    expect([answer.status, answer.body.errors[0].field]).toEqual([422, 'assignee.agentId']);
  },
  'post /v1/conversations/{conversationId}/close': act('close'),
  'post /v1/conversations/{conversationId}/reopen': act('reopen'),
  'post /v1/conversations/{conversationId}/no-reply-needed': act('no-reply-needed'),
  // Signed by Resend, and about addresses, which belong to no business; without its secret there is no such route.
  'post /v1/resend/webhooks': async () => {
    expect((await us.post('/v1/resend/webhooks', {})).status).toBe(404);
  },
  'get /v1/stream': async () => {
    // With every cursor that could be theirs, and with ours: replay, snapshot and what is live.
    for (const cursor of ['0', '1', '2', '3', '100']) {
      const device = await connectDevice(running.url, us, { cursor, query: '?conversations=1' });
      await theirs.receive(THEIR_CONVERSATION, `More ${MARK}`);
      await ours.receive(`live-${cursor}`, 'Ours');
      const { data } = await device.next('notification');
      expect(data.conversation.id).toMatch(/^(ours|live)/);
      device.close();
      await device.ended;
      expect(JSON.stringify(device.events)).not.toContain(MARK);
    }
  },
};

test('every route of the API is tried', async () => {
  const { paths } = (await request(`${running.url}/openapi.json`)).body;
  const routes = Object.entries(paths as Record<string, object>).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method} ${path}`),
  );
  expect(routes.filter((route) => / \/v1\//.test(route)).toSorted()).toEqual(Object.keys(ATTEMPTS).toSorted());
});

test.each(Object.keys(ATTEMPTS).filter((route) => route !== 'get /v1/stream'))(
  '%s with another business’s ids shows nothing and changes nothing',
  async (route) => {
    const before = stateOfTheirs();
    await ATTEMPTS[route]!();
    expect(stateOfTheirs()).toEqual(before);
  },
);

test('get /v1/stream shows nothing of another business, in snapshot, replay and live', () =>
  ATTEMPTS['get /v1/stream']!());

test('what happens to a conversation of the same id at one business touches nothing of the other’s', async () => {
  const before = stateOfTheirs();
  await ours.receive('c1', 'Hello');
  expect((await us.post('/v1/conversations/c1/take')).status).toBe(200);
  await us.post('/v1/conversations/c1/reply', { text: 'Hi' });
  await us.post('/v1/conversations/c1/close');
  await ours.post('agent.removed', { id: 'gil' });
  await ours.post('group.saved', { group: { id: 'sales', name: 'Sales', agentIds: ['ana', 'gil'] } });
  expect(stateOfTheirs()).toEqual(before);
});

test('an agent sees and changes nothing of a group they are not in, at their own business either', async () => {
  await ours.addAgent('max');
  await ours.addGroup('hr', ['max']);
  await ours.receive('private', 'Between us', 'hr');
  expect((await us.get('/v1/conversations/private')).status).toBe(404);
  for (const path of ['read', 'take', 'close', 'reopen', 'no-reply-needed']) {
    expect((await us.post(`/v1/conversations/private/${path}`)).status).toBe(404);
  }
  expect((await us.post('/v1/conversations/private/reply', { text: 'Hi' })).status).toBe(404);
  expect((await us.post('/v1/conversations/private/assign', { assignee: null })).status).toBe(404);
  const max = await ours.signIn('max');
  const { entries, assignee, status } = (await max.get('/v1/conversations/private')).body;
  expect([entries.length, assignee, status]).toEqual([1, null, 'open']);
});
