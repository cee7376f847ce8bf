// @vitest-environment node
import type { Notification } from '@converso/shared';
import { describe, expect, test, vi } from 'vitest';
import { bellQueue } from '../../background/bell/bell.ts';
import { NO_BELL } from '../../domain/bell.ts';
import { aMe, aNotification, INBOX } from '../notification.ts';
import { setUp } from './worker.ts';

const HOUR = 3_600_000;
const hoursAgo = (hours: number) => new Date(Date.now() - hours * HOUR).toISOString();
const waiting = (count: number, facts: Partial<Notification> = {}) =>
  Array.from({ length: count }, (_, index) =>
    aNotification({
      conversationId: `w${index}`,
      seq: 20 + index,
      waitingSince: hoursAgo(index === 4 ? 3 : 1),
      ...facts,
    }),
  );

/** A device that was up to date at 10, and comes back after these events. */
const comesBack = async (
  missed: Notification[],
  arrange: (all: Awaited<ReturnType<typeof setUp>>) => unknown = () => {},
) => {
  const all = await setUp();
  await all.state.storedBell.setValue({ ...NO_BELL, cursor: '10', me: aMe() });
  await arrange(all);
  const connection = all.start();
  const stream = await all.server.stream();
  for (const item of missed) stream.send('notification', { ...item, unread: missed.length }, item.seq);
  await all.carriedOut(stream, 'caught_up', { unread: missed.length }, 99);
  /** On another device, all in one go. */
  const areRead = async (open: typeof stream, items: Notification[]) => {
    const revisions = items.map((item, index) => ({ ...item, seq: 120 + index, alert: false, state: 'read' }));
    for (const item of revisions) open.send('notification', { ...item, unread: 0 }, item.seq);
    await all.saw(async () => expect((await all.state.storedBell.getValue()).cursor).toBe(String(119 + items.length)));
  };
  return { ...all, connection, stream, areRead };
};

describe('after a gap', () => {
  test('seven chats that wait are one summary', async () => {
    const { desktop, state } = await comesBack(waiting(7));
    expect([...desktop.toasts.keys()]).toEqual(['summary']);
    expect(desktop.toast('summary')).toMatchObject({
      title: '7 chats are waiting, the oldest for 3 h',
      requireInteraction: false,
    });
    expect(await desktop.badge()).toBe('7');
    expect(Object.keys((await state.storedBell.getValue()).handled)).toHaveLength(7);
  });

  test('three are a toast each', async () => {
    const { desktop } = await comesBack(waiting(3));
    expect([...desktop.toasts.keys()]).toEqual(['conversation:w0', 'conversation:w1', 'conversation:w2']);
  });

  test('what came and went in it is not told', async () => {
    const came = waiting(5);
    const went = came.map((item) => ({ ...item, seq: item.seq + 30, state: 'settled' as const, alert: false }));
    const { desktop, state } = await comesBack([...came, ...went]);
    expect(desktop.titles()).toEqual([]);
    expect((await state.storedBell.getValue()).items).toHaveLength(5);
  });

  test('many messages in one chat are one toast, of the last', async () => {
    const messages = [1, 2, 3, 4, 5].map((count) =>
      aNotification({
        seq: 20 + count,
        messageCount: count,
        message: { text: `message ${count}`, sentAt: hoursAgo(0) },
      }),
    );
    const { desktop, browser } = await comesBack(messages, ({ browser }) => vi.spyOn(browser.notifications, 'create'));
    expect(browser.notifications.create).toHaveBeenCalledOnce();
    expect(desktop.toast('conversation:c1')).toMatchObject({ message: 'message 5' });
  });

  test('news that a silent revision replaced are told', async () => {
    const { desktop } = await comesBack([aNotification({ seq: 25, alertedSeq: 21 })]);
    expect(desktop.titles()).toEqual(['Maria Silva']);
  });

  test('nothing is told twice', async () => {
    const { desktop } = await comesBack(waiting(2), async ({ state }) => {
      await state.storedBell.setValue({
        ...NO_BELL,
        cursor: '10',
        me: aMe(),
        items: waiting(2),
        handled: { w0: 20, w1: 21 },
      });
    });
    expect(desktop.titles()).toEqual([]);
  });

  test('nothing is told while the inbox is in front, nor later', async () => {
    const { desktop, state } = await comesBack(waiting(5), ({ desktop }) =>
      desktop.open([INBOX.url], { focused: true }),
    );
    expect(desktop.titles()).toEqual([]);
    expect(Object.keys((await state.storedBell.getValue()).handled)).toHaveLength(5);
  });

  test('toasts whose cause is gone are withdrawn', async () => {
    const { desktop } = await comesBack(
      [aNotification({ seq: 25, alertedSeq: 5, state: 'settled' })],
      ({ browser, state }) =>
        Promise.all([
          state.storedBell.setValue({
            ...NO_BELL,
            cursor: '10',
            me: aMe(),
            items: [aNotification({ seq: 5 })],
            handled: { c1: 5 },
          }),
          browser.notifications.create('conversation:c1', { type: 'basic', title: 'old', message: '', iconUrl: '' }),
          browser.notifications.create('conversation:unknown', {
            type: 'basic',
            title: 'older',
            message: '',
            iconUrl: '',
          }),
        ]),
    );
    expect(desktop.titles()).toEqual([]);
  });

  test('who is signed in is asked for, because no event of a resumed stream tells', async () => {
    const { state, saw } = await comesBack([], ({ server }) => {
      const inbox = { ...INBOX, url: 'https://new.example/inbox' };
      server.reply('GET /v1/me', { status: 200, body: aMe({ inbox }) });
    });
    await saw(async () => expect((await state.storedBell.getValue()).me?.inbox.url).toBe('https://new.example/inbox'));
  });
});

describe('a browser that was closed', () => {
  const shown = [
    aNotification({ conversationId: 'h', seq: 5, reason: 'handover' }),
    aNotification({ conversationId: 'm', seq: 6 }),
  ];
  const startsAgain = async (arrange: (all: Awaited<ReturnType<typeof setUp>>) => unknown = () => {}) => {
    const all = await setUp();
    const handled = { h: 5, m: 6 };
    await all.state.storedBell.setValue({ cursor: '10', me: aMe(), items: shown, unread: 2, handled });
    await arrange(all);
    all.start();
    await all.carriedOut(await all.server.stream(), 'caught_up', { unread: 2 }, 11);
    return all;
  };

  test('shows a handover again that still waits, and nothing else, whatever the browser tells of its start', async () => {
    const { desktop } = await startsAgain();
    expect([...desktop.toasts.keys()]).toEqual(['conversation:h']);
  });

  test('does so once: the next worker of the session shows nothing', async () => {
    const { desktop, start, server, carriedOut } = await startsAgain();
    // The agent put it away.
    desktop.toasts.clear();
    start();
    await carriedOut(await server.stream(), 'caught_up', { unread: 2 }, 12);
    expect(desktop.titles()).toEqual([]);
  });

  test('shows nothing again where only the worker ended', async () => {
    const { desktop } = await startsAgain(({ state }) => state.hasLived.setValue(true));
    expect(desktop.titles()).toEqual([]);
  });
});

describe('until it has caught up', () => {
  test('a device tells nothing and keeps its cursor', async () => {
    const { start, server, desktop, state, saw } = await setUp();
    await state.storedBell.setValue({ ...NO_BELL, cursor: '10', me: aMe() });
    start();
    const first = await server.stream();
    first.send('notification', { ...aNotification({ seq: 11 }), unread: 1 }, 11);
    first.cut();
    await saw(async () => expect((await state.connectionRecord.getValue()).state).toBe('disconnected'));
    expect(desktop.titles()).toEqual([]);
    expect(await state.storedBell.getValue()).toMatchObject({ cursor: '10', items: [] });
  });

  test('what an earlier stream left unfinished is not counted twice', async () => {
    const { start, server, clock, desktop, state, saw, carriedOut } = await setUp();
    await state.storedBell.setValue({ ...NO_BELL, cursor: '10', me: aMe() });
    start();
    const first = await server.stream();
    first.send('notification', { ...aNotification({ seq: 11 }), unread: 1 }, 11);
    first.cut();
    await saw(async () => expect((await state.connectionRecord.getValue()).state).toBe('disconnected'));
    clock.advance(3_000);
    const second = await server.stream();
    expect(second.headers['last-event-id']).toBe('10');
    await carriedOut(second, 'caught_up', { unread: 0 }, 12);
    expect(desktop.titles()).toEqual([]);
  });
});

describe('a snapshot', () => {
  test('moves the cursor only when what waits is told', async () => {
    const { start, server, state, saw, browser } = await setUp();
    let showing = () => {};
    vi.spyOn(browser.notifications, 'create').mockImplementation(async (id) => {
      await new Promise<void>((resolve) => {
        showing = resolve;
      });
      return String(id);
    });
    start();
    const stream = await server.stream();
    stream.send('snapshot', { me: aMe(), unread: 1, items: [aNotification({ seq: 5 })] }, 10);
    stream.send('caught_up', { unread: 1 }, 10);
    await saw(() => expect(browser.notifications.create).toHaveBeenCalled());
    expect(await state.storedBell.getValue()).toMatchObject({ cursor: null, unread: 1, handled: {} });
    showing();
    await saw(async () =>
      expect(await state.storedBell.getValue()).toMatchObject({ cursor: '10', handled: { c1: 5 } }),
    );
  });

  test('in the middle of a live stream that breaks there leaves cursor and list as they were', async () => {
    const { live, state, saw } = await setUp();
    const { stream } = await live();
    const asked = vi.spyOn(state.account, 'getValue');
    stream.send('snapshot', { me: aMe(), unread: 6, items: waiting(6) }, 50);
    await saw(() => expect(asked).toHaveBeenCalled());
    await bellQueue.run(async () => {});
    expect(await state.storedBell.getValue()).toMatchObject({ cursor: '10', items: [] });
  });

  test('at sign-in becomes the bell, and what waits one summary', async () => {
    const { live, desktop, state } = await setUp();
    await live(waiting(5));
    expect(desktop.titles()).toEqual(['5 chats are waiting, the oldest for 3 h']);
    expect(await state.storedBell.getValue()).toMatchObject({
      cursor: '10',
      unread: 5,
      me: { agent: { name: 'Ana' } },
    });
  });

  test('in the middle of a live stream is no replay either', async () => {
    const { live, carriedOut, notify, desktop, browser } = await setUp();
    const { stream } = await live();
    await notify(stream, aNotification({ conversationId: 'w0', seq: 20 }));
    const create = vi.spyOn(browser.notifications, 'create');
    stream.send('snapshot', { me: aMe(), unread: 6, items: waiting(6) }, 50);
    await carriedOut(stream, 'caught_up', { unread: 6 }, 50);
    expect(create).toHaveBeenCalledOnce();
    expect(desktop.titles()).toEqual(['Maria Silva', '5 chats are waiting, the oldest for 3 h']);
  });
});

describe('the summary', () => {
  test('that a person put away does not come back when it would only count less', async () => {
    const { desktop, stream, notify } = await comesBack(waiting(5));
    desktop.toasts.delete('summary');
    desktop.toastClosed.fire('summary', true);
    await notify(stream, { ...waiting(1)[0]!, seq: 120, alertedSeq: 20, state: 'settled' }, 4);
    expect(desktop.titles()).toEqual([]);
  });

  test('does not pop up again within ten seconds', async () => {
    const handovers = waiting(4, { reason: 'handover' });
    const { desktop, stream, notify, browser } = await comesBack(handovers);
    const create = vi.spyOn(browser.notifications, 'create');
    await notify(stream, { ...handovers[0]!, seq: 120, alertedSeq: 120 }, 4);
    expect(create).not.toHaveBeenCalled();
    const now = Date.now();
    vi.spyOn(Date, 'now').mockReturnValue(now + 10_000);
    await notify(stream, { ...handovers[1]!, seq: 121, alertedSeq: 121 }, 4);
    expect(create).toHaveBeenCalledOnce();
    expect([...desktop.toasts.keys()]).toEqual(['summary']);
  });

  test('is withdrawn, and never counts down to "2 chats", while all of its chats are read at once', async () => {
    const { desktop, stream, areRead, browser } = await comesBack(waiting(7));
    const update = vi.spyOn(browser.notifications, 'update');
    await areRead(stream, waiting(7));
    expect(update).not.toHaveBeenCalled();
    expect(desktop.titles()).toEqual([]);
  });

  test('counts less once when some of its chats are read at once', async () => {
    const { desktop, stream, areRead, browser, saw } = await comesBack(waiting(7));
    const update = vi.spyOn(browser.notifications, 'update');
    await areRead(stream, waiting(3));
    await saw(() => expect(desktop.titles()).toEqual(['4 chats are waiting, the oldest for 3 h']));
    expect(update).toHaveBeenCalledOnce();
  });

  test('that was switched off does not come back with the next handover', async () => {
    const handovers = waiting(4, { reason: 'handover' });
    const { desktop, stream, notify, carriedOut } = await comesBack(handovers);
    const { preferences } = aMe();
    await carriedOut(stream, 'preferences', { ...preferences, messageNotifications: false }, 120);
    await carriedOut(stream, 'preferences', preferences, 121);
    await notify(stream, aNotification({ conversationId: 'new', seq: 122, reason: 'handover' }), 5);
    expect([...desktop.toasts.keys()]).toEqual(['conversation:new']);
  });

  test('counts one less when one of its chats gets a toast of its own', async () => {
    const { desktop, stream, notify } = await comesBack(waiting(5));
    await notify(stream, { ...waiting(1)[0]!, seq: 120, alertedSeq: 120 }, 5);
    expect(desktop.titles()).toEqual(['4 chats are waiting, the oldest for 3 h', 'Maria Silva']);
  });
});
