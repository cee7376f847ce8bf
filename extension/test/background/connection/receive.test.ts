// @vitest-environment node
import { describe, expect, test, vi } from 'vitest';
import { aMe, aNotification, INBOX } from '../../notification.ts';
import { setUp } from '../worker.ts';

const MINUTE = 60_000;
const OFF = { messageNotifications: false, assistantChats: true, unrepliedEmails: true };

describe('a message', () => {
  test('becomes a toast, an entry in the bell and a count on the badge', async () => {
    const { live, notify, desktop, state } = await setUp();
    const { stream } = await live();
    await notify(stream, aNotification({ seq: 11 }));
    expect(desktop.toast('conversation:c1')).toMatchObject({
      type: 'basic',
      title: 'Maria Silva',
      message: 'Do you deliver to Porto?',
      contextMessage: 'WhatsApp · Sales · nobody has it yet',
      buttons: [{ title: 'Open' }, { title: 'Take' }],
      requireInteraction: false,
      eventTime: Date.parse('2026-11-23T09:00:00Z'),
      iconUrl: expect.stringMatching(/\/channel\/whatsapp\.png$/),
    });
    expect(await desktop.badge()).toBe('1');
    expect(await state.storedBell.getValue()).toMatchObject({ unread: 1, cursor: '11', handled: { c1: 11 } });
    expect((await state.toastHealth.getValue()).lastToastAt).not.toBeNull();
  });

  test('is stored before its toast, and the cursor moves only after it', async () => {
    const { live, desktop, state, saw, browser } = await setUp();
    const { stream } = await live();
    let showing = () => {};
    vi.spyOn(browser.notifications, 'create').mockImplementation(async () => {
      await new Promise<void>((resolve) => {
        showing = resolve;
      });
      return 'shown';
    });
    stream.send('notification', { ...aNotification({ seq: 11 }), unread: 1 }, 11);
    await saw(() => expect(browser.notifications.create).toHaveBeenCalled());
    const meanwhile = await state.storedBell.getValue();
    expect(meanwhile.items).toHaveLength(1);
    expect(meanwhile).toMatchObject({ cursor: '10', handled: {} });
    expect(await desktop.badge()).toBe('1');
    showing();
    await saw(async () =>
      expect(await state.storedBell.getValue()).toMatchObject({ cursor: '11', handled: { c1: 11 } }),
    );
  });

  test('whose toast was not made before the worker died is shown by the next one, once', async () => {
    const { start, server, carriedOut, desktop, state } = await setUp();
    const item = aNotification({ seq: 11 });
    await state.storedBell.setValue({ cursor: '10', me: aMe(), items: [item], unread: 1, handled: {} });
    start();
    const stream = await server.stream();
    expect(stream.headers['last-event-id']).toBe('10');
    stream.send('notification', { ...item, unread: 1 }, 11);
    await carriedOut(stream, 'caught_up', { unread: 1 }, 11);
    expect(desktop.titles()).toEqual(['Maria Silva']);
    expect((await state.storedBell.getValue()).items).toHaveLength(1);
  });

  test('of somebody unknown to a channel without a picture gets the main one', async () => {
    const { live, notify, desktop } = await setUp();
    const { stream } = await live();
    const conversation = { id: 'c9', channel: 'pigeon', group: { id: 'g1', name: 'Sales' }, source: null, ref: null };
    await notify(stream, aNotification({ seq: 11, conversation }));
    expect(desktop.toast('conversation:c9')?.iconUrl).toMatch(/\/icon\/128\.png$/);
  });

  test('with a picture that cannot be loaded is shown with the main one', async () => {
    const { live, notify, desktop } = await setUp();
    vi.spyOn(console, 'warn').mockImplementation(() => {});
    desktop.brokenIcons = ['whatsapp.png'];
    const { stream } = await live();
    await notify(stream, aNotification({ seq: 11 }));
    expect(desktop.toast('conversation:c1')?.iconUrl).toMatch(/\/icon\/128\.png$/);
  });

  test('that the system refuses to show holds nothing up', async () => {
    const { live, notify, desktop } = await setUp();
    const error = vi.spyOn(console, 'error').mockImplementation(() => {});
    vi.spyOn(console, 'warn').mockImplementation(() => {});
    const { stream } = await live();
    desktop.brokenIcons = ['.png'];
    await notify(stream, aNotification({ seq: 11 }));
    expect(error).toHaveBeenCalledOnce();
    desktop.brokenIcons = [];
    await notify(stream, aNotification({ seq: 12, conversationId: 'c2' }), 2);
    expect([...desktop.toasts.keys()]).toEqual(['conversation:c2']);
  });
});

describe('no toast', () => {
  test('while the inbox is in front', async () => {
    const { live, notify, desktop, state } = await setUp();
    desktop.open([`${INBOX.url}/c7`], { focused: true });
    const { stream } = await live();
    await notify(stream, aNotification({ seq: 11 }));
    expect(desktop.titles()).toEqual([]);
    expect(await desktop.badge()).toBe('1');
    expect((await state.storedBell.getValue()).handled).toEqual({ c1: 11 });
  });

  test('while the inbox is in front that was installed as an app', async () => {
    const { live, notify, desktop } = await setUp();
    desktop.open([INBOX.url], { type: 'app', focused: true });
    const { stream } = await live();
    await notify(stream, aNotification({ seq: 11 }));
    expect(desktop.titles()).toEqual([]);
  });

  test('while the inbox is in front in a popup window', async () => {
    const { live, notify, desktop } = await setUp();
    desktop.open(['https://news.example/']);
    desktop.open([INBOX.url], { type: 'popup', focused: true });
    const { stream } = await live();
    await notify(stream, aNotification({ seq: 11 }));
    expect(desktop.titles()).toEqual([]);
  });

  test('while the popup is open over the inbox', async () => {
    const { live, notify, desktop } = await setUp();
    desktop.open([INBOX.url], { focused: true });
    desktop.popupOpen = true;
    const { stream } = await live();
    await notify(stream, aNotification({ seq: 11 }));
    expect(desktop.titles()).toEqual([]);
  });

  test('while the popup over the inbox closes at this moment', async () => {
    const { live, notify, desktop, browser } = await setUp();
    desktop.open([INBOX.url], { focused: true });
    desktop.popupOpen = true;
    const { stream } = await live();
    vi.spyOn(browser.runtime, 'getContexts').mockImplementation(async () => {
      desktop.popupOpen = false;
      return [];
    });
    await notify(stream, aNotification({ seq: 11 }));
    expect(desktop.titles()).toEqual([]);
  });

  test('while it is switched off, and none afterwards', async () => {
    const { live, notify, carriedOut, desktop } = await setUp();
    const { stream } = await live([], aMe({ preferences: OFF }));
    await notify(stream, aNotification({ seq: 11 }));
    expect(desktop.titles()).toEqual([]);
    expect(desktop.icon).toMatch(/16-crossed\.png$/);
    await carriedOut(stream, 'preferences', { ...OFF, messageNotifications: true }, 12);
    expect(desktop.titles()).toEqual([]);
    expect(desktop.icon).toMatch(/16\.png$/);
    await notify(stream, aNotification({ seq: 13, conversationId: 'c2' }), 2);
    expect([...desktop.toasts.keys()]).toEqual(['conversation:c2']);
  });

  test('while paused', async () => {
    const { live, notify, desktop, state } = await setUp();
    await state.device.setValue({ pausedUntil: Date.now() + MINUTE, preview: 'full' });
    const { stream } = await live();
    await notify(stream, aNotification({ seq: 11 }));
    expect(desktop.titles()).toEqual([]);
    expect((await state.storedBell.getValue()).handled).toEqual({});
  });
});

describe('a toast, though', () => {
  test.each([
    [
      'another tab is in front',
      (desktop: Awaited<ReturnType<typeof setUp>>['desktop']) =>
        desktop.open(['https://news.example/', INBOX.url], { focused: true }),
    ],
    ['another program is in front', (desktop) => desktop.open([INBOX.url])],
    [
      'another window is in front',
      (desktop) => {
        desktop.open([INBOX.url]);
        desktop.open(['https://news.example/'], { focused: true });
      },
    ],
    ['no window is open', () => {}],
  ] as [string, (desktop: Awaited<ReturnType<typeof setUp>>['desktop']) => void][])('%s', async (_name, arrange) => {
    const { live, notify, desktop } = await setUp();
    arrange(desktop);
    const { stream } = await live();
    await notify(stream, aNotification({ seq: 11 }));
    expect(desktop.titles()).toEqual(['Maria Silva']);
  });
});

describe('a toast, though the browser cannot say what is in front:', () => {
  test.each(['windows.getAll', 'windows.getLastFocused', 'runtime.getContexts'])('%s rejects', async (call) => {
    const { live, notify, desktop, browser, state } = await setUp();
    vi.spyOn(console, 'warn').mockImplementation(() => {});
    desktop.open([INBOX.url], { focused: true });
    desktop.popupOpen = true;
    const { stream } = await live();
    const [area, name] = call.split('.') as ['windows', 'getAll'];
    vi.spyOn(browser[area], name).mockRejectedValue(new Error('Tabs cannot be queried right now'));
    await notify(stream, aNotification({ seq: 11 }));
    expect(desktop.titles()).toEqual(['Maria Silva']);
    expect((await state.storedBell.getValue()).cursor).toBe('11');
  });
});

test('a toast is shown once although the local storage is full', async () => {
  const { live, desktop, browser, saw } = await setUp();
  vi.spyOn(console, 'error').mockImplementation(() => {});
  vi.spyOn(console, 'warn').mockImplementation(() => {});
  const { stream } = await live();
  const create = vi.spyOn(browser.notifications, 'create');
  const set = browser.storage.local.set.bind(browser.storage.local);
  vi.spyOn(browser.storage.local, 'set').mockImplementation(async (items) => {
    // The bell still finds room, the note about the toast does not.
    if ('begun' in items) throw new Error('QUOTA_BYTES quota exceeded');
    return set(items);
  });
  stream.send('notification', { ...aNotification({ seq: 11 }), unread: 1 }, 11);
  await saw(() => expect(desktop.titles()).toEqual(['Maria Silva']));
  stream.send('notification', { ...aNotification({ seq: 12, conversationId: 'c2' }), unread: 2 }, 12);
  await saw(() => expect(desktop.titles()).toHaveLength(2));
  expect(create).toHaveBeenCalledTimes(2);
});

describe('a repetition', () => {
  test('within ten seconds changes the toast silently, later it shows again', async () => {
    const { live, notify, desktop, browser } = await setUp();
    const create = vi.spyOn(browser.notifications, 'create');
    const { stream } = await live();
    await notify(stream, aNotification({ seq: 11 }));
    const message = { text: 'Hello?', sentAt: '2026-11-23T09:00:05Z' };
    await notify(stream, aNotification({ seq: 12, message, messageCount: 2 }));
    expect(desktop.toast('conversation:c1')).toMatchObject({ message: 'Hello?', silent: true });
    expect(create).toHaveBeenCalledTimes(1);
    const now = Date.now();
    vi.spyOn(Date, 'now').mockReturnValue(now + 10_000);
    await notify(stream, aNotification({ seq: 13, messageCount: 3 }));
    expect(create).toHaveBeenCalledTimes(2);
  });

  test('of a toast that has faded is shown quietly within ten seconds, and then pops up again', async () => {
    const { live, notify, desktop, state } = await setUp();
    const { stream } = await live();
    await notify(stream, aNotification({ seq: 11 }));
    expect(desktop.toast('conversation:c1')).not.toHaveProperty('silent');
    const popped = Date.now();
    desktop.toasts.clear();
    await notify(stream, aNotification({ seq: 12 }));
    expect(desktop.toast('conversation:c1')).toMatchObject({ silent: true });
    expect((await state.decisionLog.getValue())[0]).toMatchObject({ outcome: 'quiet' });
    // Ten seconds from the pop-up, not from what was shown quietly.
    vi.spyOn(Date, 'now').mockReturnValue(popped + 10_000);
    await notify(stream, aNotification({ seq: 13 }));
    expect(desktop.toast('conversation:c1')).not.toHaveProperty('silent');
  });

  test('after an answer of the assistant is shown quietly within ten seconds', async () => {
    const { live, notify, desktop } = await setUp();
    const { stream } = await live();
    await notify(stream, aNotification({ id: 'n1', seq: 11, why: 'assistant_answering' }));
    await notify(stream, aNotification({ id: 'n1', seq: 12, alertedSeq: 11, state: 'settled' }), 0);
    expect(desktop.titles()).toEqual([]);
    await notify(stream, aNotification({ id: 'n2', seq: 13, why: 'assistant_answering' }));
    expect(desktop.toast('conversation:c1')).toMatchObject({ silent: true });
  });

  test('after an answer of the assistant pops up for a handover', async () => {
    const { live, notify, desktop } = await setUp();
    const { stream } = await live();
    await notify(stream, aNotification({ id: 'n1', seq: 11, why: 'assistant_answering' }));
    await notify(stream, aNotification({ id: 'n1', seq: 12, alertedSeq: 11, state: 'settled' }), 0);
    await notify(stream, aNotification({ id: 'n2', seq: 13, reason: 'handover', why: 'assistant_gave_up' }));
    expect(desktop.toast('conversation:c1')).not.toHaveProperty('silent');
  });

  test('that is a handover shows at once, and stays', async () => {
    const { live, notify, desktop, browser } = await setUp();
    const create = vi.spyOn(browser.notifications, 'create');
    const { stream } = await live();
    await notify(stream, aNotification({ seq: 11, why: 'assistant_answering' }));
    await notify(stream, aNotification({ seq: 12, reason: 'handover', why: 'assistant_gave_up' }));
    expect(create).toHaveBeenCalledTimes(2);
    expect(desktop.toast('conversation:c1')).toMatchObject({ requireInteraction: true });
  });
});

describe('ids that every object knows', () => {
  test.each(['constructor', '__proto__', 'toString', 'hasOwnProperty'])('%s is a chat like any other', async (id) => {
    const { live, notify, desktop, state } = await setUp();
    const { stream } = await live();
    await notify(stream, aNotification({ conversationId: id, seq: 11 }));
    expect([...desktop.toasts.keys()]).toEqual([`conversation:${id}`]);
    expect(Object.entries((await state.storedBell.getValue()).handled)).toEqual([[id, 11]]);
    expect(Object.keys(await state.toastHistory.getValue())).toEqual([id]);
    await notify(stream, aNotification({ conversationId: id, seq: 12 }));
    expect(desktop.toast(`conversation:${id}`)).toMatchObject({ silent: true });
    await notify(stream, aNotification({ conversationId: id, seq: 13, alertedSeq: 12 }));
    const outcomes = (await state.decisionLog.getValue()).map(({ outcome }) => outcome);
    expect(outcomes).toEqual(['silent', 'updated', 'toast']);
    await notify(stream, aNotification({ conversationId: id, seq: 14, alertedSeq: 12, state: 'settled' }), 0);
    expect(desktop.titles()).toEqual([]);
  });
});

describe('withdrawal', () => {
  test.each(['settled', 'read'] as const)('a notification that is %s elsewhere takes its toast away', async (ended) => {
    const { live, notify, desktop } = await setUp();
    const { stream } = await live();
    await notify(stream, aNotification({ seq: 11, reason: 'handover' }));
    await notify(stream, aNotification({ seq: 12, conversationId: 'c2' }), 2);
    await notify(stream, aNotification({ seq: 13, alertedSeq: 11, state: ended, settledBy: { name: 'Ben' } }), 1);
    expect([...desktop.toasts.keys()]).toEqual(['conversation:c2']);
    expect(await desktop.badge()).toBe('1');
  });

  test('switching off takes all toasts away', async () => {
    const { live, notify, carriedOut, desktop } = await setUp();
    const { stream } = await live();
    await notify(stream, aNotification({ seq: 11 }));
    await carriedOut(stream, 'preferences', OFF, 12);
    expect(desktop.titles()).toEqual([]);
  });
});

test('a silent revision brings the toast on the screen up to date, and shows none where there is none', async () => {
  const { live, notify, desktop } = await setUp();
  const { stream } = await live();
  const guest = { kind: 'guest' as const, name: null, address: null };
  await notify(stream, aNotification({ seq: 11, customer: guest }));
  await notify(stream, aNotification({ seq: 12, alertedSeq: 11 }));
  expect(desktop.toast('conversation:c1')).toMatchObject({ title: 'Maria Silva', silent: true });
  desktop.toasts.clear();
  await notify(stream, aNotification({ seq: 13, alertedSeq: 11 }));
  expect(desktop.titles()).toEqual([]);
});

describe('four handovers', () => {
  const handover = (conversationId: string, seq: number) =>
    aNotification({
      conversationId,
      seq,
      reason: 'handover',
      why: 'assistant_gave_up',
      waitingSince: new Date(Date.now() - 180 * MINUTE).toISOString(),
    });

  test('become one summary, which goes with the last of them', async () => {
    const { live, notify, desktop, saw } = await setUp();
    const { stream } = await live();
    for (const [index, id] of ['a', 'b', 'c'].entries()) await notify(stream, handover(id, 11 + index));
    expect(desktop.toasts.size).toBe(3);
    await notify(stream, handover('d', 14), 4);
    expect([...desktop.toasts.keys()]).toEqual(['summary']);
    expect(desktop.toast('summary')).toMatchObject({
      title: '4 chats are waiting, the oldest for 3 h',
      requireInteraction: true,
    });
    await notify(stream, handover('e', 15), 5);
    expect(desktop.titles()).toEqual(['5 chats are waiting, the oldest for 3 h']);
    for (const [index, id] of ['a', 'b', 'c', 'd'].entries()) {
      await notify(stream, { ...handover(id, 20 + index), alertedSeq: 11 + index, state: 'settled' });
    }
    await saw(() => expect(desktop.titles()).toEqual(['1 chat is waiting, for 3 h']));
    await notify(stream, { ...handover('e', 30), alertedSeq: 15, state: 'read' }, 0);
    expect(desktop.titles()).toEqual([]);
  });
});

describe('what cannot be understood', () => {
  test.each([
    ['bad JSON', 'notification', '{"id":'],
    ['a notification that is none', 'notification', '{"id":1}'],
    ['an event of tomorrow', 'telepathy', '{}'],
  ])('%s is skipped, and what comes after it is not', async (_name, type, data) => {
    const { live, notify, carriedOut, desktop, server } = await setUp();
    vi.spyOn(console, 'warn').mockImplementation(() => {});
    const { stream } = await live();
    await carriedOut(stream, type, data, 11);
    await notify(stream, aNotification({ seq: 12 }));
    expect(desktop.titles()).toEqual(['Maria Silva']);
    expect(server.streams).toHaveLength(1);
  });

  test('an event that came for another session is dropped', async () => {
    const { live, notify, desktop, state, saw } = await setUp();
    const { stream } = await live();
    const mine = (await state.account.getValue())!;
    await state.account.setValue({ ...mine, token: 'token-2' });
    const asked = vi.spyOn(state.account, 'getValue');
    stream.send('notification', { ...aNotification({ seq: 11 }), unread: 1 }, 11);
    await saw(() => expect(asked).toHaveBeenCalled());
    await asked.mock.results[0]?.value;
    await state.account.setValue(mine);
    await notify(stream, aNotification({ seq: 12, conversationId: 'c2' }));
    expect([...desktop.toasts.keys()]).toEqual(['conversation:c2']);
  });
});
