import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { findChromium as findInstalled } from '@converso/server/src/open-browser.ts';
import { aptInstall, missing } from './apt.ts';

/** The programs that the browser tests cannot do without, as absolute paths. */
export interface Programs {
  chromium: string;
  /** The message bus over which Chromium hands its notifications to the desktop. */
  dbusDaemon: string;
}

const DBUS_PLACES = ['/usr/bin/dbus-daemon', '/bin/dbus-daemon'];

const isRunnable = (file: string): boolean => {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
};

const onPath = (names: string[], env: NodeJS.ProcessEnv): string[] =>
  (env.PATH ?? '')
    .split(delimiter)
    .filter((folder) => folder !== '')
    .flatMap((folder) => names.map((name) => join(folder, name)));

/**
 * The browser to test with: CHROME_PATH, else an installed Chromium, as `npm start -- --open` finds it.
 * @throws where CHROME_PATH names no executable file
 */
export function findChromium(env: NodeJS.ProcessEnv = process.env): string | undefined {
  const found = findInstalled(env);
  if (env.CHROME_PATH && !found) throw new Error(`CHROME_PATH=${env.CHROME_PATH} is not an executable file.`);
  return found;
}

export const findDbusDaemon = (env: NodeJS.ProcessEnv = process.env): string | undefined =>
  [...onPath(['dbus-daemon'], env), ...DBUS_PLACES].find(isRunnable);

/**
 * Finds the programs, installing what is missing where that is allowed.
 * Undefined where the tests that need them are skipped.
 * @throws under `CI` where one is missing
 */
export function findPrograms(): Programs | undefined {
  aptInstall([findChromium() ? [] : ['chromium'], findDbusDaemon() ? [] : ['dbus']].flat());
  const chromium = findChromium();
  const dbusDaemon = findDbusDaemon();
  if (chromium && dbusDaemon) return { chromium, dbusDaemon };
  missing(
    `e2e: missing ${chromium ? 'dbus-daemon' : 'Chromium'}. On Debian or Ubuntu: sudo apt-get install chromium dbus; or set CHROME_PATH.\nThe browser tests are SKIPPED.`,
  );
  return undefined;
}
