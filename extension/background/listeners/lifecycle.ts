import { browser } from 'wxt/browser';
import { endPauseIfOver } from '../bell/pause.ts';
import { checkPresence } from '../bell/presence.ts';
import { flushReads } from '../bell/reads.ts';
import { holdToPolicy } from '../connection/session.ts';
import type { WorkerLine } from '../connection/start-connection.ts';
import { checkInbox } from '../inbox/inbox-address.ts';
import { openWelcome } from '../inbox/open.ts';
import { checkPermission } from '../toasts/toast-health.ts';
import { showBadge } from '../toolbar/badge.ts';

const LINE_ALARM = 'line';
/** The shortest period an installed extension may have (minutes): what brings a stopped worker's line back. */
const LINE_ALARM_MINUTES = 0.5;

const report = (error: unknown) => console.error('A start or an alarm was not carried out:', error);

/**
 * The alarm may be gone after a browser restart, so every start looks for it. One that lies further ahead than its
 * period was set before the clock was set back, and would not come for as long.
 */
const ensureAlarm = async (): Promise<void> => {
  const alarm = await browser.alarms.get(LINE_ALARM);
  const isNear = alarm && alarm.scheduledTime - Date.now() <= LINE_ALARM_MINUTES * 60_000;
  if (!isNear) await browser.alarms.create(LINE_ALARM, { periodInMinutes: LINE_ALARM_MINUTES });
};

/** Installation, browser start, alarms, and the network's return. */
export const listenToTimes = (line: WorkerLine): void => {
  browser.runtime.onInstalled.addListener(({ reason }) => {
    if (reason === 'install') openWelcome().catch(report);
  });
  // The listener is what starts the worker with the browser. Whoever starts a browser uses the device.
  browser.runtime.onStartup.addListener(() => line.connect({ used: true }));
  // An update waits for a worker that rests; ours never does while it is connected.
  browser.runtime.onUpdateAvailable.addListener(() => browser.runtime.reload());
  browser.alarms.onAlarm.addListener(() => {
    line.check();
    // Reads that found no answer while the stream went on: no reconnect would come to send them.
    const steps = [showBadge(), endPauseIfOver(line), ensureAlarm(), flushReads(), line.poll(), checkPresence(line)];
    Promise.all(steps).catch(report);
  });
  browser.storage.onChanged.addListener((_changes, area) => {
    if (area === 'managed') Promise.all([holdToPolicy(line), checkInbox()]).catch(report);
  });
  self.addEventListener('online', () => line.check());
};

/** What each start of the worker makes sure of. */
export const begin = (line: WorkerLine): void => {
  line.connect();
  const steps = [ensureAlarm(), showBadge(), checkPermission(), endPauseIfOver(line), checkPresence(line)];
  Promise.all(steps).catch(report);
};
