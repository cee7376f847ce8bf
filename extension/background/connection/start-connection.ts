import { browser } from 'wxt/browser';
import { account, bell, connection, restUntil } from '../../state.ts';
import { inTurn } from '../bell/bell.ts';
import { forgetLostToasts } from '../bell/notify.ts';
import { type Clock, systemClock } from '../clock.ts';
import { createQueue } from '../queue.ts';
import { lineIs, serverHeard } from './connection-status.ts';
import { refreshMe } from './me.ts';
import { pollIfDeaf } from './poll.ts';
import { createReceive } from './receive.ts';
import { type Connection, type ConnectionSession, createConnection } from './server-connection.ts';
import { holdToPolicy, signedOutByServer } from './session.ts';

/** In turn, so that the cursor is behind everything that came before. Rejects when a step fails, for another attempt. */
const session = async (line: Connection): Promise<ConnectionSession | null> => {
  // Before anything is said to a server that the policy does not allow any more.
  if (!(await holdToPolicy(line))) return null;
  await forgetLostToasts();
  return inTurn(async () => {
    const signedIn = await account.getValue();
    if (!signedIn) return null;
    const [{ cursor }, { state }, until] = await Promise.all([
      bell.getValue(),
      connection.getValue(),
      restUntil.getValue(),
    ]);
    return { ...signedIn, cursor, retryAfter: until, replaced: state === 'replaced' };
  });
};

const report = (error: unknown) => console.error('The state of the line could not be kept:', error);

/** Bytes alone do not keep the worker alive; any call of the extension's API does. */
const stayAlive = async (isUpToDate: boolean): Promise<void> => {
  await browser.runtime.getPlatformInfo();
  if (isUpToDate) await serverHeard();
};

/** The line is live, so a state that says otherwise is one that could not be stored when it changed. */
const noteConnected = async (line: Connection): Promise<void> => {
  const { state } = await connection.getValue();
  if (state !== 'connected' && line.isLive()) await lineIs('connected');
};

export interface WorkerLine extends Connection {
  /**
   * Fetches the bell where the stream has brought nothing for a while. `used`: a person asked for it.
   * Rejects when a step of carrying it out failed; the next poll does it again.
   */
  poll(how?: { used: boolean }): Promise<void>;
}

/** The worker's line: what comes goes to the bell and the toasts, how it stands goes to the badge. */
export const createWorkerLine = (clock: Clock = systemClock): WorkerLine => {
  const receive = createReceive();
  const line: Connection = createConnection(
    {
      session: () => session(line),
      onState: (state) => {
        lineIs(state).catch(report);
      },
      onActivity: (isUpToDate) => {
        stayAlive(isUpToDate).catch(report);
      },
      onOpen: receive.opened,
      onEvent: receive.event,
      onSignedOut: (token) => {
        signedOutByServer(line, token).catch(report);
      },
      onRetryAfter: (until) => {
        restUntil.setValue(until).catch(report);
      },
    },
    clock,
  );

  const pollsInTurn = createQueue();
  const poll = async (used: boolean): Promise<void> => {
    if (line.isLive()) return noteConnected(line);
    const polled = await pollIfDeaf(used, clock.now());
    // What the stream has brought in the meantime is newer.
    if (!polled || line.isLive()) return;
    const { token, answer } = polled;
    if (answer.ok) {
      await refreshMe();
      await receive.polled(answer, token, line.isLive);
      await lineIs('polling');
    } else if (answer.error === 'signed_out') await signedOutByServer(line, token);
    else await lineIs('poll_failed');
  };
  return { ...line, poll: ({ used } = { used: false }) => pollsInTurn(() => poll(used)) };
};
