import { browser } from 'wxt/browser';
import { type ToastHealth, toastHealth } from '../../state.ts';
import { createQueue } from '../queue.ts';

const healthQueue = createQueue();
const change = (patch: Partial<ToastHealth>): Promise<void> =>
  healthQueue.run(async () => toastHealth.setValue({ ...(await toastHealth.getValue()), ...patch }));

/** Notes that a toast was made. The toast is on the screen, so a full storage must not make it look refused. */
export const toastMade = (): Promise<void> =>
  change({ lastToastAt: Date.now() }).catch((error) => console.warn('The time of a toast could not be kept:', error));

/** Asks whether the browser lets us show toasts, and stores the answer for the popup. */
export const checkPermission = async (): Promise<ToastHealth['permission']> => {
  const level = await browser.notifications.getPermissionLevel();
  const permission = level === 'denied' ? 'denied' : 'granted';
  await change({ permission });
  return permission;
};
