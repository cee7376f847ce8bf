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
/** The shortest period an installed extension may have (minutes): what brings a stopped worker's connection back. */
const CONNECTION_ALARM_MINUTES = 0.5;

const report = (error: unknown) => console.error('A start or an alarm was not carried out:', error);

/**
 * The alarm may be gone after a browser restart, so every start looks for it. One that lies further ahead than its
 * period was set before the clock was set back, and would not come for as long.
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
  // The listener is what starts the worker with the browser. Whoever starts a browser uses the device.
  browser.runtime.onStartup.addListener(() => connection.connect({ used: true }));
  // An update waits for a worker that rests; ours never does while it is connected.
  browser.runtime.onUpdateAvailable.addListener(() => browser.runtime.reload());
  browser.alarms.onAlarm.addListener(() => {
    connection.check();
    // Reads that found no answer while the stream went on: no reconnect would come to send them.
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
