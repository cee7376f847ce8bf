// @vitest-environment node
import type { Notification } from '@converso/shared';
import { describe, expect, test, vi } from 'vitest';
import { bellQueue } from '../../background/bell/bell.ts';
import type { Presence } from '../../domain/away.ts';
import { aNotification } from '../notification.ts';
import { setUp } from './worker.ts';

const SECOND = 1_000;
const handover = (facts: Parameters<typeof aNotification>[0]) =>
  aNotification({ reason: 'handover', why: 'assistant_gave_up', ...facts });

/** A device that is up to date, with a person whose coming and going the test decides. */
const device = async () => {
  const all = await setUp();
  const { connection, stream } = await all.live();
  const create = vi.spyOn(all.browser.notifications, 'create');
  let now = Date.now();
  const clock = vi.spyOn(Date, 'now').mockImplementation(() => now);
  const becomes = async (presence: Presence) => {
    all.desktop.presence = presence;
    const stored = presence === 'active' ? null : expect.any(Number);
    all.desktop.presenceChanged.fire(presence);
    await all.saw(async () => expect(await all.state.awaySince.getValue()).toEqual(stored));
    // What follows is done in the same turn.
    await bellQueue.run(async () => {});
  };
  return {
    ...all,
    connection,
    stream,
    clock,
    becomes,
    passes: (ms: number) => {
      now += ms;
    },
    /** The toasts that popped up since this was asked last. */
    popped: () => create.mock.calls.splice(0).map(([id]) => String(id)),
    arrives: async (...items: Notification[]) => {
      for (const item of items) await all.notify(stream, item);
    },
  };
};

describe('a person who was away', () => {
  test.each(['idle', 'locked'] as const)('(%s) is shown once more what faded meanwhile, and not again', async (how) => {
    const { becomes, passes, popped, arrives, desktop } = await device();
    await becomes(how);
    await arrives(aNotification({ seq: 11 }));
    expect(popped()).toEqual(['conversation:c1']);
    desktop.toasts.clear();
    passes(600 * SECOND);
    await becomes('active');
    expect(popped()).toEqual(['conversation:c1']);
    expect(desktop.toast('conversation:c1')).not.toHaveProperty('silent');
    passes(61 * SECOND);
    await becomes(how);
    passes(600 * SECOND);
    await becomes('active');
    expect(popped()).toEqual([]);
  });

  test('is shown it too where the desktop does not say that a toast has faded', async () => {
    const { becomes, passes, popped, arrives } = await device();
    await becomes('idle');
    await arrives(aNotification({ seq: 11 }));
    passes(60 * SECOND);
    popped();
    await becomes('active');
    expect(popped()).toEqual(['conversation:c1']);
  });

  test('was away for the whole minute before the device noticed', async () => {
    const { becomes, passes, popped, arrives, desktop } = await device();
    await arrives(aNotification({ seq: 11 }));
    desktop.toasts.clear();
    passes(50 * SECOND);
    await becomes('idle');
    passes(60 * SECOND);
    popped();
    await becomes('active');
    expect(popped()).toEqual(['conversation:c1']);
  });

  test('is not shown again what popped up before', async () => {
    const { becomes, passes, popped, arrives, desktop } = await device();
    await arrives(aNotification({ seq: 11 }));
    desktop.toasts.clear();
    passes(61 * SECOND);
    await becomes('idle');
    passes(60 * SECOND);
    popped();
    await becomes('active');
    expect(popped()).toEqual([]);
  });

  test('is not shown again what is still on the screen', async () => {
    const { becomes, passes, popped, arrives } = await device();
    await becomes('locked');
    await arrives(handover({ seq: 11 }));
    passes(600 * SECOND);
    await arrives(aNotification({ conversationId: 'c2', seq: 12 }));
    passes(5 * SECOND);
    popped();
    await becomes('active');
    expect(popped()).toEqual([]);
  });

  test('is not shown what a colleague has answered meanwhile', async () => {
    const { becomes, passes, popped, arrives, desktop } = await device();
    await becomes('idle');
    await arrives(aNotification({ seq: 11 }), aNotification({ seq: 12, alertedSeq: 11, state: 'settled' }));
    passes(600 * SECOND);
    popped();
    await becomes('active');
    expect(popped()).toEqual([]);
    expect(desktop.titles()).toEqual([]);
  });

  test('is shown one summary of many', async () => {
    const { becomes, passes, popped, arrives, desktop } = await device();
    await becomes('idle');
    await arrives(...[1, 2, 3, 4].map((at) => aNotification({ conversationId: `c${at}`, seq: 10 + at })));
    desktop.toasts.clear();
    passes(600 * SECOND);
    popped();
    await becomes('active');
    expect(popped()).toEqual(['summary']);
  });

  test('is shown it by a worker that was started meanwhile', async () => {
    const { becomes, passes, popped, arrives, desktop, connection, start, server, carriedOut, saw, state } =
      await device();
    await becomes('idle');
    await arrives(aNotification({ seq: 11 }));
    desktop.toasts.clear();
    connection.stop();
    passes(600 * SECOND);
    popped();
    desktop.presence = 'active';
    start();
    await saw(async () => expect(await state.awaySince.getValue()).toBeNull());
    // Not before the connection has caught up, for a colleague may have answered.
    expect(popped()).toEqual([]);
    await carriedOut(await server.stream(), 'caught_up', { unread: 1 }, 12);
    expect(popped()).toEqual(['conversation:c1']);
  });
});
