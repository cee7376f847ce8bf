import { spawnSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/** The programs that the browser tests cannot do without, as absolute paths. */
export interface Programs {
  chromium: string;
  /** The message bus over which Chromium hands its notifications to the desktop. */
  dbusDaemon: string;
}

const CHROMIUM_NAMES = ['chromium', 'chromium-browser', 'google-chrome-for-testing'];
const CHROMIUM_PLACES = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/snap/bin/chromium',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  '/Applications/Google Chrome for Testing.app/Contents/MacOS/Google Chrome for Testing',
];
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
 * The browser to test with: CHROME_PATH, else an installed Chromium. Branded Google Chrome is left out,
 * because since version 137 it ignores `--load-extension`.
 * Throws where CHROME_PATH names no executable file.
 */
export function findChromium(env: NodeJS.ProcessEnv = process.env): string | undefined {
  const asked = env.CHROME_PATH;
  if (!asked) return [...onPath(CHROMIUM_NAMES, env), ...CHROMIUM_PLACES].find(isRunnable);
  if (!isRunnable(asked)) throw new Error(`CHROME_PATH=${asked} is not an executable file.`);
  return asked;
}

export const findDbusDaemon = (env: NodeJS.ProcessEnv = process.env): string | undefined =>
  [...onPath(['dbus-daemon'], env), ...DBUS_PLACES].find(isRunnable);

/** Whether missing programs may be installed: as root on Debian or Ubuntu, which is a container or a CI job. */
const mayInstall = (): boolean =>
  process.getuid?.() === 0 && isRunnable('/usr/bin/apt-get') && !process.env.E2E_NO_INSTALL;

function install(packages: string[]): boolean {
  console.warn(`e2e: running apt-get install ${packages.join(' ')} (E2E_NO_INSTALL=1 forbids it)`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const apt = (...args: string[]) =>
    spawnSync('apt-get', ['-qq', ...args], { env, stdio: ['ignore', 'ignore', 'inherit'] }).status === 0;
  return apt('update') && apt('install', '-y', '--no-install-recommends', ...packages);
}

/**
 * Finds the programs, installing what is missing where that is allowed.
 * Without them the browser tests prove nothing: under `CI` that is an error, elsewhere the caller skips loudly.
 */
export function findPrograms(): Programs | undefined {
  const missing = [findChromium() ? [] : ['chromium'], findDbusDaemon() ? [] : ['dbus']].flat();
  if (missing.length > 0 && mayInstall()) install(missing);
  const chromium = findChromium();
  const dbusDaemon = findDbusDaemon();
  if (chromium && dbusDaemon) return { chromium, dbusDaemon };

  const message = `e2e: missing ${chromium ? 'dbus-daemon' : 'Chromium'}. On Debian or Ubuntu: sudo apt-get install chromium dbus; or set CHROME_PATH.`;
  if (process.env.CI) throw new Error(message);
  console.warn(`\n${'!'.repeat(80)}\n${message}\nThe browser tests are SKIPPED.\n${'!'.repeat(80)}\n`);
  return undefined;
}
