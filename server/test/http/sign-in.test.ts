import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { hashToken } from '../../src/services/token.ts';
import { codeIn, openApp } from './in-process.ts';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const ANA = 'ana@acme.example';

async function acme(...args: Parameters<typeof openApp>) {
  const app = openApp(...args);
  await app.addBusiness('acme', { ana: ANA, ben: 'ben@acme.example' });
  const trade = (code: string, more: object = {}) => app.post('/v1/auth/token', { email: ANA, code, ...more });
  return { ...app, trade };
}

/** Another code than the right one. */
const wrong = (code: string): string => String((Number(code) + 1) % 1_000_000).padStart(6, '0');

describe('a code', () => {
  test('comes by email and is traded for a token that says who is signed in', async () => {
    const { codeFor, trade, get, mails } = await acme();
    const code = await codeFor(' Ana@ACME.example ');
    expect(mails).toHaveLength(1);
    expect(mails[0]).toMatchObject({ to: ANA, subject: `${code} is your Converso sign-in code` });
    const { status, body } = await trade(code, { device: 'Chrome on Windows' });
    expect(status).toBe(200);
    expect(body).toEqual({
      token: expect.stringMatching(/^[\w-]{43}$/),
      agent: { id: 'ana', name: 'ana', email: ANA, role: 'agent' },
    });
    expect((await get('/v1/me', { token: body.token })).body).toEqual({
      agent: { id: 'ana', name: 'ana', email: ANA, role: 'agent' },
      business: { id: 'acme', name: 'The acme', timeZone: 'Europe/Madrid' },
      groups: [],
      preferences: { messageNotifications: true, assistantChats: true, unrepliedEmails: true },
      inboxes: [],
      inbox: {
        url: 'http://localhost:8787/inbox',
        conversationUrl: 'http://localhost:8787/inbox/{conversationId}',
        canTake: true,
      },
    });
  });

  test.each([
    ['Arabic', 0x660],
    ['Persian', 0x6f0],
    ['full-width', 0xff10],
  ])('may be written in %s digits', async (_name, zero) => {
    const { codeFor, trade } = await acme();
    const code = await codeFor(ANA);
    const written = code.replace(/\d/g, (digit) => String.fromCodePoint(zero + Number(digit)));
    expect((await trade(written)).status).toBe(200);
  });

  test('works once', async () => {
    const { codeFor, trade } = await acme();
    const code = await codeFor(ANA);
    expect((await trade(code)).status).toBe(200);
    expect((await trade(code)).status).toBe(401);
  });

  test('holds for five minutes', async () => {
    const { codeFor, trade, time } = await acme();
    const code = await codeFor(ANA);
    time.ahead = 5 * MINUTE + 1000;
    expect((await trade(code)).status).toBe(401);
    const next = await codeFor(ANA);
    time.ahead += 5 * MINUTE - 1000;
    expect((await trade(next)).status).toBe(200);
  });

  test('is spent after three wrong attempts', async () => {
    const { codeFor, trade } = await acme();
    const code = await codeFor(ANA);
    for (let n = 0; n < 3; n += 1) expect((await trade(wrong(code))).status).toBe(401);
    expect((await trade(code)).status).toBe(401);
    const next = await codeFor(ANA);
    for (let n = 0; n < 2; n += 1) expect((await trade(wrong(next))).status).toBe(401);
    expect((await trade(next)).status).toBe(200);
  });

  test('stops working when a newer one is asked for', async () => {
    const { codeFor, trade } = await acme();
    const first = await codeFor(ANA);
    const second = await codeFor(ANA);
    expect(first).not.toBe(second);
    expect((await trade(first)).status).toBe(401);
    expect((await trade(second)).status).toBe(200);
  });

  test('of one address is of no use for another', async () => {
    const { codeFor, post } = await acme();
    const code = await codeFor(ANA);
    await codeFor('ben@acme.example');
    expect((await post('/v1/auth/token', { email: 'ben@acme.example', code })).status).toBe(401);
  });
});

describe('a challenge', () => {
  async function asked() {
    const app = await acme();
    const answer = await app.post('/v1/auth/code', { email: ANA });
    await app.posted();
    return { ...app, challenge: answer.body.challenge as string, code: codeIn(app.mails.at(-1)) };
  }

  test('is answered to the request for a code, and comes back with it, for a token or a cookie', async () => {
    const { trade, challenge, code } = await asked();
    expect((await trade(code, { challenge })).status).toBe(200);
    expect((await trade(code, { challenge })).status).toBe(401);
    const other = await asked();
    const answer = await other.post('/v1/auth/session', {
      email: ANA,
      code: other.code,
      challenge: other.challenge,
    });
    expect(answer.status).toBe(200);
  });

  test('bounds its own attempts', async () => {
    const { trade, challenge, code } = await asked();
    for (let n = 0; n < 3; n += 1) expect((await trade(wrong(code), { challenge })).status).toBe(401);
    expect((await trade(code, { challenge })).status).toBe(401);
  });

  test('lets a stranger who tries by the address, or asks for further codes, lock nobody out', async () => {
    const { trade, post, challenge, code } = await asked();
    for (let n = 0; n < 16; n += 1) await trade(wrong(code));
    expect((await trade(code)).status).toBe(429);
    const theirs = (await post('/v1/auth/code', { email: ANA })).body.challenge;
    for (let n = 0; n < 4; n += 1) await trade(wrong(code), { challenge: theirs });
    expect((await trade(code, { challenge })).status).toBe(200);
  });

  test('of no meaning, or of another request, is refused', async () => {
    const { trade, code } = await asked();
    for (const challenge of ['', 'x'.repeat(43)]) expect((await trade(code, { challenge })).status).toBe(401);
    expect((await trade(code, { challenge: 'x'.repeat(201) })).status).toBe(422);
  });
});

test('wrong codes are bounded on the whole server, which says so in metrics and log until the quarter of an hour is over', async () => {
  vi.useFakeTimers({ toFake: ['Date'] });
  onTestFinished(() => void vi.useRealTimers());
  const { post, get, logged, codeFor, trade } = await acme();
  const guess = async (n: number) => {
    const ask = { from: `192.0.2.${n % 200}` };
    const email = `someone-${n}@acme.example`;
    return (await post('/v1/auth/token', { email, code: '123456', challenge: `c${n}` }, ask)).status;
  };
  const metric = async (name: string) => new RegExp(`^${name} (\\d+)$`, 'm').exec((await get('/metrics')).body)?.[1];
  for (let n = 0; n < 200; n += 1) expect(await guess(n)).toBe(401);
  expect(await guess(200)).toBe(429);
  const code = await codeFor(ANA);
  const refused = await trade(code);
  expect([refused.status, Number(refused.headers.get('retry-after')) > 800]).toEqual([429, true]);
  expect(logged.filter((line) => line.includes('somebody tries out codes'))).toHaveLength(1);
  expect(await metric('converso_sign_in_wrong_codes_total')).toBe('200');
  expect(await metric('converso_sign_in_ceiling_reached_total')).toBe('1');
  vi.advanceTimersByTime(15 * MINUTE + 1000);
  expect((await trade(await codeFor(ANA))).status).toBe(200);
});

describe('an unknown address', () => {
  test('gets the same answer after the same calls of the store, and no email', async () => {
    const calls: string[] = [];
    const { post, mails, rehearsed, posted } = await acme(
      {},
      {
        store: (real) =>
          new Proxy({} as typeof real, {
            ownKeys: () => Object.keys(real),
            getOwnPropertyDescriptor: () => ({ enumerable: true, configurable: true }),
            get:
              (_, name: keyof typeof real) =>
              (...args: never[]) => {
                calls.push(name);
                return (real[name] as (...given: never[]) => unknown)(...args);
              },
          }),
      },
    );
    const ask = async (email: string) => {
      calls.length = 0;
      const { status, headers, body } = await post('/v1/auth/code', { email });
      await posted();
      expect(body).toEqual({ challenge: expect.stringMatching(/^[\w-]{43}$/) });
      return { status, headers: [...headers], calls: [...calls] };
    };
    const known = await ask(ANA);
    expect(await ask('nobody@acme.example')).toEqual(known);
    expect(known).toMatchObject({ status: 202, calls: ['putCode'] });
    expect(mails).toHaveLength(1);
    // Composed all the same, so that what follows in this process is as late.
    expect(rehearsed).toHaveLength(1);
    const shape = ({ subject, text }: { subject: string; text: string }) => (subject + text).replaceAll(/\d{6}/g, '');
    expect(rehearsed.map(shape)).toEqual(mails.map(shape));
  });

  test('cannot be told from a known one by how a wrong code is answered', async () => {
    const { codeFor, post, trade } = await acme();
    const code = await codeFor(ANA);
    await post('/v1/auth/code', { email: 'nobody@acme.example' });
    const known = await trade(wrong(code));
    const unknown = await post('/v1/auth/token', { email: 'nobody@acme.example', code });
    expect([unknown.status, unknown.body]).toEqual([known.status, known.body]);
  });

  test('is not betrayed by a slow mail service, because nobody waits for it', async () => {
    const arrived = Promise.withResolvers<void>();
    const release = Promise.withResolvers<void>();
    const mailer = {
      send: () => {
        arrived.resolve();
        return release.promise;
      },
      rehearse: async () => {},
    };
    const { post } = await acme({}, { mailer });
    expect((await post('/v1/auth/code', { email: ANA })).status).toBe(202);
    await arrived.promise;
    release.resolve();
  });
});

describe('an email of several businesses', () => {
  async function two() {
    const app = await acme();
    await app.addBusiness('zeta', { anna: ANA });
    return app;
  }

  test('has to choose, with the same code', async () => {
    const { codeFor, trade, get } = await two();
    const code = await codeFor(ANA);
    const { status, headers, body } = await trade(code);
    expect([status, headers.get('content-type')]).toEqual([409, 'application/problem+json']);
    const businesses = [
      { id: 'acme', name: 'The acme' },
      { id: 'zeta', name: 'The zeta' },
    ];
    expect(body).toMatchObject({ status: 409, businesses });
    const chosen = await trade(code, { businessId: 'zeta' });
    expect(chosen).toMatchObject({ status: 200, body: { agent: { id: 'anna' } } });
    const me = await get('/v1/me', { token: chosen.body.token });
    expect(me.body.business.id).toBe('zeta');
  });

  test('learns nothing of them by a wrong code, nor gets into an unknown one', async () => {
    const { codeFor, trade } = await two();
    const code = await codeFor(ANA);
    expect((await trade(wrong(code))).body).not.toHaveProperty('businesses');
    expect((await trade(code, { businessId: 'nowhere' })).status).toBe(401);
  });
});

describe('a session', () => {
  test('ends with its own sign-out, at once', async () => {
    const { signIn, call, get } = await acme();
    const token = await signIn(ANA);
    const other = await signIn(ANA);
    expect((await call('DELETE', '/v1/auth/token', { token })).status).toBe(204);
    expect((await get('/v1/me', { token })).status).toBe(401);
    expect((await call('DELETE', '/v1/auth/token', { token })).status).toBe(401);
    expect((await get('/v1/me', { token: other })).status).toBe(200);
  });

  test('lives for 90 days from its last use', async () => {
    const { signIn, get, time } = await acme();
    const token = await signIn(ANA);
    time.ahead = 89 * DAY;
    expect((await get('/v1/me', { token })).status).toBe(200);
    time.ahead = 178 * DAY;
    expect((await get('/v1/me', { token })).status).toBe(200);
    time.ahead = 269 * DAY;
    expect((await get('/v1/me', { token })).status).toBe(401);
  });

  test('does not end because the clock is a quarter of a year ahead for a minute', async () => {
    const { signIn, get, time } = await acme();
    const token = await signIn(ANA);
    Object.assign(time, { ahead: 91 * DAY, believed: 0 });
    expect((await get('/v1/me', { token })).status).toBe(200);
    Object.assign(time, { ahead: 0 });
    expect((await get('/v1/me', { token })).status).toBe(200);
  });

  test('is listed with its device, and revoked from another one', async () => {
    const { signIn, get, call, woken } = await acme();
    const laptop = await signIn(ANA, { device: 'Laptop' });
    const phone = await signIn(ANA, { device: 'Phone' });
    const ben = await signIn('ben@acme.example');
    const { items } = (await get('/v1/me/sessions', { token: laptop })).body;
    expect(items).toHaveLength(2);
    const [found] = items.filter(({ device }: { device: string }) => device === 'Phone');
    expect(found).toMatchObject({ current: false, lastUsedAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT/) });

    const path = `/v1/me/sessions/${found.id}`;
    expect((await call('DELETE', path, { token: ben })).status).toBe(404);
    expect((await get('/v1/me', { token: phone })).status).toBe(200);
    expect((await call('DELETE', path, { token: laptop })).status).toBe(204);
    expect((await get('/v1/me', { token: phone })).status).toBe(401);
    expect((await call('DELETE', path, { token: laptop })).status).toBe(404);
    expect(woken.at(-1)?.agents).toHaveLength(1);
  });

  test('of an agent who is removed ends, and a new role holds at once', async () => {
    const { signIn, get, tell } = await acme();
    const token = await signIn(ANA);
    await tell('acme', 'agent.saved', { agent: { id: 'ana', name: 'Ana', email: ANA, role: 'admin' } });
    expect((await get('/v1/me', { token })).body.agent).toMatchObject({ name: 'Ana', role: 'admin' });
    await tell('acme', 'agent.removed', { id: 'ana' });
    expect((await get('/v1/me', { token })).status).toBe(401);
  });

  test('and a code leave nothing on disk that would let a thief in', async () => {
    const { codeFor, trade, onDisk } = await acme();
    const code = await codeFor(ANA);
    const { token } = (await trade(code)).body;
    const pending = await codeFor(ANA);
    const bytes = onDisk();
    expect(bytes).toContain(ANA);
    expect(bytes).toContain(hashToken(token));
    expect(bytes).not.toContain(token);
    // Not among the random ids and hashes either, which could hold any six digits by chance.
    for (const digits of [code, pending]) expect(bytes.split(/[^A-Za-z0-9_-]+/)).not.toContain(digits);
  });
});

describe('preferences', () => {
  test('change one by one, are answered whole, and wake the agent', async () => {
    const { signIn, call, woken } = await acme();
    const token = await signIn(ANA);
    const patch = (body: unknown) => call('PATCH', '/v1/me/preferences', { token, body });
    expect(await patch({ assistantChats: false })).toMatchObject({
      status: 200,
      body: { messageNotifications: true, assistantChats: false, unrepliedEmails: true },
    });
    expect(woken.at(-1)?.agents).toHaveLength(1);
    expect((await patch({ messageNotifications: false })).body).toEqual({
      messageNotifications: false,
      assistantChats: false,
      unrepliedEmails: true,
    });
  });

  test.each([
    [{}, 'body'],
    [{ messageNotifications: 'yes' }, 'messageNotifications'],
    [[], 'body'],
  ])('refuse %j, naming the field', async (body, field) => {
    const { signIn, call } = await acme();
    const answer = await call('PATCH', '/v1/me/preferences', { token: await signIn(ANA), body });
    expect(answer).toMatchObject({ status: 422, body: { errors: [{ field }] } });
  });
});

test('a code is six digits, zeros in front included', async () => {
  const { codeFor, mails } = await acme();
  await codeFor(ANA);
  expect(codeIn(mails[0])).toMatch(/^\d{6}$/);
});
