/**
 * Notices when the person leaves the device and comes back, so that a toast that faded in between is shown once more.
 * `chrome.idle` wakes a stopped worker. What a worker could not notice is found when it starts.
 */
import { browser } from 'wxt/browser';
import { AWAY_AFTER_S, awayFrom, type Presence } from '../../domain/away.ts';
import { awaySince } from '../../state.ts';
import { bellQueue } from '../bell-queue.ts';
import type { StreamStatus } from '../stream-status.ts';
import { notifyMissed } from './notify-again.ts';

const leave = (presence: Exclude<Presence, 'active'>): Promise<void> =>
  bellQueue.run(async () => {
    if ((await awaySince.getValue()) === null) await awaySince.setValue(awayFrom(presence, Date.now()));
  });

const change = (stream: StreamStatus, presence: Presence): Promise<void> =>
  presence === 'active' ? notifyMissed(stream) : leave(presence);

/** Asks the browser whether the person is at the device, and acts on the answer. */
export const checkPresence = async (stream: StreamStatus): Promise<void> =>
  change(stream, await browser.idle.queryState(AWAY_AFTER_S));

const report = (error: unknown) => console.error('The presence could not be read:', error);

export const listenToPresence = (stream: StreamStatus): void => {
  browser.idle.setDetectionInterval(AWAY_AFTER_S);
  browser.idle.onStateChanged.addListener((presence) => {
    change(stream, presence).catch(report);
  });
};
