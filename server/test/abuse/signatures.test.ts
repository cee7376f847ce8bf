import { createHmac, randomBytes, randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { onlyMessage } from '../../proofs/story.ts';
import { sign } from '../../src/services/signature.ts';
import { openTarget, type Target } from './target.ts';

const ID = 'evt_1';
const body = JSON.stringify(onlyMessage('group-0', 'c1'));

async function post({ origin, business }: Target, headers: Record<string, string>, text: string = body) {
  const answer = await fetch(`${origin}/v1/businesses/${business.id}/events`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: text,
  });
  return { status: answer.status, body: (await answer.json()) as { duplicate?: boolean } };
}

const signed = ({ business }: Target, { id = ID, at = new Date(), text = body } = {}) =>
  sign(business.secret, id, at, text);

test('a signature that is sent again does nothing again', async () => {
  const target = await openTarget();
  const headers = signed(target);
  const first = await post(target, headers);
  expect([first.status, first.body]).toEqual([202, { duplicate: false }]);
  const replayed = await Promise.all(Array.from({ length: 20 }, () => post(target, headers)));
  expect(replayed.every(({ status, body }) => status === 202 && body.duplicate)).toBe(true);
  const list = await fetch(`${target.origin}/v1/notifications`, {
    headers: { authorization: `Bearer ${target.token}` },
  });
  expect(
    ((await list.json()) as { items: { messageCount: number }[] }).items.map(({ messageCount }) => messageCount),
  ).toEqual([1]);
});

test.each<[string, (target: Target) => Record<string, string>, string?]>([
  ['for another id', (target) => ({ ...signed(target), 'webhook-id': 'evt_2' })],
  [
    'for another moment',
    (target) => ({ ...signed(target), 'webhook-timestamp': String(Math.floor(Date.now() / 1000) + 1) }),
  ],
  ['for another body', (target) => signed(target, { text: `${body} ` })],
  ['of more than five minutes ago', (target) => signed(target, { at: new Date(Date.now() - 301_000) })],
  ['of more than five minutes ahead', (target) => signed(target, { at: new Date(Date.now() + 302_000) })],
  [
    'by another secret',
    (target) =>
      sign(`whsec_${randomBytes(32).toString('base64')}`, ID, new Date(), body) && {
        ...sign(`whsec_${randomBytes(32).toString('base64')}`, ID, new Date(), body),
        'x-for': target.business.id,
      },
  ],
  ['by an empty secret', () => sign('whsec_AA==', ID, new Date(), body)],
  [
    'of another version',
    (target) => ({
      ...signed(target),
      'webhook-signature': signed(target)['webhook-signature']!.replace('v1,', 'v1a,'),
    }),
  ],
  [
    'without a version',
    (target) => ({ ...signed(target), 'webhook-signature': signed(target)['webhook-signature']!.slice(3) }),
  ],
  [
    'cut short',
    (target) => ({ ...signed(target), 'webhook-signature': signed(target)['webhook-signature']!.slice(0, -8) }),
  ],
  ['empty', (target) => ({ ...signed(target), 'webhook-signature': 'v1,' })],
  ['with a time that is none', (target) => ({ ...signed(target), 'webhook-timestamp': 'NaN' })],
  ['with a time of no end', (target) => ({ ...signed(target), 'webhook-timestamp': 'Infinity' })],
  [
    'without a time',
    ({ business }) => ({ 'webhook-id': ID, 'webhook-signature': signed({ business } as Target)['webhook-signature']! }),
  ],
  [
    'over the body alone',
    ({ business }) => {
      const key = Buffer.from(business.secret.slice('whsec_'.length), 'base64');
      const mac = createHmac('sha256', key).update(body).digest('base64');
      return {
        'webhook-id': ID,
        'webhook-timestamp': String(Math.floor(Date.now() / 1000)),
        'webhook-signature': `v1,${mac}`,
      };
    },
  ],
])('a signature %s is 401 and leaves the id free', async (_, forge) => {
  const target = await openTarget();
  expect((await post(target, forge(target))).status).toBe(401);
  expect((await post(target, signed(target))).body).toEqual({ duplicate: false });
});

test('a right signature among wrong ones is enough, as when a secret is being replaced', async () => {
  const target = await openTarget();
  const headers = signed(target);
  const wrong = `v1,${randomBytes(32).toString('base64')}`;
  const several = { ...headers, 'webhook-signature': `${wrong} ${headers['webhook-signature']} v2,abc` };
  expect((await post(target, several)).status).toBe(202);
});

test('whoever tries signatures is told to stop after a hundred, and the sender with the right one never', async () => {
  const target = await openTarget();
  const forged = async () =>
    (await post(target, { ...signed(target, { id: randomUUID() }), 'webhook-signature': 'v1,AAAA' })).status;
  const answers = await Promise.all(Array.from({ length: 150 }, forged));
  expect(answers.filter((status) => status === 401)).toHaveLength(100);
  expect(answers.filter((status) => status === 429)).toHaveLength(50);
  expect((await post(target, signed(target))).status).toBe(202);
});

test("whoever tries signatures of Resend's or of unsubscribe links is told to stop too, and right ones are let in", async () => {
  const secret = `whsec_${Buffer.from('a secret of twenty-four b').toString('base64')}`;
  const target = await openTarget({ RESEND_WEBHOOK_SECRET: secret });
  const event = JSON.stringify({ type: 'email.delivered', data: { to: ['x@example.com'] } });
  const resend = async (headers: Record<string, string>) => {
    const init = { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body: event };
    return (await fetch(`${target.origin}/v1/resend/webhooks`, init)).status;
  };
  const right = sign(secret, ID, new Date(), event);
  const tries = Array.from({ length: 101 }, () => resend({ ...right, 'webhook-signature': 'v1,AAAA' }));
  expect((await Promise.all(tries)).toSorted()).toEqual([...Array(100).fill(401), 429]);
  expect(await resend(right)).toBe(204);

  const unsubscribe = async (token: string) => (await fetch(`${target.origin}/unsubscribe?token=${token}`)).status;
  const links = Array.from({ length: 101 }, (_, n) => unsubscribe(`WyJhIiwiYiJd.${n}`));
  expect((await Promise.all(links)).toSorted()).toEqual([...Array(100).fill(404), 429]);
});
