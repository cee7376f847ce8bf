// @vitest-environment node
import { describe, expect, test, vi } from 'vitest';
import { sendMessage } from '../../messages.ts';
import { aMe, aNotification } from '../notification.ts';
import { setUp } from './worker.ts';

const MINUTE = 60_000;
const later = (ms: number) => {
  const now = Date.now();
  vi.spyOn(Date, 'now').mockReturnValue(now + ms);
};
const alarm = (name: string) => ({ name, scheduledTime: 0, periodInMinutes: 0.5, persistAcrossSessions: true });

describe('every start', () => {
  test('makes sure of the alarm', async () => {
    const { start, browser, saw } = await setUp();
    start();
    await saw(async () => expect(await browser.alarms.get('line')).toMatchObject({ periodInMinutes: 0.5 }));
  });

  test('leaves an alarm that is there alone, so that it comes in time', async () => {
    const { start, browser, saw } = await setUp();
    await browser.alarms.create('line', { periodInMinutes: 0.5 });
    const create = vi.spyOn(browser.alarms, 'create');
    const get = vi.spyOn(browser.alarms, 'get');
    start();
    await saw(() => expect(get).toHaveBeenCalled());
    await get.mock.results[0]?.value;
    expect(create).not.toHaveBeenCalled();
  });

  test('puts the badge back that a browser restart forgot, before any network', async () => {
    const { start, state, desktop, saw, server } = await setUp();
    server.answerStreams(() => {});
    await state.storedBell.setValue({ cursor: '10', me: aMe(), items: [aNotification()], unread: 1, handled: {} });
    await state.connectionRecord.setValue({ state: 'connected', since: 0, lastEventAt: 0, againstWill: false });
    start();
    await saw(async () => expect(await desktop.badge()).toBe('1'));
  });

  test('while signed out shows the "!"', async () => {
    const { start, desktop, saw, server } = await setUp({ signedIn: false });
    start();
    await saw(async () => expect(await desktop.badge()).toBe('!'));
    expect(desktop.title).toBe('Converso. You are signed out.');
    expect(server.streams).toEqual([]);
  });
});

describe('being disconnected', () => {
  test('shows on the badge after a minute, until it is over', async () => {
    const { live, state, desktop, saw, server, browser, clock, carriedOut } = await setUp();
    const { stream } = await live([aNotification({ seq: 5 })]);
    server.answerStreams((_request, response) => response.writeHead(502).end());
    stream.cut();
    await saw(async () => expect((await state.connectionRecord.getValue()).state).toBe('disconnected'));
    const { since } = await state.connectionRecord.getValue();
    expect(await desktop.badge()).toBe('1');
    clock.advance(3_000);
    await saw(() => expect(clock.waits()).toEqual([3_000]));
    expect(await state.connectionRecord.getValue()).toMatchObject({ state: 'disconnected', since });
    later(MINUTE);
    await browser.alarms.onAlarm.trigger(alarm('line'));
    await saw(async () => expect(await desktop.badge()).toBe('!'));
    await saw(() => expect(clock.waits()).toEqual([3_000]));
    server.answerStreams(null);
    clock.advance(3_000);
    const again = await server.stream();
    await carriedOut(again, 'caught_up', { unread: 1 }, 11);
    await saw(async () => expect(await desktop.badge()).toBe('1'));
  });

  test('is reckoned from the first try on, and a retry looks no different', async () => {
    const { start, state, server, saw, clock } = await setUp();
    const asked: (() => void)[] = [];
    server.answerStreams((_request, response) => asked.push(() => response.writeHead(502).end()));
    start();
    await saw(() => expect(asked).toHaveLength(1));
    await saw(async () => expect((await state.connectionRecord.getValue()).state).toBe('connecting'));
    const { since } = await state.connectionRecord.getValue();
    later(MINUTE);
    asked[0]?.();
    await saw(async () =>
      expect(await state.connectionRecord.getValue()).toMatchObject({ state: 'disconnected', since }),
    );
    const stored = vi.spyOn(state.connectionRecord, 'setValue');
    clock.advance(3_000);
    await saw(() => expect(asked).toHaveLength(2));
    await saw(() => expect(stored).toHaveBeenCalled());
    for (const [stream] of stored.mock.calls) expect(stream).toMatchObject({ state: 'disconnected', since });
  });

  test('ends by the alarm where the timer was lost', async () => {
    const { start, server, browser, clock, saw } = await setUp();
    server.answerStreams((_request, response) => response.writeHead(502).end());
    start();
    await saw(() => expect(clock.waits()).toEqual([3_000]));
    server.answerStreams(null);
    await browser.alarms.onAlarm.trigger(alarm('line'));
    await server.stream();
  });

  test('ends when the network comes back', async () => {
    const { start, server, clock, saw } = await setUp();
    server.answerStreams((_request, response) => response.writeHead(502).end());
    start();
    await saw(() => expect(clock.waits()).toEqual([3_000]));
    server.answerStreams(null);
    self.dispatchEvent(new Event('online'));
    await server.stream();
  });

  test('ends when the popup is opened, which also asks anew what may be shown', async () => {
    const { start, server, clock, saw, desktop, state } = await setUp();
    server.answerStreams((_request, response) => response.writeHead(502).end());
    start();
    await saw(() => expect(clock.waits()).toEqual([3_000]));
    server.answerStreams(null);
    desktop.permission = 'denied';
    await sendMessage('popupOpened');
    await server.stream();
    expect(await state.toastHealth.getValue()).toMatchObject({ permission: 'denied' });
  });

  test('does not end before a busy server wants to be called again, though the worker be another', async () => {
    const { start, state, server, saw, clock } = await setUp();
    server.answerStreams((_request, response) => response.writeHead(429, { 'retry-after': '300' }).end());
    const connection = start();
    await saw(async () => expect(await state.restUntil.getValue()).toBe(clock.now() + 300_000));
    connection.stop();
    server.answerStreams(null);
    start();
    await saw(() => expect(clock.waits()).toEqual([300_000]));
    expect(server.streams).toEqual([]);
  });

  test('ends by "Try again" though the server asked for an hour of rest', async () => {
    const { start, state, server, saw, clock } = await setUp();
    server.answerStreams((_request, response) => response.writeHead(503, { 'retry-after': '3600' }).end());
    start();
    await saw(async () => expect(await state.restUntil.getValue()).toBe(clock.now() + 300_000));
    server.answerStreams(null);
    await sendMessage('popupOpened');
    await server.stream();
    expect(await state.restUntil.getValue()).toBe(0);
  });

  test('because another browser took over ends when a tab is chosen', async () => {
    const { live, server, state, saw, browser, clock } = await setUp();
    const { stream } = await live();
    stream.send('goodbye', { reason: 'replaced' });
    await saw(async () => expect((await state.connectionRecord.getValue()).state).toBe('replaced'));
    await browser.alarms.onAlarm.trigger(alarm('line'));
    await saw(() => expect(clock.waits()).toEqual([]));
    expect(server.streams).toHaveLength(1);
    await browser.tabs.onActivated.trigger({ tabId: 1, windowId: 1 });
    await server.stream();
  });
});

describe('bytes from the server', () => {
  test('keep the worker alive, and their time is known', async () => {
    const { live, state, browser, saw } = await setUp();
    const { stream } = await live();
    const call = vi.spyOn(browser.runtime, 'getPlatformInfo');
    later(MINUTE);
    stream.write(': beat\n\n');
    await saw(() => expect(call).toHaveBeenCalled());
    await saw(async () => expect((await state.connectionRecord.getValue()).lastEventAt).toBe(Date.now()));
  });
});

describe('a clock that was set back', () => {
  const HOURS_BACK = 72 * 60 * MINUTE;

  test('does not keep the alarm away for as long', async () => {
    const { start, browser, saw } = await setUp();
    await browser.alarms.create('line', { when: Date.now() + HOURS_BACK, periodInMinutes: 0.5 });
    start();
    await saw(async () => {
      const next = await browser.alarms.get('line');
      expect((next?.scheduledTime ?? Number.POSITIVE_INFINITY) - Date.now()).toBeLessThanOrEqual(MINUTE);
    });
  });

  test('does not make a pause longer, and what came in it is told', async () => {
    const { live, notify, desktop, browser, saw, state } = await setUp();
    const { stream } = await live();
    await sendMessage('setDevice', { pausedUntil: Date.now() + 30 * MINUTE });
    await notify(stream, aNotification({ seq: 11 }));
    expect(desktop.titles()).toEqual([]);
    later(-HOURS_BACK);
    await browser.alarms.onAlarm.trigger(alarm('line'));
    await saw(() => expect([...desktop.toasts.keys()]).toEqual(['conversation:c1']));
    expect((await state.device.getValue()).pausedUntil).toBeNull();
  });

  test('does not hide that the server is heard', async () => {
    const { live, state, saw } = await setUp();
    const { stream } = await live();
    later(-HOURS_BACK);
    stream.write(': beat\n\n');
    await saw(async () => expect((await state.connectionRecord.getValue()).lastEventAt).toBe(Date.now()));
  });
});

describe('a pause', () => {
  const paused = async () => {
    const all = await setUp();
    const { stream } = await all.live();
    await sendMessage('setDevice', { pausedUntil: Date.now() + 30 * MINUTE });
    await all.notify(stream, aNotification({ seq: 11 }), 1);
    await all.notify(stream, aNotification({ seq: 12, conversationId: 'c2' }), 2);
    await all.notify(stream, aNotification({ seq: 13, conversationId: 'c2', alertedSeq: 12, state: 'settled' }), 1);
    expect(all.desktop.titles()).toEqual([]);
    return { ...all, stream };
  };

  test('crosses the bell', async () => {
    const { desktop, browser } = await paused();
    expect(desktop.icon).toMatch(/16-crossed\.png$/);
    expect(desktop.title).toBe('Converso. Notifications are paused.');
    expect(await browser.alarms.get('pause-ends')).toBeDefined();
  });

  test('ends by the alarm, and what still waits is told', async () => {
    const { desktop, browser, saw, state } = await paused();
    later(30 * MINUTE);
    await browser.alarms.onAlarm.trigger(alarm('pause-ends'));
    await saw(() => expect([...desktop.toasts.keys()]).toEqual(['conversation:c1']));
    expect((await state.device.getValue()).pausedUntil).toBeNull();
    expect(desktop.icon).toMatch(/16\.png$/);
  });

  test('does not end before its time', async () => {
    const { desktop, browser, saw, state } = await paused();
    const look = vi.spyOn(state.device, 'getValue');
    later(29 * MINUTE);
    await browser.alarms.onAlarm.trigger(alarm('line'));
    await saw(() => expect(look).toHaveBeenCalled());
    expect((await state.device.getValue()).pausedUntil).not.toBeNull();
    expect(desktop.titles()).toEqual([]);
  });

  test('ends when the agent ends it', async () => {
    const { desktop, browser } = await paused();
    await sendMessage('setDevice', { pausedUntil: null });
    expect([...desktop.toasts.keys()]).toEqual(['conversation:c1']);
    expect(await browser.alarms.get('pause-ends')).toBeUndefined();
  });

  test('of many is ended with one summary', async () => {
    const { desktop, stream, notify } = await paused();
    for (const [index, id] of ['d', 'e', 'f'].entries()) {
      await notify(stream, aNotification({ seq: 20 + index, conversationId: id }), 4);
    }
    await sendMessage('setDevice', { pausedUntil: null });
    expect(desktop.titles()).toEqual([expect.stringMatching(/^4 chats are waiting, the oldest for /)]);
  });
});

test('the preview level holds for the next toast', async () => {
  const { live, notify, desktop } = await setUp();
  const { stream } = await live();
  await sendMessage('setDevice', { preview: 'sender' });
  await notify(stream, aNotification({ seq: 11 }));
  expect(desktop.toast('conversation:c1')).toMatchObject({ title: 'Maria Silva', message: 'New message' });
});

describe('a test notification', () => {
  test('is a real one', async () => {
    const { start, desktop } = await setUp();
    start();
    expect(await sendMessage('testNotification')).toEqual({ ok: true, permission: 'granted' });
    expect(desktop.toast('test')).toMatchObject({
      title: 'It works',
      iconUrl: expect.stringMatching(/icon\/128\.png$/),
    });
  });

  test('says when it cannot be seen', async () => {
    const { start, desktop, state, saw } = await setUp();
    start();
    desktop.permission = 'denied';
    expect(await sendMessage('testNotification')).toEqual({ ok: true, permission: 'denied' });
    expect((await state.toastHealth.getValue()).permission).toBe('denied');
    desktop.permission = 'granted';
    desktop.permissionChanged.fire('granted');
    await saw(async () => expect((await state.toastHealth.getValue()).permission).toBe('granted'));
  });
});

describe('installation', () => {
  test.each([
    ['an installation', 1, { reason: 'install' as const }],
    ['an update', 0, { reason: 'update' as const, previousVersion: '0.0.1' }],
  ])('%s opens the welcome page %d times', async (_name, times, details) => {
    const { start, desktop, browser, saw } = await setUp({ signedIn: false });
    desktop.open(['https://news.example/'], { focused: true });
    start();
    await browser.runtime.onInstalled.trigger(details);
    await saw(async () => expect(await desktop.badge()).toBe('!'));
    const pages = desktop.windows.flatMap(({ tabs }) => tabs.map(({ url }) => url));
    expect(pages.filter((url) => url?.endsWith('welcome.html'))).toHaveLength(times);
  });
});
