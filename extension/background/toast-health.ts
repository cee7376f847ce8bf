import { browser } from 'wxt/browser';
import { type ToastHealth, toastHealth } from '../state.ts';
import { createQueue } from './queue.ts';

const inTurn = createQueue();
const change = (patch: Partial<ToastHealth>): Promise<void> =>
  inTurn(async () => toastHealth.setValue({ ...(await toastHealth.getValue()), ...patch }));

/** Notes that a toast was made. */
export const toastMade = (): Promise<void> => change({ lastToastAt: Date.now() });

/** Asks whether the browser lets us show toasts, and stores the answer for the popup. */
export const checkPermission = async (): Promise<ToastHealth['permission']> => {
  const level = await browser.notifications.getPermissionLevel();
  const permission = level === 'denied' ? 'denied' : 'granted';
  await change({ permission });
  return permission;
};
