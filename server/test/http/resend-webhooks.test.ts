import { createHmac } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import { describe, expect, test } from 'vitest';
import { openApp } from './in-process.ts';

const SECRET = `whsec_${Buffer.from('a secret of twenty-four b').toString('base64')}`;

async function acme(environment: Record<string, string> = { RESEND_WEBHOOK_SECRET: SECRET }) {
  const app = openApp(environment);
  await app.addBusiness('acme', { ana: 'ana@acme.example', ben: 'ben@acme.example' });
  await app.addBusiness('other', { ana: 'Ana@acme.example' });
  const suppressed = async () => {
    const agents = [...(await app.deps.store.agents('acme')), ...(await app.deps.store.agents('other'))];
    return agents.map(({ mailSuppressed }) => mailSuppressed);
  };
  /** Sends an event in Resend's way: signed, with Svix's names for the headers. */
  const tell = (event: object, { secret = SECRET, at = new Date(), body = JSON.stringify(event) } = {}) => {
    const signature = new Webhook(secret).sign('msg_1', at, JSON.stringify(event));
    const headers = {
      'svix-id': 'msg_1',
      'svix-timestamp': String(Math.floor(at.getTime() / 1000)),
      'svix-signature': signature,
      'content-type': 'application/json',
    };
    return app.call('POST', '/v1/resend/webhooks', { body, headers });
  };
  return { ...app, suppressed, tell };
}

const event = (type: string, more: object = {}, to = 'ana@acme.example') => ({
  type,
  created_at: '2026-11-23T08:00:00.000Z',
  data: { email_id: 'e1', from: 'n@acme.example', to: [to], subject: 'x', ...more },
});
const NONE = [null, null, null];

describe('Resend says that an address', () => {
  test.each<[string, object, string]>([
    ['email.bounced', { bounce: { type: 'Permanent', subType: 'General', message: 'no such user' } }, 'bounced'],
    ['email.complained', {}, 'complained'],
    ['email.suppressed', {}, 'suppressed'],
  ])(
    '%s: mail to it stops, whoever has it, and the operator learns it without reading the address',
    async (type, more, reason) => {
      const { tell, suppressed, logged } = await acme();
      expect((await tell(event(type, more))).status).toBe(204);
      expect(await suppressed()).toEqual([reason, null, reason]);
      expect(logged.join()).toContain('no more mail goes to an address');
      expect(logged.join()).not.toContain('ana@acme.example');
    },
  );

  test('has bounced for the moment: nothing happens', async () => {
    const { tell, suppressed } = await acme();
    expect((await tell(event('email.bounced', { bounce: { type: 'Transient' } }))).status).toBe(204);
    expect(await suppressed()).toEqual(NONE);
  });

  test.each<[string, object]>([
    ['bounce: null', { bounce: null }],
    ['a bounce without a type', { bounce: { message: 'no such user' } }],
    ['a bounce whose type is null', { bounce: { type: null } }],
    ['one address instead of a list', { to: 'ana@acme.example' }],
  ])('has bounced, with %s', async (_, more) => {
    const { tell, suppressed } = await acme();
    expect((await tell(event('email.bounced', more))).status).toBe(204);
    expect(await suppressed()).toEqual(['bounced', null, 'bounced']);
  });

  test.each<[string, object, string[]]>([
    ['without a readable address', event('email.complained', { to: { address: 'ana@acme.example' } }), ['data.to']],
    ['without a type', { data: { to: ['ana@acme.example'] } }, ['type']],
  ])('is gone, %s: what is not understood is logged, without the address', async (_, body, fields) => {
    const { tell, suppressed, logged } = await acme();
    expect((await tell(body)).status).toBe(204);
    expect(await suppressed()).toEqual(NONE);
    const line = logged.map((text) => JSON.parse(text)).find(({ msg }) => msg?.includes('not understood'));
    expect(line).toMatchObject({ level: 'error', fields });
    expect(logged.join()).not.toContain('ana@acme.example');
  });

  test('is written with a name: it is the same address', async () => {
    const { tell, suppressed } = await acme();
    await tell(event('email.complained', {}, 'Ben <BEN@acme.example>'));
    expect(await suppressed()).toEqual([null, 'complained', null]);
  });
});

test.each(['email.sent', 'email.delivered', 'email.opened', 'contact.created', 'of.tomorrow'])(
  '%s is of no interest',
  async (type) => {
    const { tell, suppressed } = await acme();
    expect((await tell(event(type))).status).toBe(204);
    expect(await suppressed()).toEqual(NONE);
  },
);

test.each<[string, Parameters<Awaited<ReturnType<typeof acme>>['tell']>[1]]>([
  ['another secret', { secret: `whsec_${Buffer.from('somebody else entirely!!').toString('base64')}` }],
  ['an old signature', { at: new Date(Date.now() - 6 * 60_000) }],
  ['another body', { body: JSON.stringify(event('email.complained', {}, 'ben@acme.example')) }],
])('%s is refused', async (_, how) => {
  const { tell, suppressed } = await acme();
  expect((await tell(event('email.complained'), how)).status).toBe(401);
  expect(await suppressed()).toEqual(NONE);
});

test('a signed body that is not UTF-8 is 422: its signature is right', async () => {
  const { app } = await acme();
  const bytes = Buffer.from([0x7b, 0xff, 0xfe, 0x7d]);
  const seconds = String(Math.floor(Date.now() / 1000));
  const key = Buffer.from(SECRET.slice('whsec_'.length), 'base64');
  const mac = createHmac('sha256', key).update(`msg_1.${seconds}.`).update(bytes).digest('base64');
  const answer = await app.request('/v1/resend/webhooks', {
    method: 'POST',
    body: new Uint8Array(bytes),
    headers: {
      'content-type': 'application/json',
      'content-length': String(bytes.length),
      'svix-id': 'msg_1',
      'svix-timestamp': seconds,
      'svix-signature': `v1,${mac}`,
    },
  });
  expect(answer.status).toBe(422);
});

test('without a signature it is refused, and without a secret there is nothing to tell', async () => {
  const { post } = await acme();
  expect((await post('/v1/resend/webhooks', event('email.complained'))).status).toBe(401);
  const without = await acme({});
  expect((await without.tell(event('email.complained'))).status).toBe(404);
  expect(await without.suppressed()).toEqual(NONE);
});
