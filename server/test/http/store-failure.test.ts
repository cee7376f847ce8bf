import { randomUUID } from 'node:crypto';
import SQLite from 'better-sqlite3';
import { expect, test } from 'vitest';
import { databaseFile } from '../../src/store/open.ts';
import { damageTable } from '../store/damage.ts';
import { openStream } from './device.ts';
import { addSales, request, run } from './running.ts';

test('503 with Retry-After when the store fails, and the same event is taken once it works again', async () => {
  let failing = false;
  const running = await run(
    {},
    {
      replace: (store) => ({
        ingest: (delivery, planner) =>
          failing ? Promise.reject(new Error('disk I/O error')) : store.ingest(delivery, planner),
      }),
    },
  );
  const business = await addSales(running);
  const event = JSON.stringify({
    type: 'conversation.closed',
    timestamp: new Date().toISOString(),
    data: { conversation: { id: 'c1' } },
  });
  const id = randomUUID();
  failing = true;
  const answer = await business.send(event, { id });
  expect([answer.status, answer.headers.get('content-type')]).toEqual([503, 'application/problem+json']);
  expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
  expect(running.errors.map(({ msg }) => msg)).toEqual(['an event could not be stored']);
  failing = false;
  expect((await business.send(event, { id })).body).toEqual({ duplicate: false });
  await running.close();
});

test('a damaged store is 503 everywhere, in readiness and metrics until a restart, and one line in the log', async () => {
  const running = await run();
  const business = await addSales(running);
  await business.receive('c1', 'Hi');
  const ana = await business.signIn('ana');
  expect((await request(`${running.url}/readyz`)).status).toBe(200);
  damageTable(databaseFile(running.deps.config.databaseUrl), 'notifications');
  for (let n = 0; n < 2; n += 1) {
    const list = await ana.get('/v1/notifications');
    expect([list.status, Number(list.headers.get('retry-after')) > 0]).toEqual([503, true]);
  }
  const event = JSON.stringify({
    type: 'conversation.closed',
    timestamp: new Date().toISOString(),
    data: { conversation: { id: 'c1' } },
  });
  expect((await business.send(event)).status).toBe(503);
  expect(
    (await request(`${running.url}/v1/stream`, { headers: { authorization: `Bearer ${ana.token}` } })).status,
  ).toBe(503);
  await expect.poll(async () => (await request(`${running.url}/readyz`)).status, { timeout: 5000 }).toBe(503);
  expect((await request(`${running.url}/healthz`)).status).toBe(200);
  const metrics = await request(`${running.url}/metrics`);
  expect([metrics.status, metrics.body]).toEqual([200, expect.stringMatching(/^converso_store_usable 0$/m)]);
  expect(metrics.body).toMatch(/^converso_streams_open 0$/m);
  expect(running.errors).toEqual([
    expect.objectContaining({ msg: 'the store is not used any more', reason: 'damaged' }),
  ]);
  await running.close();
});

test('readiness is asked of the store once a second, however many ask', async () => {
  let checks = 0;
  const running = await run(
    {},
    {
      replace: (store) => ({
        check: () => {
          checks += 1;
          return store.check();
        },
      }),
    },
  );
  const began = performance.now();
  const answers = await Promise.all(Array.from({ length: 50 }, () => request(`${running.url}/readyz`)));
  const seconds = Math.ceil((performance.now() - began) / 1000);
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
  expect(checks).toBeGreaterThan(0);
  expect(checks).toBeLessThanOrEqual(seconds);
  await running.close();
});

test('while another process holds the lock, reads and heartbeats go on, and the event is taken once it is free', async () => {
  const running = await run({}, { times: { heartbeatMs: 100 } });
  const business = await addSales(running);
  const ana = await business.signIn('ana');
  // Its use and its connection are due to be noted.
  running.ahead = 120_000;
  const device = await openStream(running.url, { authorization: `Bearer ${ana.token}` });
  await device.next('caught_up');
  running.ahead = 240_000;
  const other = new SQLite(databaseFile(running.deps.config.databaseUrl));
  other.exec('BEGIN IMMEDIATE');
  let answered = false;
  const at = new Date();
  const event = {
    type: 'group.saved',
    timestamp: at.toISOString(),
    data: { group: { id: 'new', name: 'New', agentIds: [] } },
  };
  const sending = business
    .send(JSON.stringify(event), { at: new Date(at.getTime() + running.ahead) })
    .then((answer) => {
      answered = true;
      return answer;
    });
  for (let n = 0; n < 5; n += 1) {
    expect((await request(`${running.url}/healthz`)).status).toBe(200);
    expect((await ana.get('/v1/notifications')).status).toBe(200);
  }
  await device.comment();
  expect(answered).toBe(false);
  other.close();
  expect((await sending).status).toBe(202);
  device.close();
  await running.close();
});
