import { expect, test } from 'vitest';
import { unsubscribeToken } from '../../src/services/unsubscribe.ts';
import { openApp } from './in-process.ts';

async function acme() {
  const app = openApp();
  await app.addBusiness('acme', { ana: 'ana@acme.example', ben: 'ben@acme.example' });
  const unreplied = async () => {
    const agents = await app.deps.store.agents('acme');
    return Object.fromEntries(agents.map(({ id, preferences }) => [id, preferences.unrepliedEmails]));
  };
  const token = unsubscribeToken(app.config.authSecret, { businessId: 'acme', agentId: 'ana' });
  return { ...app, unreplied, token, path: `/unsubscribe?token=${token}` };
}

test('following the link changes nothing, because mail scanners follow every link', async () => {
  const { get, path, unreplied } = await acme();
  const { status, body } = await get(path);
  expect(status).toBe(200);
  expect(body).toContain('<form method="post">');
  expect(await unreplied()).toEqual({ ana: true, ben: true });
});

test('one click of the mail program, or the button, switches the emails of that agent off', async () => {
  const { call, path, unreplied, woken } = await acme();
  const headers = { 'content-type': 'application/x-www-form-urlencoded' };
  const answer = await call('POST', path, { body: 'List-Unsubscribe=One-Click', headers });
  expect(answer.status).toBe(200);
  expect(await unreplied()).toEqual({ ana: false, ben: true });
  expect(woken.at(-1)?.agents).toHaveLength(1);
  expect((await call('POST', path, { headers })).status).toBe(200);
});

test.each([
  ['no token', () => ''],
  ['another signature', (token: string) => `${token.split('.')[0]}.${'A'.repeat(43)}`],
  ['no signature', (token: string) => token.split('.')[0]!],
  ['another agent', (token: string) => `${Buffer.from('["acme","ben"]').toString('base64url')}.${token.split('.')[1]}`],
  ['rubbish', () => '%00.%00'],
])('a link with %s does nothing', async (_, forge) => {
  const { call, token, unreplied } = await acme();
  for (const method of ['GET', 'POST']) {
    expect((await call(method, `/unsubscribe?token=${forge(token)}`)).status).toBe(404);
  }
  expect(await unreplied()).toEqual({ ana: true, ben: true });
});

test('a link for an agent who is gone is answered like any other', async () => {
  const { call, config } = await acme();
  const token = unsubscribeToken(config.authSecret, { businessId: 'acme', agentId: 'gone' });
  expect((await call('POST', `/unsubscribe?token=${token}`)).status).toBe(200);
});
