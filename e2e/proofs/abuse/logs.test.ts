/** Everything that is said to the server and that nobody may find in its logs or metrics, at the chattiest level. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { createDevice } from '../../support/device.ts';
import { seedBusiness, tempEnvironment } from '../../support/seed.ts';
import { createSender } from '../../support/sender.ts';
import { serverProcess } from '../../support/server-process.ts';

/** In each thing that is personal or secret; nothing else contains it. */
const MARK = 'zq7';

test('no name, text, address, code, token or secret is in the logs or the metrics', { timeout: 60_000 }, async () => {
  const place = tempEnvironment();
  const secret = `${MARK}-auth-secret-of-this-test`;
  const server = await serverProcess({ ...place.env, LOG_LEVEL: 'trace', AUTH_SECRET: secret, DEMO: '1' });
  const business = await seedBusiness(place, { id: 'acme', agents: 2, groupSize: 2, devices: 1 });
  const sender = createSender(() => server.origin, business);
  const token = business.agents[0]!.tokens[0]!;
  const device = createDevice({ origin: () => server.origin, token });
  onTestFinished(async () => {
    device.close();
    sender.close();
    await server.stop('SIGKILL');
    place.remove();
  });
  await server.start();
  device.connect();
  await device.until(({ live }) => live, 'its snapshot');

  const { origin } = server;
  const timestamp = new Date().toISOString();
  const email = `${MARK}@acme.example`;
  const conversation = { id: 'c1', groupId: 'group-0', channel: 'whatsapp' };
  const person = { address: `+${MARK}900`, name: `Name ${MARK}` };
  const message = (n: number) => ({ id: `m${n}`, text: `Text ${MARK}` });
  const by = { agentId: 'agent-1' };
  const attachments = [{ type: 'image', name: `${MARK}.png` }];
  const received = { conversation, from: person, message: { ...message(1), attachments } };
  for (const event of [
    { type: 'agent.saved', timestamp, data: { agent: { id: 'ana', name: `Ana ${MARK}`, email, role: 'agent' } } },
    {
      type: 'group.saved',
      timestamp,
      data: { group: { id: 'group-0', name: `Group ${MARK}`, agentIds: ['agent-0', 'agent-1', 'ana'] } },
    },
    { type: 'message.received', timestamp, data: received },
    { type: 'contact.saved', timestamp, data: { contact: { ...person, email: `customer-${MARK}@example.com` } } },
    { type: 'message.sent', timestamp, data: { conversation, by, message: message(2) } },
    { type: 'message.sent', timestamp, data: { conversation, by, message: { ...message(3), private: true } } },
    { type: 'conversation.handed_over', timestamp, data: { conversation, reason: `Because ${MARK}` } },
    { type: 'conversation.assigned', timestamp, data: { conversation, assignee: by } },
    { type: 'conversation.closed', timestamp, data: { conversation, by } },
  ] as Parameters<typeof sender.deliver>[0][]) {
    expect(await sender.deliver(event)).toBe(true);
  }

  const ask = async (
    method: string,
    path: string,
    body?: string,
    headers: Record<string, string> = {},
  ): Promise<number> => {
    const answer = await fetch(origin + path, {
      method,
      headers: { 'content-type': 'application/json', ...headers },
      ...(body === undefined ? {} : { body }),
    });
    await answer.text();
    return answer.status;
  };
  const bearer = { authorization: `Bearer ${token}` };
  // What goes wrong, with the mark wherever a mistake could be quoted.
  const refused = await sender.post({
    type: 'message.received',
    timestamp,
    data: { ...received, conversation: { ...conversation, groupId: `no ${MARK}` } },
  });
  expect(refused.status).toBe(422);
  expect(await ask('POST', '/v1/auth/code', `{"email":"${MARK}`)).toBe(422);
  expect(await ask('POST', '/v1/auth/code', `{"email":"${MARK}"}`)).toBe(422);
  expect(await ask('POST', `/v1/businesses/${MARK}/events`, `{"${MARK}":1}`)).toBe(404);
  expect(
    await ask('POST', `/v1/businesses/${business.id}/events`, `{"${MARK}":1}`, {
      'webhook-id': MARK,
      'webhook-signature': MARK,
    }),
  ).toBe(401);
  expect(await ask('GET', `/v1/conversations/${MARK}`, undefined, bearer)).toBe(404);
  expect(
    await ask('GET', `/${MARK}?q=${MARK}`, undefined, { cookie: `converso_session=${MARK}`, 'user-agent': MARK }),
  ).toBe(404);
  expect(
    await ask('GET', '/v1/me', undefined, {
      authorization: `Bearer ${MARK}${MARK}${MARK}${MARK}${MARK}${MARK}${MARK}`,
    }),
  ).toBe(401);
  expect(await ask('POST', `/unsubscribe?token=${MARK}`)).toBeGreaterThanOrEqual(400);
  expect(await ask('POST', '/v1/conversations/c1/reply', JSON.stringify({ text: `Reply ${MARK}` }), bearer)).toBe(204);

  // Sign-in, by header and by cookie.
  const codes: string[] = [];
  const tokens: string[] = [token];
  for (const path of ['/v1/auth/token', '/v1/auth/session']) {
    expect(await ask('POST', '/v1/auth/code', JSON.stringify({ email }))).toBe(202);
    const folder = join(place.folder, 'mail');
    await expect
      .poll(() => readdirSync(place.folder).includes('mail') && readdirSync(folder).length)
      .toBe(codes.length + 1);
    const message = readFileSync(join(folder, readdirSync(folder).toSorted().at(-1)!), 'latin1');
    const [code = ''] = /\b\d{6}\b/.exec(message.split('\r\n\r\n').slice(1).join()) ?? [];
    codes.push(code);
    const answer = await fetch(origin + path, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'sec-fetch-site': 'same-origin' },
      body: JSON.stringify({ email, code, device: `Device ${MARK}` }),
    });
    expect(answer.status).toBe(200);
    const { token: given } = (await answer.json()) as { token?: string };
    tokens.push(given ?? /converso_session=([^;]+)/.exec(answer.headers.get('set-cookie') ?? '')?.[1] ?? '');
  }
  const metrics = await (await fetch(`${origin}/metrics`)).text();
  await server.stop();

  expect(server.log.split('\n').length).toBeGreaterThan(25);
  for (const said of [server.log, metrics]) {
    const lines = said.split('\n').filter((line) => line.includes(MARK));
    expect(lines).toEqual([]);
    for (const unsaid of [...tokens, business.secret, business.agents[0]!.email]) {
      expect(unsaid.length).toBeGreaterThan(5);
      expect(said).not.toContain(unsaid);
    }
  }
  // Six digits may be part of any number or request id; alone they would be the code.
  for (const code of codes) expect(server.log).not.toMatch(new RegExp(`(?<![\\w.-])${code}(?![\\w.-])`));
});
