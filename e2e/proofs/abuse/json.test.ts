import { randomUUID } from 'node:crypto';
import { sign } from '@converso/server/src/services/signature.ts';
import { expect, test } from 'vitest';
import { openTarget, type Target } from './target.ts';

async function post({ origin, business }: Target, body: string): Promise<{ status: number; text: string }> {
  const headers = { 'content-type': 'application/json', ...sign(business.secret, randomUUID(), new Date(), body) };
  const answer = await fetch(`${origin}/v1/businesses/${business.id}/events`, { method: 'POST', headers, body });
  return { status: answer.status, text: await answer.text() };
}

const message = (more: string, conversation = ''): string =>
  `{"type":"message.received","timestamp":"${new Date().toISOString()}","data":{"conversation":{"id":"c1","groupId":"group-0","channel":"sms"${conversation}},"from":{"address":"+1"},"message":{"id":"m1","text":"Hi"}}${more}}`;

const deep = (levels: number): string => '['.repeat(levels) + ']'.repeat(levels);

test.each([
  ['a prototype at the top', message(',"__proto__":{"polluted":true}')],
  ['a prototype inside', message('', ',"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}')],
  ['unknown fields', message(',"admin":true,"businessId":"other"')],
  ['a field that says two things, the last of which holds', message('', ',"id":"c2"')],
])('%s changes nothing beside the event', async (_, body) => {
  const target = await openTarget();
  expect(await post(target, body)).toEqual({ status: 202, text: '{"duplicate":false}' });
  expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  expect(target.errors).toEqual([]);
});

test.each([
  ['nested a hundred thousand deep', message(`,"x":${deep(100_000)}`), [202]],
  ['nothing but nesting', deep(120_000), [422]],
  ['objects in objects', `${'{"a":'.repeat(40_000)}1${'}'.repeat(40_000)}`, [422]],
  ['a number beyond all', '{"type":1e400,"timestamp":1,"data":{}}', [422]],
  ['ten thousand fields', `{${Array.from({ length: 10_000 }, (_, n) => `"k${n}":1`).join()}}`, [422]],
  ['a type that is a method', '{"type":"toString","timestamp":"2026-01-01T00:00:00Z","data":{}}', [422]],
  ['a type that is a prototype', '{"type":"__proto__","timestamp":"2026-01-01T00:00:00Z","data":{}}', [422]],
  [
    'a date that is a program for regular expressions',
    `{"type":"group.removed","timestamp":"${'0'.repeat(50_000)}","data":{"id":"x"}}`,
    [422],
  ],
  [
    'an email that is one, too',
    `{"type":"agent.saved","timestamp":"${new Date().toISOString()}","data":{"agent":{"id":"a","name":"A","role":"agent","email":"${'a@'.repeat(20_000)}"}}}`,
    [422],
  ],
  ['a byte order mark', `\uFEFF${message('')}`, [202, 422]],
  ['nothing', '', [415, 422]],
  ['null', 'null', [422]],
])('%s is answered at once and without an error', async (_, body, statuses) => {
  const target = await openTarget();
  const began = performance.now();
  const { status, text } = await post(target, body);
  expect(statuses).toContain(status);
  expect(text.length).toBeLessThan(10_000);
  expect(performance.now() - began).toBeLessThan(1500);
  expect(target.errors).toEqual([]);
});

test('ids that are words of the language are ids as any others', async () => {
  const target = await openTarget();
  const ids = [
    '__proto__',
    'constructor',
    'toString',
    'hasOwnProperty',
    '...',
    '/',
    '%2f',
    '?#',
    '\u202e',
    "'; DROP TABLE agents; --",
  ];
  for (const id of ids) {
    const body = JSON.stringify({
      type: 'message.received',
      timestamp: new Date().toISOString(),
      data: { conversation: { id, groupId: 'group-0', channel: 'sms' }, from: {}, message: { id, text: id } },
    });
    expect((await post(target, body)).status).toBe(202);
  }
  const headers = { authorization: `Bearer ${target.token}` };
  const list = (await (await fetch(`${target.origin}/v1/notifications`, { headers })).json()) as {
    items: { conversation: { id: string } }[];
  };
  expect(list.items.map(({ conversation }) => conversation.id).toSorted()).toEqual(ids.toSorted());
  for (const id of ids) {
    const path = `${target.origin}/v1/conversations/${encodeURIComponent(id)}/read`;
    const answer = await fetch(path, { method: 'POST', headers });
    // A dot segment is taken out of a path before it is sent.
    if (id !== '..') expect([id, answer.status]).toEqual([id, 200]);
  }
});
