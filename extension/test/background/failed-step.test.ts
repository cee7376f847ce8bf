// @vitest-environment node
/** A step that the browser refuses once: nothing is lost, whichever step it is. */
import { describe, expect, test, vi } from 'vitest';
import { NO_BELL } from '../../domain/bell.ts';
import { sendMessage } from '../../messages.ts';
import { aMe, aNotification } from '../notification.ts';
import { replay } from './fake-sse-server.ts';
import { setUp } from './worker.ts';

const MINUTE = 60_000;
const first = aNotification({ conversationId: 'c1', seq: 11 });
const second = aNotification({ conversationId: 'c2', seq: 12 });

const upToDate = async () => {
  const all = await setUp();
  vi.spyOn(console, 'error').mockImplementation(() => {});
  await all.state.storedBell.setValue({ ...NO_BELL, cursor: '10', me: aMe({ groups: [] }) });
  const stream = replay(all.server, 10);
  const connection = all.start();
  await all.saw(() => expect(connection.isLive()).toBe(true));
  // A stream that resumes fetches the profile beside it. Its write is no step of an event, so it must be over.
  await all.saw(async () => expect((await all.state.storedBell.getValue()).me).toEqual(aMe()));
  /** Waits until the worker waits for its next attempt, and lets it begin. */
  const reconnects = async () => {
    await all.saw(() => expect(all.clock.waits()).toEqual([3_000]));
    all.clock.advance(3_000);
  };
  const isDone = () =>
    all.saw(async () => expect((await all.state.storedBell.getValue()).cursor).toBe(String(stream.lastSeq())));
  return { ...all, stream, connection, reconnects, isDone };
};
type All = Awaited<ReturnType<typeof upToDate>>;

const both = ['conversation:c1', 'conversation:c2'];
const toldOfBoth = async ({ desktop, state, saw }: All) => {
  await saw(() => expect([...desktop.toasts.keys()].sort()).toEqual(both));
  expect((await state.storedBell.getValue()).items.filter(({ state: is }) => is === 'open')).toHaveLength(2);
  expect(await desktop.badge()).toBe('2');
};

/** The next call of this kind fails, once. */
const failOnce = (owner: object, call: string, concerns: (argument: unknown) => boolean = () => true) => {
  const target = owner as Record<string, (...args: unknown[]) => unknown>;
  const real = target[call]!.bind(target);
  const refused = vi.fn();
  vi.spyOn(target, call).mockImplementation(async (...args: unknown[]) => {
    if (refused.mock.calls.length > 0 || !concerns(args[0])) return real(...args);
    refused();
    throw new Error('refused once');
  });
  return refused;
};
const holds = (key: string) => (items: unknown) => Object.hasOwn(items as object, key);

describe('an event is carried out after all when the browser refused once', () => {
  test.each<[string, (all: All) => ReturnType<typeof failOnce>]>([
    ['to store the bell', ({ browser }) => failOnce(browser.storage.local, 'set', holds('bell'))],
    ['to store the decision', ({ browser }) => failOnce(browser.storage.local, 'set', holds('decisions'))],
    ['to note what a toast shows', ({ browser }) => failOnce(browser.storage.session, 'set', holds('shown'))],
    ['to read what toasts showed', ({ browser }) => failOnce(browser.storage.session, 'get')],
    ['to name the toasts on the screen', ({ browser }) => failOnce(browser.notifications, 'getAll')],
    ['to clear a toast', ({ browser }) => failOnce(browser.notifications, 'clear')],
  ])('%s', async (_name, arrange) => {
    const all = await upToDate();
    const refused = arrange(all);
    all.stream.notify(first);
    await all.saw(() => expect(refused).toHaveBeenCalled());
    await all.reconnects();
    all.stream.notify(second);
    await all.isDone();
    await toldOfBoth(all);
  });

  test('and what came behind it in the same stream waits for it', async () => {
    const all = await upToDate();
    const cursors: (string | null)[] = [];
    const refused = failOnce(all.browser.storage.local, 'set', holds('bell'));
    const stored = vi.spyOn(all.state.storedBell, 'setValue');
    all.stream.notify(first);
    all.stream.notify(second);
    await all.saw(() => expect(refused).toHaveBeenCalled());
    await all.reconnects();
    await all.isDone();
    for (const [bell] of stored.mock.calls) cursors.push(bell.cursor);
    expect(cursors.filter((cursor) => cursor !== '10').at(0)).toBe('12');
    await toldOfBoth(all);
  });

  test('a badge that cannot be drawn holds no toast up', async () => {
    const all = await upToDate();
    const refused = failOnce(all.browser.action, 'setBadgeText');
    all.stream.notify(first);
    all.stream.notify(second);
    await all.isDone();
    expect(refused).toHaveBeenCalled();
    await toldOfBoth(all);
    expect(all.server.streams).toHaveLength(1);
  });

  test('a toast that the system does not change stays as it was, and holds nothing up', async () => {
    const all = await upToDate();
    vi.spyOn(console, 'warn').mockImplementation(() => {});
    vi.spyOn(all.browser.notifications, 'update').mockRejectedValue(new Error('refused'));
    all.stream.notify(first);
    all.stream.notify({
      ...first,
      seq: 12,
      alertedSeq: 11,
      alert: false,
      customer: { ...first.customer, name: 'Ana' },
    });
    await all.isDone();
    expect(all.browser.notifications.update).toHaveBeenCalled();
    expect(all.desktop.titles()).toEqual(['Maria Silva']);
    expect(all.server.streams).toHaveLength(1);
  });

  test('a toast that the system refuses is not tried again', async () => {
    const all = await upToDate();
    vi.spyOn(console, 'warn').mockImplementation(() => {});
    vi.spyOn(all.browser.notifications, 'create').mockRejectedValue(new Error('refused'));
    all.stream.notify(first);
    await all.isDone();
    expect((await all.state.decisionLog.getValue()).map(({ outcome }) => outcome)).toEqual(['refused']);
    expect(all.server.streams).toHaveLength(1);
  });
});

describe('the same holds', () => {
  test('for a replay that could not be carried out: it is asked for again', async () => {
    const all = await setUp();
    vi.spyOn(console, 'error').mockImplementation(() => {});
    await all.state.storedBell.setValue({ ...NO_BELL, cursor: '10', me: aMe() });
    const stream = replay(all.server, 10);
    stream.notify(first);
    const refused = failOnce(all.browser.notifications, 'getAll');
    all.start();
    await all.saw(() => expect(refused).toHaveBeenCalled());
    await all.saw(() => expect(all.clock.waits()).toEqual([3_000]));
    all.clock.advance(3_000);
    await all.saw(() => expect([...all.desktop.toasts.keys()]).toEqual(['conversation:c1']));
    await all.saw(async () => expect((await all.state.storedBell.getValue()).cursor).toBe('11'));
  });

  test('for the end of a pause: what came in it is shown', async () => {
    const all = await upToDate();
    await sendMessage('setDevice', { pausedUntil: Date.now() + 30 * MINUTE });
    all.stream.notify(first);
    await all.isDone();
    const refused = failOnce(all.browser.notifications, 'getAll');
    await expect(sendMessage('setDevice', { pausedUntil: null })).rejects.toThrow('refused once');
    expect(refused).toHaveBeenCalled();
    await all.reconnects();
    await all.saw(() => expect([...all.desktop.toasts.keys()]).toEqual(['conversation:c1']));
  });

  test('for the toasts that a browser took with it: they come back with the next attempt', async () => {
    const all = await setUp();
    vi.spyOn(console, 'error').mockImplementation(() => {});
    const handover = aNotification({ conversationId: 'h', seq: 5, reason: 'handover' });
    await all.state.storedBell.setValue({ cursor: '10', me: aMe(), items: [handover], unread: 1, handled: { h: 5 } });
    replay(all.server, 10);
    const refused = vi.spyOn(all.state.hasLived, 'getValue').mockRejectedValueOnce(new Error('refused once'));
    all.start();
    await all.saw(() => expect(refused).toHaveBeenCalled());
    await all.saw(() => expect(all.clock.waits()).toEqual([3_000]));
    all.clock.advance(3_000);
    await all.saw(() => expect([...all.desktop.toasts.keys()]).toEqual(['conversation:h']));
  });

  test('for the state of the connection: the alarm stores it', async () => {
    const all = await setUp();
    vi.spyOn(console, 'error').mockImplementation(() => {});
    await all.state.connectionRecord.setValue({
      state: 'disconnected',
      since: 1,
      lastEventAt: null,
      againstWill: false,
    });
    const says = (items: unknown) => (items as { connection?: { state: string } }).connection?.state === 'connected';
    const refused = failOnce(all.browser.storage.local, 'set', says);
    await all.live();
    await all.saw(() => expect(refused).toHaveBeenCalled());
    await all.browser.alarms.onAlarm.trigger({ name: 'line', scheduledTime: 0, periodInMinutes: 0.5 } as never);
    await all.saw(async () => expect((await all.state.connectionRecord.getValue()).state).toBe('connected'));
    await all.saw(async () => expect(await all.desktop.badge()).toBe(''));
  });

  test('for a click: the server learns of the read though the toast could not be withdrawn', async () => {
    const all = await upToDate();
    all.stream.notify(first);
    await all.isDone();
    all.server.reply('POST /v1/conversations/c1/read', { status: 200, body: { unread: 0 } });
    all.desktop.open(['https://inbox.example/inbox/c1'], { focused: true });
    const refused = failOnce(all.browser.notifications, 'getAll');
    await all.browser.tabs.onActivated.trigger({ tabId: 100, windowId: 1 });
    await all.saw(() => expect(refused).toHaveBeenCalled());
    await all.saw(() => expect(all.server.requests.map(({ path }) => path)).toContain('/v1/conversations/c1/read'));
  });
});
