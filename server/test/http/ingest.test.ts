import { createHmac, randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { sign } from '../../src/services/signature.ts';
import { type Answer, addSales, type Business, type Running, request, run, type Session } from './running.ts';

let running: Running;
let business: Business;
let ana: Session;

beforeEach(async () => {
  running = await run();
  business = await addSales(running);
  ana = await business.signIn('ana');
});
afterEach(async () => {
  await running.close();
  expect(running.errors).toEqual([]);
});

const now = () => new Date().toISOString();
const message = (text = 'Hello', id: string = randomUUID()) => ({
  type: 'message.received',
  timestamp: now(),
  data: {
    conversation: { id: 'c1', groupId: 'sales', channel: 'whatsapp' },
    from: { address: '+447700900123', name: 'Emma' },
    message: { id, text },
  },
});
const body = (changes: object = {}) => JSON.stringify({ ...message(), ...changes });
const unread = async (): Promise<number> => (await ana.get('/v1/notifications')).body.unread;
const expectProblem = (answer: Answer, status: number) => {
  expect([answer.status, answer.body]).toEqual([
    status,
    expect.objectContaining({ status, title: expect.any(String) }),
  ]);
  expect(answer.headers.get('content-type')).toBe('application/problem+json');
};

describe('what is right is taken', () => {
  test('202 once it is on disk, and the same webhook-id again is a duplicate that does nothing', async () => {
    const id = randomUUID();
    const first = await business.send(body(), { id });
    expect([first.status, first.body]).toEqual([202, { duplicate: false }]);
    const again = await business.send(body(), { id });
    expect([again.status, again.body]).toEqual([202, { duplicate: true }]);
    expect((await ana.get('/v1/notifications')).body.items[0].messageCount).toBe(1);
  });

  test('one message under two webhook-ids is told once', async () => {
    const same = JSON.stringify(message('Hello', 'm1'));
    expect((await business.send(same)).body).toEqual({ duplicate: false });
    expect((await business.send(same)).status).toBe(202);
    expect((await ana.get('/v1/notifications')).body.items[0].messageCount).toBe(1);
  });

  test('the same webhook-id of another business is another event', async () => {
    const other = await addSales(running, 'globex');
    const id = randomUUID();
    await business.send(body(), { id });
    expect((await other.send(body(), { id })).body).toEqual({ duplicate: false });
  });

  test('a new secret holds at once, even right after the old one was used', async () => {
    expect((await business.send(body())).status).toBe(202);
    const secret = 'whsec_bmV3IHNlY3JldCBvZiBhY21l';
    await running.deps.store.rotateSecret(business.id, secret, Date.now() + 60_000);
    const [id, text] = [randomUUID(), JSON.stringify(message('Hi'))];
    expect((await business.send(text, { id, headers: sign(secret, id, new Date(), text) })).status).toBe(202);
  });

  test('a secret holds for a while after it is replaced', async () => {
    const { store } = running.deps;
    await store.rotateSecret(business.id, 'whsec_bmV3IHNlY3JldCBvZiBhY21l', Date.now() + 60_000);
    expect((await business.send(body())).status).toBe(202);
    running.ahead = 61_000;
    expectProblem(await business.send(body()), 401);
  });

  test.each(['application/json', 'application/json; charset=utf-8', 'Application/JSON'])('as %s', async (type) => {
    expect((await business.send(body(), { headers: { 'content-type': type } })).status).toBe(202);
  });

  test('fields that we do not know are ignored', async () => {
    expect((await business.send(body({ future: { x: 1 } }))).status).toBe(202);
  });

  test('a customer’s broken characters do not lose the message', async () => {
    expect((await business.send(JSON.stringify(message('a\u0000b\ud800c\ufffed')))).status).toBe(202);
    expect((await ana.get('/v1/notifications')).body.items[0].message.text).toBe('a\ufffdb\ufffdc\ufffdd');
  });

  test('a contact with an email of no use is saved without it', async () => {
    await business.receive('c1', 'Hello');
    const contact = { address: '+447700900123', name: 'Emma', email: '' };
    expect((await business.send(body({ type: 'contact.saved', data: { contact } }))).status).toBe(202);
  });

  test('a message that is all attachments is taken, whatever is wrong with them', async () => {
    const attachments = [{ type: 'image', name: ' ' }, { type: 'x'.repeat(500), name: 'y'.repeat(5000) }, null];
    const whole = message('');
    const data = { ...whole.data, message: { ...whole.data.message, attachments } };
    expect((await business.send(body({ data }))).status).toBe(202);
    expect((await ana.get('/v1/notifications')).body.items[0].message.text).toMatch(/^📎 image, y{20}/);
  });

  test('an agent whose address has an internationalised domain signs in with it, as it is or in ASCII', async () => {
    const agent = { id: 'kim', name: 'Kim', email: 'kim&co@bücher.example', role: 'agent' };
    await business.post('agent.saved', { agent });
    expect(
      await running.deps.store.putCode({ email: 'kim&co@xn--bcher-kva.example', codeHash: 'x', expiresAt: 1, now: 0 }),
    ).toEqual({ known: true });
  });

  test('256 KiB is not too much', async () => {
    const rest = JSON.stringify(message('')).length;
    const exactly = JSON.stringify(message('x'.repeat(256 * 1024 - rest)));
    expect(Buffer.byteLength(exactly)).toBe(256 * 1024);
    expect((await business.send(exactly)).status).toBe(202);
  });
});

describe('what is wrong is refused and leaves no trace', () => {
  afterEach(async () => expect(await unread()).toBe(0));

  test.each(['webhook-id', 'webhook-timestamp', 'webhook-signature'])('401 without %s', async (name) => {
    expectProblem(await business.send(body(), { headers: { [name]: '' } }), 401);
  });
  test('401 for a signature by another secret', async () => {
    const other = await addSales(running, 'globex');
    expectProblem(await business.send(body(), { headers: { 'webhook-signature': signatureOf(other) } }), 401);
  });
  test('401 for a body that was changed after it was signed', async () => {
    const id = randomUUID();
    const { headers } = signedBy(business, id, body());
    const answer = await request(`${running.url}/v1/businesses/${business.id}/events`, {
      method: 'POST',
      headers,
      body: body({ extra: 1 }),
    });
    expectProblem(answer, 401);
  });
  test.each([-301, 301])('401 when it was signed %i seconds from now', async (seconds) => {
    expectProblem(await business.send(body(), { at: new Date(Date.now() + seconds * 1000) }), 401);
  });
  test('404 for a business that does not exist', async () => {
    const { headers } = signedBy(business, randomUUID(), body());
    const answer = await request(`${running.url}/v1/businesses/nobody/events`, {
      method: 'POST',
      headers,
      body: body(),
    });
    expectProblem(answer, 404);
  });
  test('413 over 256 KiB, with and without a length', async () => {
    const huge = JSON.stringify(message('x'.repeat(256 * 1024)));
    expectProblem(await business.send(huge), 413);
    const { headers } = signedBy(business, randomUUID(), huge);
    const chunked = new ReadableStream<Uint8Array>({
      start(controller) {
        controller.enqueue(new TextEncoder().encode(huge));
        controller.close();
      },
    });
    const init = { method: 'POST', headers, body: chunked, duplex: 'half' };
    expectProblem(await request(`${running.url}/v1/businesses/${business.id}/events`, init as RequestInit), 413);
  });
  test.each(['text/plain', 'application/x-www-form-urlencoded', 'application/jsonp', 'text/json'])(
    '415 for %s',
    async (type) => expectProblem(await business.send(body(), { headers: { 'content-type': type } }), 415),
  );
  test('415 for a compressed body', async () => {
    expectProblem(await business.send(body(), { headers: { 'content-encoding': 'gzip' } }), 415);
  });
  test.each(['', '{', 'null', '[]', '"text"', '{"type":1}', '{}'])('422 for the body %s', async (text) => {
    expectProblem(await business.send(text), 422);
  });
  test('422 for bytes that are not UTF-8', async () => {
    expectProblem(await business.send(Buffer.from([0x7b, 0xff, 0xfe, 0x7d])), 422);
  });
  test('422 for bytes that are not UTF-8 and whose sender signed the bytes themselves', async () => {
    const bytes = Buffer.from([0x7b, 0xff, 0xfe, 0x7d]);
    const seconds = String(Math.floor(Date.now() / 1000));
    const key = Buffer.from(business.secret.slice('whsec_'.length), 'base64');
    const mac = createHmac('sha256', key).update(`msg_raw.${seconds}.`).update(bytes).digest('base64');
    const headers = { 'webhook-id': 'msg_raw', 'webhook-timestamp': seconds, 'webhook-signature': `v1,${mac}` };
    expectProblem(await business.send(bytes, { headers }), 422);
  });
  test('422 for a webhook-id that is too long', async () => {
    expectProblem(await business.send(body(), { id: 'x'.repeat(129) }), 422);
  });

  const conversation = { id: 'c1', groupId: 'sales', channel: 'whatsapp' };
  const from = { address: '+447700900123' };
  const text = { id: 'm1', text: 'Hello' };
  const invalid: [field: string, event: object][] = [
    ['type', { type: 'message.exploded' }],
    ['timestamp', { timestamp: 'yesterday' }],
    ['timestamp', { timestamp: '2026-11-23' }],
    ['timestamp', { timestamp: new Date(Date.now() + 10 * 60_000).toISOString() }],
    ['data.conversation.groupId', { data: { conversation: { id: 'c1', channel: 'sms' }, from, message: text } }],
    [
      'data.conversation.groupId',
      { data: { conversation: { ...conversation, groupId: 'none' }, from, message: text } },
    ],
    ['data.conversation.channel', { data: { conversation: { ...conversation, channel: 'Ü' }, from, message: text } }],
    ['data.conversation.id', { data: { conversation: { ...conversation, id: 'x'.repeat(129) }, from, message: text } }],
    ['data.conversation.id', { data: { conversation: { ...conversation, id: '' }, from, message: text } }],
    ['data.message.text', { data: { conversation, from, message: { id: 'm1' } } }],
    ['data.message', { data: { conversation, from } }],
    ['data.by', { type: 'message.sent', data: { conversation, message: text, by: null } }],
    ['data.by.agentId', { type: 'message.sent', data: { conversation, message: text, by: { agentId: 7 } } }],
    [
      'data.assignee.agentId',
      { type: 'conversation.assigned', data: { conversation, assignee: { agentId: 'nobody' } } },
    ],
    ['data.contact.name', { type: 'contact.saved', data: { contact: { address: '+44', name: ' ' } } }],
    ['data.contact.address', { type: 'contact.saved', data: { contact: { name: 'Emma' } } }],
    ['data.agent.email', { type: 'agent.saved', data: { agent: { id: 'x', name: 'X', email: 'x', role: 'agent' } } }],
    [
      'data.agent.role',
      { type: 'agent.saved', data: { agent: { id: 'x', name: 'X', email: 'x@y.example', role: 'king' } } },
    ],
  ];
  test.each(invalid)('422 that names %s', async (field, changes) => {
    const answer = await business.send(body(changes));
    expectProblem(answer, 422);
    expect(answer.body.errors.map((error: { field: string }) => error.field)).toContain(field);
  });
});

test('the webhook-id of a refused event stays free for another try', async () => {
  const id = randomUUID();
  const event = message();
  event.data.conversation.groupId = 'later';
  expectProblem(await business.send(JSON.stringify(event), { id }), 422);
  await business.addGroup('later', ['ana']);
  expect((await business.send(JSON.stringify(event), { id })).body).toEqual({ duplicate: false });
  expect(await unread()).toBe(1);
});

test('a removed group is refused while it has open conversations', async () => {
  await business.receive('c1', 'Hello');
  expectProblem(
    await business.send(JSON.stringify({ type: 'group.removed', timestamp: now(), data: { id: 'sales' } })),
    422,
  );
  await business.post('conversation.closed', { conversation: { id: 'c1' } });
  await business.post('group.removed', { id: 'sales' });
});

test('an address that keeps sending wrong signatures is answered 429, a right one from there is always taken', async () => {
  const wrong = () => business.send(body(), { headers: { 'webhook-signature': 'v1,wrong' } });
  const answers = await Promise.all(Array.from({ length: 101 }, wrong));
  expect(answers.filter(({ status }) => status === 401)).toHaveLength(100);
  const refused = answers.find(({ status }) => status === 429)!;
  expectProblem(refused, 429);
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
  expect((await business.send(body())).status).toBe(202);
});

test('events are counted by type and outcome', async () => {
  await business.receive('c1', 'Hello');
  await business.send(body({ timestamp: new Date(Date.now() + 10 * 60_000).toISOString() }));
  const { values } = await running.deps.metrics.events.get();
  const of = (outcome: string) =>
    values.find(({ labels }) => labels.type === 'message.received' && labels.outcome === outcome)?.value;
  expect([of('stored'), of('refused'), of('duplicate')]).toEqual([1, 1, undefined]);
});

const signedBy = ({ secret }: Business, id: string, text: string) => {
  const at = new Date();
  return { headers: { 'content-type': 'application/json', ...sign(secret, id, at, text) } };
};
const signatureOf = (other: Business): string => sign(other.secret, 'id', new Date(), body())['webhook-signature']!;
