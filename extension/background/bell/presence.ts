/**
 * Notices when the person leaves the device and comes back, so that a toast that faded in between is shown once more.
 * `chrome.idle` wakes a worker that was stopped; what was missed while it could not be asked is found at its start.
 */
import { browser } from 'wxt/browser';
import { AWAY_AFTER_S, awayFrom, type Presence } from '../../domain/away.ts';
import { awaySince } from '../../state.ts';
import type { Connection } from '../connection/server-connection.ts';
import { bellQueue } from './bell.ts';
import { notifyMissed } from './notify.ts';

const leave = (presence: Exclude<Presence, 'active'>): Promise<void> =>
  bellQueue.run(async () => {
    if ((await awaySince.getValue()) === null) await awaySince.setValue(awayFrom(presence, Date.now()));
  });

const change = (connection: Connection, presence: Presence): Promise<void> =>
  presence === 'active' ? notifyMissed(connection) : leave(presence);

/** Asks whether somebody is there, and carries out what follows. */
export const checkPresence = async (connection: Connection): Promise<void> =>
  change(connection, await browser.idle.queryState(AWAY_AFTER_S));

const report = (error: unknown) => console.error('Whether somebody is there could not be followed:', error);

export const listenToPresence = (connection: Connection): void => {
  browser.idle.setDetectionInterval(AWAY_AFTER_S);
  browser.idle.onStateChanged.addListener((presence) => {
    change(connection, presence).catch(report);
  });
};
