import { connect as connectSocket } from 'node:net';
import type { IngestEvent } from '@converso/shared';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { plan } from '../../src/domain/plan.ts';
import { openStore } from '../../src/store/open.ts';
import { connectDevice, type Device, openStream } from './device.ts';
import { addSales, type Business, type Running, run, type Session } from './running.ts';

let running: Running;
let business: Business;
let ana: Session;
const devices: Device[] = [];

async function connect(session: Session, options?: { cursor?: string; query?: string }): Promise<Device> {
  const device = await connectDevice(running.url, session, options);
  devices.push(device);
  return device;
}

beforeEach(async () => {
  running = await run({}, { times: { heartbeatMs: 200, goodbyeGraceMs: 200 } });
  business = await addSales(running);
  ana = await business.signIn('ana');
});
afterEach(async () => {
  for (const device of devices.splice(0)) device.close();
  await running.close();
  expect(running.errors).toEqual([]);
});

test('a new device gets a snapshot, then hears that it has caught up', async () => {
  await business.receive('c1', 'Hello');
  const device = await connect(ana);
  const [snapshot, caughtUp] = device.events;
  expect(snapshot?.name).toBe('snapshot');
  expect(snapshot?.data).toMatchObject({
    unread: 1,
    me: {
      agent: { id: 'ana' },
      business: { name: 'acme' },
      inbox: { url: `${running.deps.config.publicUrl}/inbox`, canTake: true },
    },
    items: [{ conversation: { id: 'c1' }, state: 'open', message: { text: 'Hello' } }],
  });
  expect(caughtUp).toMatchObject({ name: 'caught_up', id: snapshot?.id, data: { unread: 1 } });
});

test('a snapshot names the inboxes of sources', async () => {
  const settings = { url: 'https://desk.acme.example', account: '3' };
  const [{ id: businessId } = { id: '' }] = await running.deps.store.businesses();
  const source = { key: 'src_1', businessId, id: 'cw', kind: 'chatwoot', settings, secrets: 'sealed' };
  await running.deps.store.addSource({ ...source, createdAt: Date.now() });
  const { data } = (await connect(ana)).events[0]!;
  expect(data).toMatchObject({ me: { inboxes: [{ source: 'cw', canTake: false }] } });
  expect(data).not.toHaveProperty('me.sources');
});

test('headers and the first comment come at once and keep proxies from holding the stream back', async () => {
  const device = await connect(ana);
  expect(Object.fromEntries(device.headers)).toMatchObject({
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-cache, no-transform',
    'x-accel-buffering': 'no',
  });
  expect(device.comments[0]).toBe('welcome');
  expect(device.retry).toBeGreaterThanOrEqual(1000);
  expect(device.retry).toBeLessThanOrEqual(3000);
});

test('a message reaches a connected device as a notification with its seq as id', async () => {
  const device = await connect(ana);
  await business.receive('c1', 'Hello');
  const { id, data } = await device.next('notification');
  expect(data).toMatchObject({ reason: 'inbound', why: 'team_unassigned', alert: true, unread: 1, messageCount: 1 });
  expect(id).toBe(String(data.seq));
});

test('a preference changed on one device reaches the other', async () => {
  const device = await connect(ana);
  const other = await business.signIn('ana');
  await other.call('PATCH', '/v1/me/preferences', { messageNotifications: false });
  const { data, id } = await device.next('preferences');
  expect(data).toEqual({ messageNotifications: false, assistantChats: true, unrepliedEmails: true });
  expect(Number(id)).toBeGreaterThan(0);
});

test('a device resumes after its cursor and gets what it missed, without a snapshot', async () => {
  const first = await connect(ana);
  await business.receive('c1', 'One');
  const { id } = await first.next('notification');
  first.close();
  await first.ended;
  await business.receive('c2', 'Two');
  await business.receive('c3', 'Three');
  const again = await connect(ana, { cursor: id! });
  expect(again.events.map(({ name, data }) => [name, data.conversation?.id])).toEqual([
    ['notification', 'c2'],
    ['notification', 'c3'],
    ['caught_up', undefined],
  ]);
  expect(again.events.at(-1)).toMatchObject({ id: again.events.at(-2)?.id, data: { unread: 3 } });
});

test('?cursor= resumes where no header can be set, and Last-Event-ID wins over it', async () => {
  await business.receive('c1', 'One');
  const cursor = (await connect(ana)).events[0]!.id!;
  await business.receive('c2', 'Two');
  const byQuery = await connect(ana, { query: `?cursor=${cursor}` });
  expect(byQuery.events[0]).toMatchObject({ name: 'notification', data: { conversation: { id: 'c2' } } });
  const byHeader = await connect(ana, { cursor: '999999', query: `?cursor=${cursor}` });
  expect(byHeader.events[0]?.name).toBe('snapshot');
});

test.each(['', 'abc', '-1', '1.5', '999999', '99999999999999999999999', '1e3', '0x10', 'NaN', '%00', ' 5'])(
  'a cursor that is unknown or garbage (%j) gets a snapshot',
  async (cursor) => {
    const device = await connect(ana, { query: `?cursor=${encodeURIComponent(cursor)}` });
    expect(device.events.map(({ name }) => name)).toEqual(['snapshot', 'caught_up']);
  },
);

test('more than one read holds is replayed completely and in order', async () => {
  const device = await connect(ana);
  const cursor = device.events[0]!.id!;
  device.close();
  await Promise.all(Array.from({ length: 250 }, (_, index) => business.receive(`c${index}`, 'Hello')));
  const again = await connect(ana, { cursor });
  const seqs = again.events.filter(({ name }) => name === 'notification').map(({ data }) => data.seq);
  expect(seqs).toHaveLength(250);
  expect(seqs).toEqual(seqs.toSorted((a, b) => a - b));
  expect(again.events.filter(({ name }) => name === 'caught_up')).toHaveLength(1);
});

test('a comment shows that the line lives, and finds what no wakeup told of', async () => {
  const device = await connect(ana);
  await device.comment();
  // Something is in memory from a moment ago; then another process writes, and wakes nobody here.
  await business.receive('c1', 'Hello');
  await device.next('notification');
  const other = openStore(running.deps.config.databaseUrl);
  const event: IngestEvent = {
    type: 'message.received',
    timestamp: new Date().toISOString(),
    data: {
      conversation: { id: 'c2', groupId: 'sales', channel: 'sms' },
      from: { address: '+1' },
      message: { id: 'm', text: 'Hi' },
    },
  };
  await other.ingest({ businessId: business.id, eventId: 'elsewhere', event, receivedAt: Date.now() }, plan);
  await other.close();
  expect((await device.next('notification')).data.conversation.id).toBe('c2');
});

test('a newer stream of the same session replaces the older one', async () => {
  const old = await connect(ana);
  const newer = await connect(ana);
  expect((await old.next('goodbye')).data).toEqual({ reason: 'replaced' });
  await old.ended;
  await business.receive('c1', 'Hello');
  await newer.next('notification');
  const onAnother = await connect(await business.signIn('ana'));
  await business.receive('c1', 'Hello?');
  await Promise.all([newer.next('notification'), onAnother.next('notification')]);
});

test('several inbox tabs share one session, but not any number of them', async () => {
  const cookie = `converso_session=${ana.token}`;
  const tabs: Device[] = [];
  for (let tab = 0; tab < 9; tab++) {
    const device = await openStream(running.url, { cookie }, '?conversations=1');
    devices.push(device);
    tabs.push(device);
    await device.next('caught_up');
  }
  expect((await tabs[0]!.next('goodbye')).data).toEqual({ reason: 'replaced' });
  await business.receive('c1', 'Hello');
  await Promise.all(tabs.slice(1).map((tab) => tab.next('notification')));
});

test('an inbox tab hears when a list may have changed, also of what brings no notification', async () => {
  await business.receive('c1', 'Hello');
  const tab = await connect(ana, { query: '?conversations=1' });
  const quiet = await connect(await business.signIn('ben'));
  await tab.next('conversations');
  await business.post('message.sent', {
    conversation: { id: 'c1' },
    by: { automatic: true },
    message: { id: 'm2', text: 'We are closed.' },
  });
  const { id, data } = await tab.next('conversations');
  expect([id, data]).toEqual([undefined, {}]);
  expect(quiet.events.map(({ name }) => name)).not.toContain('conversations');
});

test('an agent who joins a group while the tab is open hears of its lists', async () => {
  await business.addGroup('billing', ['ben']);
  const tab = await connect(ana, { query: '?conversations=1' });
  await tab.next('conversations');
  await business.addGroup('billing', ['ana', 'ben']);
  await tab.next('conversations');
  await business.receive('c7', 'An invoice, please', 'billing');
  await tab.next('notification');
});

test('signing out ends the stream at once', async () => {
  const device = await connect(ana);
  expect((await ana.call('DELETE', '/v1/auth/token')).status).toBe(204);
  expect((await device.next('goodbye')).data).toEqual({ reason: 'signed_out' });
  await device.ended;
});

test('a session revoked from another device ends its stream', async () => {
  const device = await connect(ana);
  const other = await business.signIn('ana');
  const { items } = (await other.get('/v1/me/sessions')).body;
  const { id } = items.find(({ current }: { current: boolean }) => !current);
  await other.call('DELETE', `/v1/me/sessions/${id}`);
  expect((await device.next('goodbye')).data).toEqual({ reason: 'signed_out' });
});

test('a changed email of an agent ends their streams and their sessions', async () => {
  const device = await connect(ana);
  await business.addAgent('ana', 'maria@sales.example');
  expect((await device.next('goodbye')).data).toEqual({ reason: 'signed_out' });
  await device.ended;
  expect((await ana.get('/v1/me')).status).toBe(401);
});

test('removing an agent ends their streams', async () => {
  const device = await connect(ana);
  await business.post('agent.removed', { id: 'ana' });
  expect((await device.next('goodbye')).data).toEqual({ reason: 'signed_out' });
});

test('on shutdown every stream is told to come back, and no new one is opened', async () => {
  const device = await connect(ana);
  const other = await connect(await business.signIn('ben'));
  await running.deps.streams.close();
  expect((await device.next('goodbye')).data).toEqual({ reason: 'restart' });
  expect((await other.next('goodbye')).data).toEqual({ reason: 'restart' });
  expect(running.deps.streams.open).toBe(0);
  const answer = await ana.get('/v1/stream');
  expect(answer.status).toBe(503);
  expect(answer.headers.get('retry-after')).toBe('2');
});

test('a stream that the device leaves is forgotten', async () => {
  const device = await connect(ana);
  expect(running.deps.streams.open).toBe(1);
  device.close();
  await expect.poll(() => running.deps.streams.open).toBe(0);
});

test('without a token there is no stream, and HEAD opens none', async () => {
  const answer = await fetch(`${running.url}/v1/stream`);
  expect(answer.status).toBe(401);
  expect(answer.headers.get('content-type')).toBe('application/problem+json');
  const head = await ana.call('HEAD', '/v1/stream');
  expect(head.status).toBe(200);
  expect(running.deps.streams.open).toBe(0);
  expect((await ana.call('POST', '/v1/stream')).status).toBe(405);
});

test('a stream that is asked for behind another request opens after its answer', async () => {
  const { port } = new URL(running.url);
  const line = connectSocket(Number(port), 'localhost');
  const ask = (path: string) => `GET ${path} HTTP/1.1\r\nHost: test\r\nAuthorization: Bearer ${ana.token}\r\n\r\n`;
  let text = '';
  line.on('data', (chunk: Buffer) => {
    text += chunk.toString();
  });
  line.write(ask('/v1/me') + ask('/v1/stream'));
  await expect.poll(() => text.match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 200', 'HTTP/1.1 200']);
  await expect.poll(() => text).toContain('caught_up');
  line.destroy();
});
