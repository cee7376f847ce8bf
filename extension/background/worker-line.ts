import { browser } from 'wxt/browser';
import { account, bell, connection, restUntil } from '../state.ts';
import { inTurn } from './bell.ts';
import type { Clock } from './clock.ts';
import { lineIs, serverHeard } from './connection.ts';
import { createLine, type Line, type LineSession } from './line.ts';
import { createReceive } from './receive.ts';
import { holdToPolicy, signedOutByServer } from './session.ts';

/** In turn, so that the cursor is behind everything that came before. */
const session = async (line: Line): Promise<LineSession | null> => {
  // Before anything is said to a server that the policy does not allow any more.
  if (!(await holdToPolicy(line))) return null;
  return inTurn(async () => {
    const signedIn = await account.getValue();
    if (!signedIn) return null;
    const [{ cursor }, { state }, until] = await Promise.all([
      bell.getValue(),
      connection.getValue(),
      restUntil.getValue(),
    ]);
    return { ...signedIn, cursor, restUntil: until, replaced: state === 'replaced' };
  });
};

const report = (error: unknown) => console.error('The state of the line could not be kept:', error);

/** Bytes alone do not keep the worker alive; any call of the extension's API does. */
const stayAlive = async (): Promise<void> => {
  await browser.runtime.getPlatformInfo();
  await serverHeard();
};

/** The worker's line: what comes goes to the bell and the toasts, how it stands goes to the badge. */
export const createWorkerLine = (clock?: Clock): Line => {
  const receive = createReceive();
  const line: Line = createLine(
    {
      session: () => session(line),
      state: (state) => {
        lineIs(state).catch(report);
      },
      heard: () => {
        stayAlive().catch(report);
      },
      opened: receive.opened,
      event: (event, token) => {
        void receive.event(event, token);
      },
      signedOut: (token) => {
        signedOutByServer(line, token).catch(report);
      },
      rest: (until) => {
        restUntil.setValue(until).catch(report);
      },
    },
    clock,
  );
  return line;
};
