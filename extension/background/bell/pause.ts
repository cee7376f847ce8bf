import { browser } from 'wxt/browser';
import { isPaused } from '../../domain/pause.ts';
import { type Device, device } from '../../state.ts';
import type { Connection } from '../connection/server-connection.ts';
import { showBadge } from '../toolbar/badge.ts';
import { catchUp } from './notify.ts';

export const PAUSE_ALARM = 'pause-ends';

/** Ends a pause whose time is over, and tells once what came in it and still waits. */
export const endPauseIfOver = async (connection: Connection): Promise<void> => {
  const { pausedUntil } = await device.getValue();
  if (pausedUntil === null || isPaused(pausedUntil, Date.now())) return;
  await changeDevice(connection, { pausedUntil: null });
};

/**
 * Pause and preview level, which belong to this device. What came in a pause is told at its end if the connection is live;
 * otherwise some of it may be settled by now, and it is told when the connection has caught up.
 */
export const changeDevice = async (connection: Connection, patch: Partial<Device>): Promise<void> => {
  const before = await device.getValue();
  const after = { ...before, ...patch };
  await device.setValue(after);
  try {
    await carryOut(connection, before, after);
  } catch (error) {
    // The next `caught_up` tells what came in the pause.
    connection.resume();
    throw error;
  }
};

const carryOut = async (connection: Connection, before: Device, after: Device): Promise<void> => {
  if (after.pausedUntil !== before.pausedUntil) {
    if (after.pausedUntil === null) await browser.alarms.clear(PAUSE_ALARM);
    else await browser.alarms.create(PAUSE_ALARM, { when: after.pausedUntil });
  }
  await showBadge();
  if (before.pausedUntil !== null && after.pausedUntil === null && connection.isLive()) await catchUp();
};
