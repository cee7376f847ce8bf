import { spawnSync } from 'node:child_process';
import { existsSync, globSync } from 'node:fs';

/** For programs with threads, such as Node. */
const find = (): string | undefined => globSync('/usr/lib/*/faketime/libfaketimeMT.so.1')[0];

/** As root on Debian or Ubuntu, which is a container or a CI job. */
const mayInstall = (): boolean =>
  process.getuid?.() === 0 && existsSync('/usr/bin/apt-get') && !process.env.E2E_NO_INSTALL;

function install(): void {
  console.warn('running apt-get install faketime (E2E_NO_INSTALL=1 forbids it)');
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const apt = (...args: string[]) =>
    spawnSync('apt-get', ['-qq', ...args], { env, stdio: ['ignore', 'ignore', 'inherit'] }).status === 0;
  if (apt('update')) apt('install', '-y', '--no-install-recommends', 'faketime');
}

/**
 * The library that shows a program another clock (Debian's package `faketime`), installed where that is allowed. It is
 * preloaded by us: the package's own program would stay in between and pass no signals on.
 * Without it nothing is proven about real hours: under `CI` that is an error, elsewhere the caller skips loudly.
 */
export function findFaketime(): string | undefined {
  if (find() === undefined && mayInstall()) install();
  const found = find();
  if (found !== undefined) return found;
  const message = 'faketime is missing. On Debian or Ubuntu: sudo apt-get install faketime.';
  if (process.env.CI) throw new Error(message);
  console.warn(`\n${'!'.repeat(80)}\n${message}\nThe run under a moved clock is SKIPPED.\n${'!'.repeat(80)}\n`);
  return undefined;
}
