// @vitest-environment node
import { expect, test, vi } from 'vitest';
import { NO_BELL } from '../../domain/bell.ts';
import { aMe, aNotification } from '../notification.ts';
import type { Toast } from './desktop.ts';
import { replay } from './fake-sse-server.ts';
import { beginLifetime, makeKillable } from './killable-worker.ts';
import { setUp } from './worker.ts';

const poison = aNotification({ conversationId: 'poison', seq: 12 });
const plain = aNotification({ conversationId: 'plain', seq: 11 });

/** A device that comes back to these two after a gap, in a browser that dies as soon as the toast of `poison` is made. */
const fragile = async () => {
  const all = await setUp();
  vi.spyOn(console, 'error').mockImplementation(() => {});
  vi.spyOn(console, 'warn').mockImplementation(() => {});
  const stream = replay(all.server, 10);
  await all.state.storedBell.setValue({ ...NO_BELL, cursor: '10', me: aMe() });
  for (const item of [plain, poison]) stream.notify(item);

  const made: string[] = [];
  const create = all.browser.notifications.create as unknown as (id: string, options: Toast) => Promise<string>;
  Object.assign(all.browser.notifications, {
    create: (id: string, options: Toast) => {
      made.push(id);
      return create(id, options);
    },
  });
  makeKillable();

  const liveAndDie = async () => {
    let connection: ReturnType<typeof all.start> | undefined;
    const lifetime = beginLifetime(
      () => {
        connection = all.start();
      },
      { name: 'notifications.create conversation:poison', nth: 1 },
    );
    await all.saw(() => expect(lifetime.isOver).toBe(true));
    connection?.stop();
    // The browser takes its toasts with it, and what was stored for its session.
    all.desktop.toasts.clear();
    await all.browser.storage.session.clear();
  };
  return { ...all, made, liveAndDie };
};

test('a toast over which the browser died twice is set aside, and what came with it is shown', async () => {
  const { made, liveAndDie, start, state, desktop, saw } = await fragile();
  await liveAndDie();
  await liveAndDie();
  expect(made.filter((id) => id === 'conversation:poison')).toHaveLength(2);
  start();
  await saw(async () => expect((await state.storedBell.getValue()).cursor).toBe('12'));
  expect(made.filter((id) => id === 'conversation:poison')).toHaveLength(2);
  expect([...desktop.toasts.keys()]).toEqual(['conversation:plain']);
  const kept = (await state.decisionLog.getValue()).map(({ conversationId, outcome }) => [conversationId, outcome]);
  expect(kept).toEqual([
    ['plain', 'toast'],
    ['poison', 'set_aside'],
  ]);
  expect(await desktop.badge()).toBe('2');
});

test('a toast that was shown, and one that was refused, are no longer noted as begun', async () => {
  const { live, notify, state, saw, browser } = await setUp();
  vi.spyOn(console, 'error').mockImplementation(() => {});
  vi.spyOn(console, 'warn').mockImplementation(() => {});
  const { stream } = await live();
  await notify(stream, plain);
  await saw(async () => expect(await state.begun.getValue()).toEqual([]));
  vi.spyOn(browser.notifications, 'create').mockRejectedValue(new Error('refused'));
  await notify(stream, poison);
  expect(await state.begun.getValue()).toEqual([]);
});
