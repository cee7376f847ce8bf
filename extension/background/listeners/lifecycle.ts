import { browser } from 'wxt/browser';
import { endPauseIfOver } from '../bell/pause.ts';
import { checkPresence } from '../bell/presence.ts';
import { flushReads } from '../bell/reads.ts';
import { holdToPolicy } from '../connection/session.ts';
import type { WorkerConnection } from '../connection/start-connection.ts';
import { checkInbox } from '../inbox/inbox-address.ts';
import { openWelcome } from '../inbox/open.ts';
import { checkPermission } from '../toasts/toast-health.ts';
import { showBadge } from '../toolbar/badge.ts';

/** Installed extensions already have an alarm of this name; another name would leave that one running beside it. */
const CONNECTION_ALARM = 'line';
/** The shortest period an installed extension may have (minutes): it brings a stopped worker's connection back. */
const CONNECTION_ALARM_MINUTES = 0.5;

const report = (error: unknown) => console.error('A start or an alarm could not be carried out:', error);

/**
 * Sets the alarm if it is missing: it may be gone after a browser restart. An alarm that lies further ahead than its
 * period is from before the clock was set back, so it is set again.
 */
const ensureAlarm = async (): Promise<void> => {
  const alarm = await browser.alarms.get(CONNECTION_ALARM);
  const isNear = alarm && alarm.scheduledTime - Date.now() <= CONNECTION_ALARM_MINUTES * 60_000;
  if (!isNear) await browser.alarms.create(CONNECTION_ALARM, { periodInMinutes: CONNECTION_ALARM_MINUTES });
};

/** Installation, browser start, alarms, and the network's return. */
export const listenToTimes = (connection: WorkerConnection): void => {
  browser.runtime.onInstalled.addListener(({ reason }) => {
    if (reason === 'install') openWelcome().catch(report);
  });
  // This listener makes the browser start the worker. A browser start counts as use of the device.
  browser.runtime.onStartup.addListener(() => connection.connect({ used: true }));
  // An update waits until the worker is idle, which a connected worker never is.
  browser.runtime.onUpdateAvailable.addListener(() => browser.runtime.reload());
  browser.alarms.onAlarm.addListener(() => {
    connection.check();
    // `flushReads` also sends reads that failed while the stream stayed open, for then no reconnect sends them.
    const steps = [
      showBadge(),
      endPauseIfOver(connection),
      ensureAlarm(),
      flushReads(),
      connection.poll(),
      checkPresence(connection),
    ];
    Promise.all(steps).catch(report);
  });
  browser.storage.onChanged.addListener((_changes, area) => {
    if (area === 'managed') Promise.all([holdToPolicy(connection), checkInbox()]).catch(report);
  });
  self.addEventListener('online', () => connection.check());
};

/** What each start of the worker makes sure of. */
export const begin = (connection: WorkerConnection): void => {
  connection.connect();
  const steps = [ensureAlarm(), showBadge(), checkPermission(), endPauseIfOver(connection), checkPresence(connection)];
  Promise.all(steps).catch(report);
};
