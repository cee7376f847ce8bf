import { spawn } from 'node:child_process';
import { accessSync, constants, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome-for-testing'];
const PLACES = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/snap/bin/chromium',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  '/Applications/Google Chrome for Testing.app/Contents/MacOS/Google Chrome for Testing',
];

const isRunnable = (file: string): boolean => {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
};

/** `CHROME_PATH`, else an installed Chromium. Branded Google Chrome is left out: since 137 it ignores `--load-extension`. */
export function findChromium(env: Record<string, string | undefined>): string | undefined {
  if (env.CHROME_PATH) return isRunnable(env.CHROME_PATH) ? env.CHROME_PATH : undefined;
  const onPath = (env.PATH ?? '').split(delimiter).filter((folder) => folder !== '');
  return [...onPath.flatMap((folder) => NAMES.map((name) => join(folder, name))), ...PLACES].find(isRunnable);
}

/**
 * Starts Chromium with the extension at `url`. The profile is new each time: over a used one Chromium runs the
 * worker it had before. The browser ends with this process, and its profile is deleted.
 */
export function openBrowser(chromium: string, extension: string, url: string): void {
  const profile = mkdtempSync(join(tmpdir(), 'converso-chromium-'));
  const options = [
    `--user-data-dir=${profile}`,
    `--load-extension=${extension}`,
    '--no-first-run',
    '--no-default-browser-check',
    // As root, which is a container, Chromium does not start with its sandbox.
    ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
  ];
  const browser = spawn(chromium, [...options, url], { stdio: 'ignore' });
  browser.on('error', (error) => console.error(`converso: the browser did not start (${error.message})`));
  process.on('exit', () => {
    browser.kill();
    rmSync(profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  });
}
