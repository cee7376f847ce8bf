import { globSync } from 'node:fs';
import { aptInstall, missing } from './apt.ts';

/** For programs with threads, such as Node.js. */
const find = (): string | undefined => globSync('/usr/lib/*/faketime/libfaketimeMT.so.1')[0];

/**
 * The library that shows a program another clock (Debian's package `faketime`), installed where that is allowed. It is
 * preloaded directly: the package's own program would stay in between and pass no signals on.
 * Undefined where the tests that need it are skipped.
 * @throws under `CI` where it is missing
 */
export function findFaketime(): string | undefined {
  if (find() === undefined) aptInstall(['faketime']);
  const found = find();
  if (found === undefined)
    missing(
      'faketime is missing. On Debian or Ubuntu: sudo apt-get install faketime.\nThe test under a moved clock is SKIPPED.',
    );
  return found;
}
