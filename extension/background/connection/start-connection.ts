import { browser } from 'wxt/browser';
import { account, connectionRecord, restUntil, storedBell } from '../../state.ts';
import { bellQueue } from '../bell/bell.ts';
import { forgetLostToasts } from '../bell/notify.ts';
import { type Clock, systemClock } from '../clock.ts';
import { createQueue } from '../queue.ts';
import { serverHeard, setConnectionStatus } from './connection-status.ts';
import { refreshMe } from './me.ts';
import { pollIfDeaf } from './poll.ts';
import { createReceive } from './receive.ts';
import { type Connection, type ConnectionSession, createConnection } from './server-connection.ts';
import { holdToPolicy, signedOutByServer } from './session.ts';

/** In turn, so that the cursor is behind everything that came before. Rejects when a step fails, for another attempt. */
const session = async (connection: Connection): Promise<ConnectionSession | null> => {
  // Before anything is said to a server that the policy does not allow any more.
  if (!(await holdToPolicy(connection))) return null;
  await forgetLostToasts();
  return bellQueue.run(async () => {
    const signedIn = await account.getValue();
    if (!signedIn) return null;
    const [{ cursor }, { state }, until] = await Promise.all([
      storedBell.getValue(),
      connectionRecord.getValue(),
      restUntil.getValue(),
    ]);
    return { ...signedIn, cursor, retryAfter: until, replaced: state === 'replaced' };
  });
};

const report = (error: unknown) => console.error('The state of the connection could not be kept:', error);

/** Bytes alone do not keep the worker alive; any call of the extension's API does. */
const stayAlive = async (isUpToDate: boolean): Promise<void> => {
  await browser.runtime.getPlatformInfo();
  if (isUpToDate) await serverHeard();
};

export interface WorkerConnection extends Connection {
  /**
   * Fetches the bell where the stream has brought nothing for a while. `used`: a person asked for it.
   * Rejects when a step of carrying it out failed; the next poll does it again.
   */
  poll(how?: { used: boolean }): Promise<void>;
}

/** The worker's connection: what comes goes to the bell and the toasts, how it stands goes to the badge. */
export const createWorkerConnection = (clock: Clock = systemClock): WorkerConnection => {
  const receive = createReceive();
  const connection: Connection = createConnection(
    {
      session: () => session(connection),
      onState: (state) => {
        setConnectionStatus(state).catch(report);
      },
      onActivity: (isUpToDate) => {
        stayAlive(isUpToDate).catch(report);
      },
      onOpen: receive.opened,
      onEvent: receive.event,
      onSignedOut: (token) => {
        signedOutByServer(connection, token).catch(report);
      },
      onRetryAfter: (until) => {
        restUntil.setValue(until).catch(report);
      },
    },
    clock,
  );

  const pollQueue = createQueue();
  const poll = async (used: boolean): Promise<void> => {
    if (connection.isLive()) return;
    const polled = await pollIfDeaf(used, clock.now());
    // What the stream has brought in the meantime is newer.
    if (!polled || connection.isLive()) return;
    const { token, answer } = polled;
    if (answer.ok) {
      await refreshMe();
      await receive.polled(answer, token, connection.isLive);
      await setConnectionStatus('polling');
    } else if (answer.error === 'signed_out') await signedOutByServer(connection, token);
    else await setConnectionStatus('poll_failed');
  };
  return { ...connection, poll: ({ used } = { used: false }) => pollQueue.run(() => poll(used)) };
};
