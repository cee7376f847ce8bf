// @vitest-environment node
/** A network that lets the stream's head through and holds its body back. */
import type { Notification } from '@converso/shared';
import { expect, test, vi } from 'vitest';
import { SILENCE_MS } from '../../background/connection/server-connection.ts';
import { NO_BELL } from '../../domain/bell.ts';
import { sendMessage } from '../../messages.ts';
import { aMe, aNotification } from '../notification.ts';
import { startHoldingProxy } from './holding-proxy.ts';
import { setUp, TOKEN } from './worker.ts';

const MINUTE = 60_000;
const ALARM = { name: 'line', scheduledTime: 0, periodInMinutes: 0.5 };
const later = (ms: number) => {
  const now = Date.now();
  vi.spyOn(Date, 'now').mockReturnValue(now + ms);
};

const behindProxy = async () => {
  const all = await setUp();
  const { server, state, browser, saw } = all;
  const proxy = await startHoldingProxy(server.url);
  await state.account.setValue({ server: proxy.url, token: TOKEN });
  const lastEventAt = Date.now() - MINUTE;
  await state.connectionRecord.setValue({ state: 'connected', since: 0, lastEventAt, againstWill: false });
  await state.storedBell.setValue({ ...NO_BELL, cursor: '10', me: aMe() });
  const serves = (items: Notification[]) =>
    server.reply('GET /v1/notifications?limit=200', {
      status: 200,
      body: { items, unread: items.filter((item) => item.state === 'open').length, cursor: 99 },
    });
  serves([]);
  const alarm = () => browser.alarms.onAlarm.trigger(ALARM as never);
  const stateIs = (name: string) => saw(async () => expect((await state.connectionRecord.getValue()).state).toBe(name));
  /** Half a minute later the alarm comes. */
  const checks = async () => {
    later(30_000);
    await alarm();
    await stateIs('polling');
  };
  const start = async () => {
    const connection = all.start();
    const stream = await server.stream();
    await stateIs('connecting');
    return { connection, stream };
  };
  return { ...all, start, proxy, lastEventAt, serves, alarm, stateIs, checks };
};

test('a stream of which only the head came is no connection, and the server was not heard', async () => {
  const { start, server, proxy, state, saw, stateIs, clock, lastEventAt } = await behindProxy();
  const { connection } = await start();
  await saw(() => expect(proxy.streams()).toBe(1));
  clock.advance(SILENCE_MS);
  await stateIs('disconnected');
  clock.advance(3_000);
  await server.stream();
  await saw(() => expect(proxy.streams()).toBe(2));
  expect(connection.isLive()).toBe(false);
  expect(await state.connectionRecord.getValue()).toMatchObject({ state: 'disconnected', lastEventAt });
});

test('news comes with the alarm: bell, badge and toast; and goes as well', async () => {
  const { start, serves, checks, alarm, saw, desktop, state } = await behindProxy();
  await start();
  const news = aNotification({ seq: 11 });
  serves([news]);
  await checks();
  expect([...desktop.toasts.keys()]).toEqual(['conversation:c1']);
  expect(await desktop.badge()).toBe('1');
  expect(await state.storedBell.getValue()).toMatchObject({ cursor: '10', unread: 1, items: [{ id: news.id }] });
  expect((await state.connectionRecord.getValue()).lastEventAt).toBe(Date.now());
  serves([{ ...news, seq: 12, alertedSeq: 11, alert: false, state: 'settled' }]);
  later(30_000);
  await alarm();
  await saw(() => expect(desktop.titles()).toEqual([]));
  await saw(async () => expect(await desktop.badge()).toBe(''));
});

test('preferences changed elsewhere come with the alarm', async () => {
  const { start, server, checks, desktop, serves } = await behindProxy();
  await start();
  const off = { ...aMe().preferences, messageNotifications: false };
  server.reply('GET /v1/me', { status: 200, body: aMe({ preferences: off }) });
  serves([aNotification({ seq: 11 })]);
  await checks();
  expect(desktop.titles()).toEqual([]);
  expect(desktop.icon).toMatch(/16-crossed\.png$/);
});

test('the badge shows the count, not "!", for as long as the checks are answered', async () => {
  const { start, server, checks, alarm, stateIs, desktop, saw, serves } = await behindProxy();
  await start();
  serves([aNotification({ seq: 11 })]);
  for (let check = 0; check < 3; check++) await checks();
  expect(await desktop.badge()).toBe('1');
  server.reply('GET /v1/notifications?limit=200', { status: 503, body: {} });
  later(30_000);
  await alarm();
  await stateIs('disconnected');
  later(MINUTE);
  await alarm();
  await saw(async () => expect(await desktop.badge()).toBe('!'));
});

test('when the network lets the stream through, the device is connected and is told nothing twice', async () => {
  const { start, proxy, checks, stateIs, desktop, browser, serves, state } = await behindProxy();
  const { stream } = await start();
  const news = aNotification({ seq: 11 });
  serves([news]);
  await checks();
  const create = vi.spyOn(browser.notifications, 'create');
  proxy.release();
  stream.send('notification', { ...news, unread: 1 }, 11);
  stream.send('caught_up', { unread: 1 }, 11);
  await stateIs('connected');
  expect(create).not.toHaveBeenCalled();
  expect(desktop.titles()).toEqual(['Maria Silva']);
  expect((await state.storedBell.getValue()).cursor).toBe('11');
});

test('opening the popup checks at once', async () => {
  const { start, serves, desktop } = await behindProxy();
  await start();
  later(20_000);
  serves([aNotification({ seq: 11 })]);
  await sendMessage('popupOpened');
  expect(desktop.titles()).toEqual(['Maria Silva']);
});

test('a device that has never been connected learns who is signed in and what waits', async () => {
  const { start, checks, state, serves } = await behindProxy();
  await state.storedBell.setValue(NO_BELL);
  await start();
  serves([aNotification({ seq: 11 })]);
  await checks();
  expect(await state.storedBell.getValue()).toMatchObject({ cursor: null, me: { agent: { name: 'Ana' } }, unread: 1 });
});

test('a page that is full is followed by the next, down to what is known', async () => {
  const { start, server, checks, state, serves } = await behindProxy();
  await state.storedBell.setValue({ ...NO_BELL, cursor: '10', me: aMe(), items: [aNotification({ seq: 10 })] });
  const many = Array.from({ length: 201 }, (_, index) =>
    aNotification({ conversationId: `m${index}`, seq: 300 - index, state: 'read', alertedSeq: 1 }),
  );
  await start();
  serves(many.slice(0, 200));
  server.reply('GET /v1/notifications?limit=200&before=101', {
    status: 200,
    body: { items: [{ ...aNotification({ seq: 100, alertedSeq: 10 }), state: 'settled' }], unread: 0, cursor: 300 },
  });
  await checks();
  const { items } = await state.storedBell.getValue();
  expect(items.find(({ conversation }) => conversation.id === 'c1')?.state).toBe('settled');
});

test('a session that ended is noticed by the check', async () => {
  const { start, server, alarm, stateIs, desktop } = await behindProxy();
  await start();
  server.reply('GET /v1/notifications?limit=200', { status: 401, body: {} });
  later(30_000);
  await alarm();
  await stateIs('signed_out');
  expect([...desktop.toasts.keys()]).toEqual(['signed-out']);
});

test('a server that asked for rest is not checked', async () => {
  const { start, server, stateIs, state, clock, saw } = await behindProxy();
  const { connection } = await start();
  server.answerStreams((_request, response) => response.writeHead(503, { 'retry-after': '120' }).end());
  connection.resume();
  await stateIs('disconnected');
  clock.advance(3_000);
  await saw(async () => expect(await state.restUntil.getValue()).toBe(clock.now() + 120_000));
  later(30_000);
  await connection.poll();
  expect(server.requests.map(({ path }) => path)).not.toContain('/v1/notifications?limit=200');
});
