/** The whole worker, on a desktop of the test's, against a server of the test's. */
import type { Notification } from '@converso/shared';
import { expect, onTestFinished, vi } from 'vitest';
import { fakeBrowser } from 'wxt/testing/fake-browser';
import { listenToPresence } from '../../background/bell/presence.ts';
import { createWorkerConnection } from '../../background/connection/start-connection.ts';
import { listenToPermissions } from '../../background/inbox/inbox-address.ts';
import { begin, listenToTimes } from '../../background/listeners/lifecycle.ts';
import { listenToPages } from '../../background/listeners/messages.ts';
import { listenToTabs } from '../../background/listeners/tab-events.ts';
import { listenToToasts } from '../../background/listeners/toast-clicks.ts';
import { clearAllToasts } from '../../background/toasts/toast.ts';
import { removeAllListeners } from '../../messages.ts';
import * as state from '../../state.ts';
import { aMe } from '../notification.ts';
import { createDesktop } from './desktop.ts';
import { manualClock } from './manual-clock.ts';
import { type ServerStream, startServer } from './sse-server.ts';

export const TOKEN = 'token-1';

/** The timeout only says when a state will not come any more: a busy machine may take seconds. */
export const saw = (check: () => void | Promise<void>) => vi.waitFor(check, { interval: 5, timeout: 4_500 });

/** A browser with the extension installed, and a server. Signed in unless told otherwise; not started yet. */
export const setUp = async ({ signedIn = true } = {}) => {
  const server = await startServer();
  const desktop = createDesktop();
  // Broken connections are the everyday of these tests, and are reported at this level.
  vi.spyOn(console, 'info').mockImplementation(() => {});
  await clearAllToasts();
  const clock = manualClock();
  if (signedIn) await state.account.setValue({ server: server.url, token: TOKEN });
  server.reply('GET /v1/me', { status: 200, body: aMe() });

  /** Starts the worker, as the browser does for the first time or after it stopped it. */
  const start = () => {
    removeAllListeners();
    const connection = createWorkerConnection(clock);
    listenToTimes(connection);
    listenToToasts();
    listenToTabs(connection);
    listenToPages(connection);
    listenToPresence(connection);
    listenToPermissions();
    begin(connection);
    onTestFinished(() => {
      connection.stop();
      removeAllListeners();
    });
    return connection;
  };

  /** Sends an event and waits until the worker has carried it out: its cursor has moved there. */
  const carriedOut = async (stream: ServerStream, type: string, data: unknown, id: number) => {
    stream.send(type, data, id);
    await saw(async () => expect((await state.storedBell.getValue()).cursor).toBe(String(id)));
  };

  /** Starts the worker, and brings it up to date with a snapshot. */
  const live = async (items: Notification[] = [], me = aMe()) => {
    // The server says the same whenever it is asked, or the answer would replace what the snapshot says.
    server.reply('GET /v1/me', { status: 200, body: me });
    const connection = start();
    const stream = await server.stream();
    stream.send('snapshot', { me, unread: items.length, items }, 10);
    await carriedOut(stream, 'caught_up', { unread: items.length }, 10);
    return { connection, stream };
  };

  const notify = (stream: ServerStream, notification: Notification, unread = 1) =>
    carriedOut(stream, 'notification', { ...notification, unread }, notification.seq);

  return { server, desktop, clock, state, start, live, carriedOut, notify, saw, browser: fakeBrowser };
};
