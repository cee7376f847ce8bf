import { browser } from 'wxt/browser';
import { type Device, device } from '../state.ts';
import { showBadge } from './badge.ts';
import { catchUp } from './tell.ts';

export const PAUSE_ALARM = 'pause-ends';

/** Ends a pause whose time is over, and tells once what came in it and still waits. */
export const endPauseIfOver = async (): Promise<void> => {
  const now = await device.getValue();
  if (now.pausedUntil === null || now.pausedUntil > Date.now()) return;
  await changeDevice({ pausedUntil: null });
};

/** Pause and preview level, which belong to this device. */
export const changeDevice = async (patch: Partial<Device>): Promise<void> => {
  const before = await device.getValue();
  const after = { ...before, ...patch };
  await device.setValue(after);
  if (after.pausedUntil !== before.pausedUntil) {
    if (after.pausedUntil === null) await browser.alarms.clear(PAUSE_ALARM);
    else await browser.alarms.create(PAUSE_ALARM, { when: after.pausedUntil });
  }
  await showBadge();
  if (before.pausedUntil !== null && after.pausedUntil === null) await catchUp();
};
