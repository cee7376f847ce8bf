import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Answer, addSales, type Business, type Running, run, type Session } from './running.ts';

let running: Running;
let business: Business;
let ana: Session;
let ben: Session;

async function start(environment: Record<string, string> = {}): Promise<void> {
  running = await run(environment);
  business = await addSales(running);
  ana = await business.signIn('ana');
  ben = await business.signIn('ben');
}
beforeEach(() => start());
afterEach(async () => {
  await running.close();
  expect(running.errors).toEqual([]);
});

const items = async (session: Session, query = '') => (await session.get(`/v1/notifications${query}`)).body.items;
const expectProblem = (answer: Answer, status: number, members: object = {}) => {
  expect([answer.status, answer.body]).toEqual([status, expect.objectContaining({ status, ...members })]);
  expect(answer.headers.get('content-type')).toBe('application/problem+json');
};

describe('the bell', () => {
  test('lists my notifications, newest first, in pages', async () => {
    for (const id of ['c1', 'c2', 'c3']) await business.receive(id, `Hello from ${id}`);
    const first = (await ana.get('/v1/notifications?limit=2')).body;
    expect(first.items.map(({ conversation }: { conversation: { id: string } }) => conversation.id)).toEqual([
      'c3',
      'c2',
    ]);
    expect(first).toMatchObject({ unread: 3, cursor: first.items[0].seq });
    const rest = await items(ana, `?limit=2&before=${first.items[1].seq}`);
    expect(rest.map(({ conversation }: { conversation: { id: string } }) => conversation.id)).toEqual(['c1']);
  });

  test.each(['limit=0', 'limit=x', 'limit=9999', 'before=-1', 'before=x', 'before=1.5'])(
    '422 for %s',
    async (query) => {
      expectProblem(await ana.get(`/v1/notifications?${query}`), 422);
    },
  );

  test('marks some as read, ignoring what is not mine, on this agent’s list alone', async () => {
    await business.receive('c1', 'One');
    await business.receive('c2', 'Two');
    const [two, one] = await items(ana);
    const bens = (await items(ben))[0].id;
    expect((await ana.post('/v1/notifications/read', { ids: [one.id, bens, 'none'] })).body).toEqual({ unread: 1 });
    expect((await items(ana)).map(({ id, state }: { id: string; state: string }) => [id, state])).toContainEqual([
      one.id,
      'read',
    ]);
    expect((await items(ana)).find(({ id }: { id: string }) => id === two.id).state).toBe('open');
    expect((await ben.get('/v1/notifications')).body.unread).toBe(2);
  });

  test('marks all as read, but only up to what I have seen', async () => {
    await business.receive('c1', 'One');
    const [{ seq }] = await items(ana);
    await business.receive('c2', 'Two');
    expect((await ana.post('/v1/notifications/read', { all: true, upTo: seq })).body).toEqual({ unread: 1 });
  });

  test.each([{}, { ids: 'all' }, { all: true }, { all: false, upTo: 1 }, { all: true, upTo: -1 }, null, []])(
    '422 for %j',
    async (body) => expectProblem(await ana.post('/v1/notifications/read', body), 422),
  );

  test('opening a conversation reads its notification', async () => {
    await business.receive('c1', 'One');
    expect((await ana.post('/v1/conversations/c1/read')).body).toEqual({ unread: 0 });
    expectProblem(await ana.post('/v1/conversations/none/read'), 404);
  });

  test('an id that needs encoding is the sender’s affair', async () => {
    const id = 'chat/1?x=ü %';
    await business.receive(id, 'One');
    expect((await ana.post(`/v1/conversations/${encodeURIComponent(id)}/read`)).body).toEqual({ unread: 0 });
    expect((await ana.get(`/v1/conversations/${encodeURIComponent(id)}`)).body.id).toBe(id);
  });

  test('401 without a token', async () => {
    for (const path of ['notifications', 'conversations', 'conversations/c1']) {
      const answer = await fetch(`${running.url}/v1/${path}`);
      expect([answer.status, answer.headers.get('content-type')]).toEqual([401, 'application/problem+json']);
    }
  });
});

describe('take', () => {
  test('gives me the chat, reads mine and settles the others’', async () => {
    await business.receive('c1', 'Hello');
    const answer = await ana.post('/v1/conversations/c1/take');
    expect([answer.status, answer.body]).toEqual([200, { assignee: { id: 'ana', name: 'ana of acme' } }]);
    expect((await items(ana))[0].state).toBe('read');
    expect((await items(ben))[0]).toMatchObject({ state: 'settled', settledBy: { name: 'ana of acme' } });
  });

  test('says so again when it is mine already', async () => {
    await business.receive('c1', 'Hello');
    await ana.post('/v1/conversations/c1/take');
    expect((await ana.post('/v1/conversations/c1/take')).status).toBe(200);
    const { entries } = (await ana.get('/v1/conversations/c1')).body;
    expect(entries.filter(({ type }: { type: string }) => type === 'assigned')).toHaveLength(1);
  });

  test('says who was faster', async () => {
    await business.receive('c1', 'Hello');
    const answers = await Promise.all([ana, ben].map((session) => session.post('/v1/conversations/c1/take')));
    const lost = answers.find(({ status }) => status === 409)!;
    const won = answers.find(({ status }) => status === 200)!;
    expectProblem(lost, 409, won.body);
  });

  test('takes a chat from the assistant', async () => {
    await business.receive('c1', 'Hello');
    await business.post('conversation.assigned', { conversation: { id: 'c1' }, assignee: { assistant: true } });
    expect((await ana.post('/v1/conversations/c1/take')).status).toBe(200);
  });

  test('409 with nobody for a closed chat', async () => {
    await business.receive('c1', 'Hello');
    await business.post('conversation.closed', { conversation: { id: 'c1' } });
    expectProblem(await ana.post('/v1/conversations/c1/take'), 409, { assignee: null });
  });

  test('404 for a chat that is not there', async () =>
    expectProblem(await ana.post('/v1/conversations/none/take'), 404));
});

describe('where the business has an inbox of its own', () => {
  beforeEach(async () => {
    await running.close();
    await start({
      INBOX_URL: 'https://inbox.example/all',
      CONVERSATION_URL: 'https://inbox.example/chat/{conversationId}',
    });
    await business.receive('c1', 'Hello');
  });

  test('nothing is taken, assigned or answered from here', async () => {
    expect((await ana.get('/v1/me')).body.inbox).toMatchObject({ url: 'https://inbox.example/all', canTake: false });
    const acts: [path: string, body?: object][] = [
      ['take'],
      ['assign', { assignee: null }],
      ['reply', { text: 'Hi' }],
      ['close'],
      ['reopen'],
      ['no-reply-needed'],
    ];
    for (const [path, body] of acts) {
      const answer = await ana.post(`/v1/conversations/c1/${path}`, body);
      expectProblem(answer, 409);
      expect(answer.body).not.toHaveProperty('assignee');
      expectProblem(await ana.post(`/v1/conversations/none/${path}`, body), 404);
    }
    expect((await ana.get('/v1/conversations/c1')).body.entries).toHaveLength(1);
  });

  test('the bell works all the same', async () => {
    expect((await ana.post('/v1/conversations/c1/read')).body).toEqual({ unread: 0 });
  });
});
