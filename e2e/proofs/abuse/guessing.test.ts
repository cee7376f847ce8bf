import { randomUUID } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { onlyMessage } from '../workload.ts';
import { openTarget, type Target } from './target.ts';

async function post({ origin }: Target, path: string, body: object, headers: Record<string, string> = {}) {
  const answer = await fetch(origin + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
  return { status: answer.status, retryAfter: answer.headers.get('retry-after'), text: await answer.text() };
}

/** Stored emails; none while there is no folder. */
const storedEmails = ({ place }: Target): string[] =>
  readdirSync(place.folder).includes('mail') ? readdirSync(join(place.folder, 'mail')) : [];

test('codes cannot be tried out: three attempts each, fifteen in a quarter of an hour, whatever address one claims to come from', async () => {
  const target = await openTarget();
  const { email } = target.business.agents[0]!;
  const answers: number[] = [];
  for (let n = 0; n < 40; n += 1) {
    if (n % 3 === 0) await post(target, '/v1/auth/code', { email });
    const code = String(100_000 + n * 7919).slice(0, 6);
    const { status } = await post(
      target,
      '/v1/auth/token',
      { email, code },
      { 'x-forwarded-for': `203.0.113.${n}`, forwarded: `for=203.0.113.${n}` },
    );
    answers.push(status);
  }
  expect(answers.filter((status) => status === 401).length).toBeLessThanOrEqual(15);
  expect(answers.slice(15).every((status) => status === 429)).toBe(true);
  expect(answers).not.toContain(200);
  // At most five codes went out meanwhile: nobody's mailbox is filled.
  expect(storedEmails(target).length).toBeLessThanOrEqual(5);
});

test('a right code after three wrong ones is refused', async () => {
  const target = await openTarget();
  const { email } = target.business.agents[0]!;
  await post(target, '/v1/auth/code', { email });
  await expect.poll(() => storedEmails(target).length).toBe(1);
  const message = readFileSync(join(target.place.folder, 'mail', storedEmails(target)[0]!), 'latin1');
  const [code = ''] = /\b\d{6}\b/.exec(message.split('\r\n\r\n').slice(1).join()) ?? [];
  const wrong = code === '111111' ? '222222' : '111111';
  for (let n = 0; n < 3; n += 1)
    expect((await post(target, '/v1/auth/token', { email, code: wrong })).status).toBe(401);
  expect((await post(target, '/v1/auth/token', { email, code })).status).toBe(401);
});

test('whether an address is known shows neither in the answer, nor in its time, nor in that of the next request', async () => {
  const target = await openTarget();
  const times: Record<string, number[]> = { known: [], unknown: [] };
  const following: Record<string, number[]> = { known: [], unknown: [] };
  const answers = new Set<string>();
  for (let n = 0; n < 10; n += 1) {
    for (const kind of ['known', 'unknown']) {
      const email = kind === 'known' ? target.business.agents[n % 2]!.email : `nobody-${n}@acme.example`;
      const began = performance.now();
      const { status, text } = await post(target, '/v1/auth/code', { email });
      const answered = performance.now();
      times[kind]!.push(answered - began);
      // What is done after the answer must not show in the next one either.
      await (await fetch(`${target.origin}/healthz`)).text();
      following[kind]!.push(performance.now() - answered);
      answers.add(`${status} ${text.replace(/"[\w-]{43}"/, '"…"')}`);
    }
  }
  expect([...answers]).toEqual(['202 {"challenge":"…"}']);
  const median = (values: number[]): number => values.toSorted((a, b) => a - b)[values.length / 2]!;
  // Milliseconds; a network hides far more, and so does a machine that is busy with other things.
  for (const { known, unknown } of [times, following]) {
    expect(Math.abs(median(known!) - median(unknown!))).toBeLessThan(Math.max(5, median(unknown!)));
  }
});

test('ids of notifications and sessions are not to be guessed, and of others’ are as if they were not there', async () => {
  const target = await openTarget();
  await target.sender.deliver(onlyMessage('group-0', 'c1'));
  const [mine, theirs] = target.business.agents.map(({ tokens }) => ({ authorization: `Bearer ${tokens[0]}` }));
  const get = async (path: string, headers: Record<string, string> | undefined) =>
    (await fetch(target.origin + path, { headers: headers! })).json() as Promise<
      { items: { id: string }[] } & { id: string }[]
    >;
  const their = (await get('/v1/notifications', theirs)).items[0]!.id;
  const sessions = await fetch(`${target.origin}/v1/me/sessions`, { headers: theirs! });
  const session = JSON.stringify(await sessions.json());
  const [theirSession = ''] = /[0-9a-f]{8}-[0-9a-f-]{27}/.exec(session) ?? [];
  expect(their).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-/);
  const end = async (id: string) =>
    (await fetch(`${target.origin}/v1/me/sessions/${id}`, { method: 'DELETE', headers: mine! })).status;
  expect([await end(theirSession), await end(randomUUID()), await end('1')]).toEqual([404, 404, 404]);
  await post(target, '/v1/notifications/read', { ids: [their, randomUUID()] }, mine);
  expect((await get('/v1/notifications', theirs)).items[0]).toMatchObject({ id: their, state: 'open' });
  expect((await fetch(`${target.origin}/v1/me`, { headers: theirs! })).status).toBe(200);
});
