import { spawnSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';

const isApt = (): boolean => {
  try {
    accessSync('/usr/bin/apt-get', constants.X_OK);
    return true;
  } catch {
    return false;
  }
};

/**
 * Installs packages where that is allowed: as root on Debian or Ubuntu, which is a container or a CI job, and not where
 * E2E_NO_INSTALL is set. The caller looks afterwards whether what it needs is there.
 */
export function aptInstall(packages: readonly string[]): void {
  if (packages.length === 0 || process.getuid?.() !== 0 || !isApt() || process.env.E2E_NO_INSTALL) return;
  console.warn(`running apt-get install ${packages.join(' ')} (E2E_NO_INSTALL=1 forbids it)`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const apt = (...args: string[]): boolean =>
    spawnSync('apt-get', ['-qq', ...args], { env, stdio: ['ignore', 'ignore', 'inherit'] }).status === 0;
  if (apt('update')) apt('install', '-y', '--no-install-recommends', ...packages);
}

/**
 * What to do without a program: under `CI` an error, because the tests that need it prove nothing then; elsewhere a
 * warning that nobody overlooks.
 */
export function missing(message: string): void {
  if (process.env.CI) throw new Error(message);
  console.warn(`\n${'!'.repeat(80)}\n${message}\n${'!'.repeat(80)}\n`);
}
