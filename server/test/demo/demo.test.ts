import { request as httpRequest } from 'node:http';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { DEMO_AGENTS, DEMO_BUSINESS } from '../../src/demo/business.ts';
import { DEMO_CHATS } from '../../src/demo/chats.ts';
import { conversationIdOf } from '../../src/demo/customer.ts';
import { seedDemo } from '../../src/demo/seed.ts';
import { plan } from '../../src/domain/plan.ts';
import { connectDevice } from '../http/device.ts';
import { type Running, request, run, type Session, sessionOfAgent } from '../http/running.ts';

let running: Running;
let chloe: Session;

beforeEach(async () => {
  running = await run({ DEMO: '1' });
  await seedDemo({ store: running.deps.store, planner: plan, clock: running.deps.clock });
  chloe = await sessionOfAgent(running, DEMO_BUSINESS.id, 'chloe@demo.example');
});
afterEach(async () => {
  await running.close();
  expect(running.errors).toEqual([]);
});

const NEW = { channel: 'whatsapp', sender: '+447700900555', name: 'Zoe', groupId: 'support', assistantFirst: true };
const write = (message: object, headers: Record<string, string> = { 'sec-fetch-site': 'same-origin' }) =>
  request(`${running.url}/demo/messages`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(message),
  });
const thread = async ({ channel, sender }: { channel: string; sender: string } = NEW) =>
  (await request(`${running.url}/demo/thread?${new URLSearchParams({ channel, sender })}`)).body;

describe('the business that is there from the start', () => {
  test('has its agents, groups and chats, each where it should be', async () => {
    const { store } = running.deps;
    expect(await store.businesses()).toMatchObject([DEMO_BUSINESS]);
    expect((await store.agents(DEMO_BUSINESS.id)).map(({ email }) => email).toSorted()).toEqual(
      DEMO_AGENTS.map(({ email }) => email).toSorted(),
    );
    const { counts } = (await chloe.get('/v1/conversations')).body;
    expect(counts).toEqual({ mine: 1, team: 2, assistant: 0, closed: 0 });
    const handedOver = (await chloe.get('/v1/conversations/messenger-priya-shah')).body;
    expect(handedOver).toMatchObject({ handedOver: true, customer: { kind: 'guest', name: 'Priya Shah' } });
    const sms = (await chloe.get('/v1/conversations/sms-12025550147')).body;
    expect(sms).toMatchObject({ customer: { kind: 'contact', name: null, address: '+12025550147' }, assignee: null });
    expect((await chloe.get('/v1/notifications')).body.unread).toBe(2);
  });

  test('is not made again, whatever became of it', async () => {
    const { store, clock } = running.deps;
    const before = await store.figures();
    const secrets = await store.signingSecrets(DEMO_BUSINESS.id, clock.now());
    await chloe.post('/v1/conversations/sms-12025550147/close');
    running.ahead = 3_600_000;
    await seedDemo({ store, planner: plan, clock });
    expect(await store.figures()).toEqual({
      ...before,
      openConversations: before.openConversations - 1,
      openNotifications: before.openNotifications - 2,
    });
    expect(await store.signingSecrets(DEMO_BUSINESS.id, clock.now())).toEqual(secrets);
  });

  test('has chats under the ids by which the page finds them', () => {
    for (const { id, channel, customer } of DEMO_CHATS) {
      expect(conversationIdOf({ channel, sender: (customer.address ?? customer.guestId)! })).toBe(id);
    }
  });
});

test('the assistant answers a new chat, gives up when asked for a person, and the team is told', async () => {
  const device = await connectDevice(running.url, chloe);
  expect(await thread()).toEqual({ status: 'new', messages: [] });
  expect((await write({ ...NEW, text: 'Is there a pool?' })).body).toEqual({ conversationId: 'whatsapp-447700900555' });
  const inbound = await device.next('notification');
  expect(inbound.data).toMatchObject({ reason: 'inbound', why: 'assistant_answering', customer: { name: 'Zoe' } });
  expect((await device.next('notification')).data).toMatchObject({
    state: 'settled',
    settledBy: { name: 'Assistant' },
  });
  expect((await thread()).messages.map(({ from }: { from: string }) => from)).toEqual(['customer', 'assistant']);

  await write({ ...NEW, text: 'I want to talk to a person' });
  await expect.poll(() => device.events.at(-1)?.data.reason, { timeout: 5_000 }).toBe('handover');
  expect(device.events.at(-1)?.data).toMatchObject({ why: 'assistant_gave_up', alert: true });
  expect(await thread()).toMatchObject({ assignee: null, handedOver: true, group: { name: 'Guest support' } });
  device.close();
});

test('what an agent replies in the inbox is on the customer’s page; a private note is not', async () => {
  await write({ ...NEW, text: 'Hello', assistantFirst: false });
  const path = '/v1/conversations/whatsapp-447700900555';
  await chloe.post(`${path}/take`);
  await chloe.post(`${path}/reply`, { text: 'Says hello only', private: true });
  await chloe.post(`${path}/reply`, { text: 'Hello Zoe!' });
  expect(await thread()).toMatchObject({ assignee: { kind: 'agent', name: 'Chloé Martin' } });
  expect((await thread()).messages.map(({ text }: { text: string }) => text)).toEqual(['Hello', 'Hello Zoe!']);
});

test('the assistant keeps out of a chat that a person has', async () => {
  await write({ ...NEW, text: 'Hello', assistantFirst: false });
  await chloe.post('/v1/conversations/whatsapp-447700900555/take');
  await write({ ...NEW, text: 'Is there a pool?' });
  expect((await thread()).assignee).toMatchObject({ kind: 'agent' });
});

test('a guest on a channel without addresses stays a guest, one with a number becomes a contact', async () => {
  const guest = { channel: 'webchat', sender: 'guest-7', groupId: 'support', assistantFirst: false, text: 'Hi' };
  await write(guest);
  await write({ ...NEW, assistantFirst: false, text: 'Hi' });
  const customerOf = async (id: string) => (await chloe.get(`/v1/conversations/${id}`)).body.customer;
  expect(await customerOf('webchat-guest-7')).toEqual({ kind: 'guest', name: null, address: null });
  expect(await customerOf('whatsapp-447700900555')).toMatchObject({ kind: 'contact', address: '+447700900555' });
});

describe('the page is for this machine only', () => {
  /** With a Host header of its own, which fetch does not allow. */
  const statusFor = (headers: Record<string, string>) =>
    new Promise<number | undefined>((resolve, reject) => {
      const asked = httpRequest(`${running.url}/demo`, { headers }, (answer) => {
        answer.resume();
        resolve(answer.statusCode);
      });
      asked.on('error', reject).end();
    });

  test('it is shown there', async () => {
    const page = await request(`${running.url}/demo`);
    expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html; charset=UTF-8']);
    expect(page.headers.get('content-security-policy')).toContain("script-src 'self'");
    expect(page.body).toContain('Write as a customer');
    for (const file of ['demo.js', 'demo.css']) expect((await request(`${running.url}/demo/${file}`)).status).toBe(200);
  });
  test.each([
    { host: 'rebound.example' },
    { host: '192.168.1.5:8787' },
    { 'x-forwarded-for': '1.2.3.4' },
    { forwarded: 'for=1.2.3.4' },
  ])('403 with %j', async (headers) => {
    expect(await statusFor(headers as Record<string, string>)).toBe(403);
  });
  test('403 for a message from another site’s page', async () => {
    const message = { ...NEW, text: 'Hi' };
    expect((await write(message, { 'sec-fetch-site': 'cross-site' })).status).toBe(403);
    expect((await write(message, { origin: 'https://evil.example' })).status).toBe(403);
    expect((await write(message, {})).status).toBe(403);
    expect((await thread()).status).toBe('new');
  });
  test.each([{}, { ...NEW, text: ' ' }, { ...NEW, text: 'Hi', channel: 'Ü' }, { ...NEW, text: 'Hi', sender: '' }, []])(
    '422 for %j',
    async (message) => expect((await write(message)).status).toBe(422),
  );
});

test('without DEMO=1 there is no such page', async () => {
  const plain = await run();
  for (const path of ['/demo', '/demo/thread', '/demo/demo.js'])
    expect((await request(plain.url + path)).status).toBe(404);
  await plain.close();
});
