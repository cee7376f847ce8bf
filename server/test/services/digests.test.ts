import type { IngestEvent } from '@converso/shared';
import { describe, expect, test } from 'vitest';
import { plan } from '../../src/domain/plan.ts';
import { openStoreFixture, reply } from '../store/conformance/store-fixture.ts';
import { HOUR, MINUTE, monday, openDigestFixture, SECOND } from './digest-fixture.ts';

const JOE = 'Unreplied WhatsApp message from Joe';
const BOTH = [`ana: ${JOE}`, `ben: ${JOE}`];
const DAY = 24 * HOUR;

describe('at its time a slot', () => {
  test('is emailed once, and not before', async () => {
    const { fixture, at, got } = await openDigestFixture();
    await fixture.message();
    await at(monday('10:59'));
    expect(got()).toEqual([]);
    await at(monday('11:00'));
    expect(got()).toEqual(BOTH);
    for (const time of ['11:01', '13:00', '14:00', '17:00']) await at(monday(time));
    expect(got()).toEqual(BOTH);
  });

  test('has links that lead to the conversation and out of the emails', async () => {
    const { fixture, at, resend } = await openDigestFixture({ PUBLIC_URL: 'https://notify.example.com' });
    await fixture.message();
    await at(monday('11:00'));
    const { text, headers } = resend.delivered[0]!;
    expect(text).toContain('https://notify.example.com/inbox/c1');
    expect(headers['List-Unsubscribe']).toMatch(/^<https:\/\/notify\.example\.com\/unsubscribe\?token=[\w.-]+>$/);
    expect(headers['List-Unsubscribe-Post']).toBe('List-Unsubscribe=One-Click');
  });

  test('links a chat of Chatwoot to Chatwoot', async () => {
    const { fixture, at, resend, store } = await openDigestFixture({ PUBLIC_URL: 'https://notify.example.com' });
    const settings = { url: 'https://desk.acme.example', account: '3' };
    const row = { key: 'src_1', businessId: 'acme', id: 'cw', kind: 'chatwoot', settings, secrets: 'sealed' };
    await store.addSource({ ...row, createdAt: fixture.now() });
    const event: IngestEvent = {
      type: 'message.received',
      timestamp: new Date(fixture.now()).toISOString(),
      data: {
        conversation: { id: 'cw:815', groupId: 'support', channel: 'whatsapp' },
        from: { address: '+34600000001' },
        message: { id: 'cw:m1', text: 'Is it ready?' },
      },
    };
    const batch = { businessId: 'acme', sourceKey: 'src_1', aliases: [], receivedAt: fixture.now(), silently: false };
    await store.ingestAll({ ...batch, deliveries: [{ eventId: 'cw:e1', event }] }, plan);
    await at(monday('11:00'));
    const { text } = resend.delivered[0]!;
    expect(text).toContain('https://desk.acme.example/app/accounts/3/conversations/815\n');
    expect(text).toContain('Open the inbox: https://desk.acme.example/app/accounts/3/dashboard');
    expect(text).not.toContain('https://notify.example.com/inbox');
  });

  test('tells of the weekend on Monday morning, each chat once', async () => {
    const { fixture, at, got, clear } = await openDigestFixture();
    const saturday = monday('16:50') + 5 * DAY;
    await fixture.message('Is it free?', {}, { arrives: saturday });
    for (const hours of [0.2, 1, 12, 24, 30]) await at(saturday + hours * HOUR);
    expect(got()).toEqual([]);
    clear();
    await at(monday('08:00') + 7 * DAY);
    expect(got()).toEqual(BOTH);
  });

  test('is left alone by a business that was not there yet', async () => {
    const { fixture, at, store, got } = await openDigestFixture();
    await fixture.message();
    await store.addBusiness({ id: 'new', name: 'New', timeZone: 'UTC', secret: 'whsec_2', now: monday('12:30') });
    await at(monday('12:31'));
    expect((await store.slotClocks(monday('12:31'))).map(({ lastSlotAt }) => lastSlotAt)).toEqual([
      monday('11:00'),
      null,
    ]);
    expect(got()).toEqual(BOTH);
  });
});

describe('missed by the server, a slot', () => {
  test('runs late within the grace period, with what is due by then', async () => {
    const { fixture, at, got } = await openDigestFixture();
    await fixture.message('Hello?', {}, { arrives: monday('12:00') });
    await at(monday('13:00'));
    expect(got()).toEqual(BOTH);
  });

  test('is skipped after it, and the next one tells all the same', async () => {
    const { fixture, at, got, store, logged } = await openDigestFixture();
    await fixture.message();
    await at(monday('13:00') + 1);
    expect(got()).toEqual([]);
    expect(logged).toContainEqual(
      expect.objectContaining({ msg: 'a slot was missed by too much to run', slot: '2026-06-01 11:00' }),
    );
    expect(await store.slotClocks(monday('13:01'))).toMatchObject([{ lastSlotAt: monday('11:00') }]);
    await at(monday('14:00'));
    expect(got()).toEqual(BOTH);
  });

  test('is not made up for one by one after a month', async () => {
    const { fixture, at, got, logged } = await openDigestFixture();
    await fixture.message();
    await at(monday('11:30') + 28 * DAY);
    expect(got()).toEqual(BOTH);
    expect(logged.filter(({ msg }) => msg === 'a slot was missed by too much to run')).toHaveLength(24 * 4);
  });
});

describe('when the clock', () => {
  test('is set back, nothing is said twice, and what comes is said', async () => {
    const { fixture, at, got, clear } = await openDigestFixture();
    await fixture.message();
    await at(monday('11:00'));
    await at(monday('10:30'));
    await at(monday('11:00'));
    expect(got()).toEqual(BOTH);
    clear();
    await fixture.message('Still there?', {}, { arrives: monday('11:10') });
    await at(monday('14:00'));
    expect(got()).toEqual(BOTH);
  });

  test('was days ahead, the days it skipped are run when they come', async () => {
    const { fixture, at, got } = await openDigestFixture();
    await at(monday('12:00') + 3 * DAY);
    await fixture.message('Hello?', {}, { arrives: monday('10:20') });
    await at(monday('10:31'));
    expect(got()).toEqual([]);
    await at(monday('11:00'));
    expect(got()).toEqual(BOTH);
  });

  test('was ahead while a batch could not be sent, it is sent when the clock is right', async () => {
    const { fixture, at, got, resend } = await openDigestFixture();
    await fixture.message();
    resend.meet({ refuse: 429, name: 'rate_limit_exceeded', retryAfter: 1200 });
    await at(monday('11:00') + DAY);
    expect(got()).toEqual([]);
    await at(monday('11:00'));
    expect(got()).toEqual(BOTH);
  });
});

describe('when the zone changes during the day', () => {
  test('the slots of the new one follow, and no message is emailed twice', async () => {
    const { fixture, at, store, got, clear } = await openDigestFixture();
    await fixture.message();
    await at(monday('11:00'));
    expect(got()).toEqual(BOTH);
    clear();
    await store.setTimeZone('acme', 'Europe/Athens');
    // 13:00 in Athens, where 14:00 is an hour away; then 14:00 there, which is no slot in London.
    await at(monday('11:30'));
    await fixture.message('Still there?', {}, { arrives: monday('11:40') });
    await at(monday('11:59'));
    expect(got()).toEqual([]);
    await at(monday('12:00'));
    expect(got()).toEqual(BOTH);
    clear();
    await store.setTimeZone('acme', 'Europe/London');
    for (const time of ['12:01', '13:00', '14:00']) await at(monday(time));
    expect(got()).toEqual([]);
  });
});

describe('two servers on one store', () => {
  test('send each email once between them', async () => {
    const { fixture, at, got, server, time } = await openDigestFixture();
    for (let chat = 0; chat < 20; chat += 1) await fixture.message('Hi', { conversation: `c${chat}` });
    const other = server();
    time.now = monday('11:00');
    await Promise.all([other.tick(), at(monday('11:00')), other.tick()]);
    expect(got().toSorted()).toEqual([
      'ana: 20 unreplied messages, oldest since 10:00',
      'ben: 20 unreplied messages, oldest since 10:00',
    ]);
  });

  test('go on with what the other began', async () => {
    const { fixture, at, got, server, store } = await openDigestFixture();
    await fixture.message();
    const [slot] = [
      {
        businessId: 'acme',
        timeZone: 'Europe/London',
        slot: { date: '2026-06-01', time: '11:00', at: monday('11:00') },
      },
    ];
    await store.claimSlot(slot!, monday('11:00'));
    await at(monday('11:01'), server());
    expect(got()).toEqual(BOTH);
  });

  test('leave a batch to who is sending it', async () => {
    const { fixture, at, got, server, resend, time } = await openDigestFixture();
    await fixture.message();
    const other = server();
    let during: Promise<void> | undefined;
    resend.onRequest(() => {
      during ??= other.tick();
      return during;
    });
    await at(monday('11:00'));
    expect(resend.received).toHaveLength(1);
    expect(got()).toEqual(BOTH);
    time.now += 5 * MINUTE;
    await other.tick();
    expect(resend.received).toHaveLength(1);
  });
});

test('a server that stood still past its lease does not put off what another one has sent', async () => {
  const { fixture, at, got, server, resend, time, counted } = await openDigestFixture();
  await fixture.message();
  const other = server();
  resend.meet('take and hang', { refuse: 429, name: 'rate_limit_exceeded', retryAfter: 1800 });
  // While the first server's request hangs, three minutes pass, and the other server has the same batch taken.
  let overtaking: Promise<void> | undefined;
  resend.onRequest(async () => {
    if (overtaking !== undefined) return;
    const taken = new Promise<void>((resolve) => resend.onTaken(() => resolve()));
    time.now += 3 * MINUTE;
    overtaking = other.tick();
    await taken;
  });
  await at(monday('11:00'));
  await overtaking;
  expect(got()).toEqual(BOTH);
  // A day later nobody can know what became of the batch, so its messages are not emailed a second time.
  await at(monday('11:00') + DAY);
  expect(got()).toEqual(BOTH);
  expect(await counted('unknown')).toBe(2);
});

describe('just before it is sent', () => {
  test('what was answered meanwhile is left out', async () => {
    const { fixture, at, got, resend } = await openDigestFixture();
    // 101 agents, so that the last is in a second batch.
    const ids = Array.from({ length: 101 }, (_, index) => `agent${String(index).padStart(3, '0')}`);
    for (const id of ids) await fixture.agent(id);
    await fixture.group('support', ids);
    await fixture.message();
    resend.onTaken(async () => {
      resend.onTaken(() => undefined);
      await fixture.tell('message.sent', reply('agent000', 'r1'));
    });
    await at(monday('11:00'));
    expect(got()).toHaveLength(100);
    expect(got()).not.toContain(`agent100: ${JOE}`);
  });
});

describe('one bad address', () => {
  test('holds up nobody else, and is tried again at the next slot', async () => {
    const { fixture, at, got, resend, counted } = await openDigestFixture();
    await fixture.agent('ana', { email: 'ana@nowhere' });
    await fixture.message();
    await at(monday('11:00'));
    expect(got()).toEqual([`ben: ${JOE}`]);
    expect([await counted('sent'), await counted('failed')]).toEqual([1, 1]);
    await at(monday('11:30'));
    expect(resend.received).toHaveLength(1);
    await at(monday('14:00'));
    expect(resend.received.map(({ emails }) => emails.map(({ to }) => to.split('@')[0]))).toEqual([
      ['ana', 'ben'],
      ['ana'],
    ]);
  });
});

describe('a business that has reached its emails of the day', () => {
  test('gets no more that day: it is counted and logged, and the next day goes on', async () => {
    const { fixture, at, got, counted, logged } = await openDigestFixture({ MAX_EMAILS_PER_DAY: '1' });
    await fixture.message();
    await at(monday('11:00'));
    await at(monday('14:00'));
    expect(got()).toEqual([`ana: ${JOE}`]);
    expect(await counted('over_limit')).toBe(2);
    expect(logged).toContainEqual(
      expect.objectContaining({ level: 'error', business: 'acme', slot: '2026-06-01 11:00', emails: 1, limit: 1 }),
    );
    await at(monday('08:00') + DAY);
    expect(got()).toEqual(BOTH);
  });

  test('holds up no other business', async () => {
    const { fixture, at, got, store } = await openDigestFixture({ MAX_EMAILS_PER_DAY: '2' });
    await fixture.message();
    const other = await openStoreFixture(store, 'other');
    await other.agent('cho');
    await other.group('support', ['cho']);
    await other.message();
    await at(monday('11:00'));
    expect(got()).toEqual([...BOTH, `cho: ${JOE}`]);
  });
});

describe('when Resend is', () => {
  test('too busy, its Retry-After is waited for, and nothing else is sent meanwhile', async () => {
    const { fixture, at, got, resend, time } = await openDigestFixture();
    await fixture.message();
    resend.meet(
      { refuse: 429, name: 'rate_limit_exceeded', retryAfter: 3 },
      { refuse: 429, name: 'rate_limit_exceeded', retryAfter: 2 },
    );
    await at(monday('11:00'));
    expect(got()).toEqual(BOTH);
    expect(time.now).toBeGreaterThanOrEqual(monday('11:00') + 5 * SECOND);
    expect(new Set(resend.received.map(({ key }) => key)).size).toBe(1);
  });

  test.each(['hang', 'take and hang', 'take and cut', { refuse: 500, name: 'internal_server_error' }] as const)(
    'out of order (%j), the same batch is tried later, longer and longer apart, and delivered once',
    async (trouble) => {
      const { fixture, at, got, resend } = await openDigestFixture();
      await fixture.message();
      resend.meet(trouble, { refuse: 503, name: 'application_error' }, { refuse: 502, name: 'application_error' });
      const tries: number[] = [];
      for (let minute = 0; minute < 10; minute += 1) {
        await at(monday('11:00') + minute * MINUTE);
        tries.push(resend.received.length);
      }
      // After 15, 30 and 60 seconds, as far as the ticks of a minute allow.
      expect(tries).toEqual([1, 2, 3, 4, 4, 4, 4, 4, 4, 4]);
      expect(got()).toEqual(BOTH);
      expect(new Set(resend.received.map(({ key, emails }) => key + JSON.stringify(emails))).size).toBe(1);
    },
  );

  test('out of order for longer than a slot may be late, the rest is left to the next slot', async () => {
    const { fixture, at, got, resend, logged } = await openDigestFixture();
    await fixture.message();
    const down = { refuse: 500, name: 'internal_server_error' } as const;
    resend.meet(...Array.from({ length: 60 }, () => down));
    for (let minute = 0; minute <= 150; minute += 5) await at(monday('11:00') + minute * MINUTE);
    expect(got()).toEqual([]);
    resend.recover();
    await at(monday('14:00'));
    expect(got()).toEqual(BOTH);
    expect(
      logged.filter(({ msg }) => msg === 'a slot did not finish in time; the next one goes on').length,
    ).toBeLessThanOrEqual(1);
  });
});

describe('when the account may not send', () => {
  const QUOTA = { refuse: 429, name: 'daily_quota_exceeded', retryAfter: 1800 } as const;

  test('nothing is tried until the pause is over, everybody can see it, and then all of it goes', async () => {
    const { fixture, at, got, resend, paused, counted, logged, store } = await openDigestFixture();
    await fixture.message();
    resend.meet(QUOTA);
    await at(monday('11:00'));
    expect(paused()).toEqual({ reason: 'Resend: daily_quota_exceeded (429)', until: monday('11:30') });
    expect(logged).toContainEqual(
      expect.objectContaining({ level: 'error', reason: 'Resend: daily_quota_exceeded (429)' }),
    );
    expect(await counted('retried')).toBe(2);
    for (const time of ['11:01', '11:15', '11:29']) await at(monday(time));
    expect([resend.received.length, await store.batchesWaiting()]).toEqual([1, 1]);
    await at(monday('11:30'));
    expect(got()).toEqual(BOTH);
    expect([paused(), await store.batchesWaiting(), await counted('sent')]).toEqual([null, 0, 2]);
  });

  test('a refused key pauses for a quarter of an hour', async () => {
    const { fixture, at, got, resend, paused } = await openDigestFixture();
    await fixture.message();
    resend.meet({ refuse: 401, name: 'validation_error', message: 'API key is invalid' });
    await at(monday('11:00'));
    expect(paused()).toMatchObject({ until: monday('11:15') });
    await at(monday('11:14'));
    expect(got()).toEqual([]);
    await at(monday('11:15'));
    expect(got()).toEqual(BOTH);
  });

  test('for a day, the batch was never taken, so the next slot tells of it', async () => {
    const { fixture, at, got, resend, counted, store } = await openDigestFixture();
    await fixture.message();
    resend.meet(...Array.from({ length: 200 }, () => QUOTA));
    for (let half = 0; half <= 47; half += 1) await at(monday('11:00') + half * 30 * MINUTE);
    expect([got(), await store.batchesWaiting(), await counted('failed')]).toEqual([[], 0, 2]);
    resend.recover();
    await at(monday('11:00') + DAY);
    expect(got()).toEqual(BOTH);
  });
});

describe('23 hours after its first attempt', () => {
  test('a batch that may have been taken is recorded as unknown and not repeated', async () => {
    const { fixture, at, got, resend, counted, logged, store } = await openDigestFixture();
    await fixture.message();
    resend.meet(...Array.from({ length: 200 }, () => 'hang' as const));
    await at(monday('11:00'));
    const tries = resend.received.length;
    resend.recover();
    await at(monday('10:01') + DAY);
    expect([resend.received.length, await store.batchesWaiting()]).toEqual([tries, 0]);
    expect(await counted('unknown')).toBe(2);
    expect(logged).toContainEqual(expect.objectContaining({ level: 'error', emails: 2 }));
    await at(monday('11:00') + DAY);
    expect(got()).toEqual([]);
  });

  test('a batch that never had a connection was not sent, so the next slot says it', async () => {
    const { fixture, at, got, resend, server, counted } = await openDigestFixture();
    await fixture.message();
    const cutOff = server('re_key', 'http://resend.invalid');
    await at(monday('11:00'), cutOff);
    await at(monday('12:00'), cutOff);
    await at(monday('10:01') + DAY);
    expect(resend.received).toHaveLength(0);
    expect([await counted('unknown'), await counted('failed')]).toEqual([0, 2]);
    await at(monday('11:00') + DAY);
    expect(got()).toEqual(BOTH);
  });

  test('and no earlier', async () => {
    const { fixture, at, got, resend } = await openDigestFixture();
    await fixture.message();
    resend.meet('hang');
    await at(monday('11:00'));
    await at(monday('10:00') + DAY);
    expect(got()).toEqual(BOTH);
  });
});

test('closing waits for the batch under way, and leaves the next to whoever starts', async () => {
  const { fixture, at, got, resend, close, server } = await openDigestFixture();
  const ids = Array.from({ length: 150 }, (_, index) => `agent${index}`);
  for (const id of ids) await fixture.agent(id);
  await fixture.group('support', ids);
  await fixture.message();
  let closed: Promise<void> | undefined;
  resend.onRequest(() => {
    closed = close();
  });
  await at(monday('11:00'));
  await closed;
  expect(got()).toHaveLength(100);
  resend.onRequest(() => undefined);
  await at(monday('11:01'), server());
  expect(new Set(got()).size).toBe(150);
  expect(got()).toHaveLength(150);
});
