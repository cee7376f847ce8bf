import { browser } from 'wxt/browser';
import { isPaused } from '../../domain/pause.ts';
import { type Device, device } from '../../state.ts';
import type { StreamStatus } from '../stream-status.ts';
import { showBadge } from '../toolbar/badge.ts';
import { notifyAfterPause } from './notify-again.ts';

export const PAUSE_ALARM = 'pause-ends';

/** Ends a pause whose time is over, and shows by one toast what came in it and still waits. */
export const endPauseIfOver = async (stream: StreamStatus): Promise<void> => {
  const { pausedUntil } = await device.getValue();
  if (pausedUntil === null || isPaused(pausedUntil, Date.now())) return;
  await changeDevice(stream, { pausedUntil: null });
};

/**
 * Changes the pause and the preview level, which belong to this device. What came in a pause is shown at its end if the
 * stream is live. Otherwise some of it may be settled by now, so it is shown when the stream has caught up.
 */
export const changeDevice = async (stream: StreamStatus, patch: Partial<Device>): Promise<void> => {
  const before = await device.getValue();
  const after = { ...before, ...patch };
  await device.setValue(after);
  try {
    await carryOut(stream, before, after);
  } catch (error) {
    // The next `caught_up` shows what came in the pause.
    stream.resume();
    throw error;
  }
};

const carryOut = async (stream: StreamStatus, before: Device, after: Device): Promise<void> => {
  if (after.pausedUntil !== before.pausedUntil) {
    if (after.pausedUntil === null) await browser.alarms.clear(PAUSE_ALARM);
    else await browser.alarms.create(PAUSE_ALARM, { when: after.pausedUntil });
  }
  await showBadge();
  if (before.pausedUntil !== null && after.pausedUntil === null && stream.isLive()) await notifyAfterPause();
};
