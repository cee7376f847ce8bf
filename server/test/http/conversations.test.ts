import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { connectDevice } from './device.ts';
import { addSales, type Business, type Running, run, type Session } from './running.ts';

let running: Running;
let business: Business;
let ana: Session;
let ben: Session;

async function start(environment: Record<string, string>): Promise<void> {
  running = await run(environment);
  business = await addSales(running);
  ana = await business.signIn('ana');
  ben = await business.signIn('ben');
  await business.receive('c1', 'Hello');
}
afterEach(async () => {
  await running.close();
  expect(running.errors).toEqual([]);
});

const list = async (session: Session, view: string): Promise<string[]> =>
  (await session.get(`/v1/conversations?view=${view}`)).body.items.map(({ id }: { id: string }) => id);
const thread = async (session: Session = ana) => (await session.get('/v1/conversations/c1')).body;

describe('the built-in inbox in the demo', () => {
  beforeEach(() => start({ DEMO: '1' }));

  test('a chat is in the list where it belongs', async () => {
    expect([await list(ana, 'team'), await list(ana, 'mine')]).toEqual([['c1'], []]);
    await ana.post('/v1/conversations/c1/take');
    expect([await list(ana, 'team'), await list(ana, 'mine'), await list(ben, 'mine')]).toEqual([[], ['c1'], []]);
    expect((await ana.post('/v1/conversations/c1/assign', { assignee: { assistant: true } })).status).toBe(204);
    expect(await list(ben, 'assistant')).toEqual(['c1']);
    expect((await ana.post('/v1/conversations/c1/close')).status).toBe(204);
    expect([await list(ana, 'closed'), await list(ana, 'assistant')]).toEqual([['c1'], []]);
    expect((await ana.post('/v1/conversations/c1/reopen')).status).toBe(204);
    expect((await ana.get('/v1/conversations')).body).toMatchObject({
      counts: { mine: 0, team: 0, assistant: 1, closed: 0 },
      canReply: true,
    });
  });

  test('a reply settles what waits, for everyone, and is in the thread', async () => {
    expect((await ana.post('/v1/conversations/c1/reply', { text: ' Hi Emma! ' })).status).toBe(204);
    expect(await thread()).toMatchObject({
      waitingSince: null,
      entries: [{ type: 'received' }, { type: 'sent', text: 'Hi Emma!', by: { kind: 'agent', name: 'ana of acme' } }],
    });
    expect((await ben.get('/v1/notifications')).body).toMatchObject({
      unread: 0,
      items: [{ state: 'settled', settledBy: { name: 'ana of acme' } }],
    });
  });

  test('a private note is no reply', async () => {
    await ana.post('/v1/conversations/c1/reply', { text: 'Difficult one', private: true });
    expect((await thread()).waitingSince).not.toBeNull();
    expect((await thread()).entries.at(-1)).toMatchObject({ type: 'note', text: 'Difficult one' });
    expect((await ben.get('/v1/notifications')).body.unread).toBe(1);
  });

  test('assigning tells the new assignee at once, and not whoever did it', async () => {
    const device = await connectDevice(running.url, ben);
    const mine = await connectDevice(running.url, ana);
    await ana.post('/v1/conversations/c1/assign', { assignee: { agentId: 'ben' } });
    const { data } = await device.next('notification');
    expect(data).toMatchObject({ reason: 'assigned', why: 'assigned_to_you', alert: true });
    expect((await mine.next('notification')).data).toMatchObject({ state: 'settled', alert: false });
    for (const open of [device, mine]) open.close();
  });

  test('"no reply needed" settles it until the customer writes again', async () => {
    expect((await ana.post('/v1/conversations/c1/no-reply-needed')).status).toBe(204);
    expect((await ben.get('/v1/notifications')).body.unread).toBe(0);
    await business.receive('c1', 'One more thing');
    expect((await ben.get('/v1/notifications')).body.unread).toBe(1);
  });

  test.each([
    ['reply', {}],
    ['reply', { text: '' }],
    ['reply', { text: '   ' }],
    ['reply', { text: 'x'.repeat(10_001) }],
    ['reply', { text: 'Hi', private: 'yes' }],
    ['assign', {}],
    ['assign', { assignee: 'ben' }],
    ['assign', { assignee: { agentId: 'nobody' } }],
    ['assign', { assignee: { assistant: false } }],
  ])('422 for %s with %j', async (path, body) => {
    const answer = await ana.post(`/v1/conversations/c1/${path}`, body);
    expect([answer.status, answer.headers.get('content-type')]).toEqual([422, 'application/problem+json']);
    expect((await thread()).entries).toHaveLength(1);
  });

  test('422 for a view that there is not, 415 for what is not JSON, 404 for what is not there', async () => {
    expect((await ana.get('/v1/conversations?view=all')).status).toBe(422);
    expect((await ana.get('/v1/conversations/none')).status).toBe(404);
    expect((await ana.post('/v1/conversations/none/close')).status).toBe(404);
    const headers = { authorization: `Bearer ${ana.token}`, 'content-type': 'text/plain' };
    const answer = await fetch(`${running.url}/v1/conversations/c1/reply`, { method: 'POST', headers, body: 'Hi' });
    expect(answer.status).toBe(415);
  });
});

test('outside the demo nothing would deliver a reply, so there is none; all else works', async () => {
  await start({});
  expect((await ana.get('/v1/conversations')).body.canReply).toBe(false);
  for (const body of [{ text: 'Hi' }, { text: 'Hi', private: true }]) {
    const answer = await ana.post('/v1/conversations/c1/reply', body);
    expect([answer.status, answer.body.detail]).toEqual([409, expect.stringContaining('deliver')]);
  }
  expect((await ana.post('/v1/conversations/c1/take')).status).toBe(200);
  expect((await ana.post('/v1/conversations/c1/close')).status).toBe(204);
});
