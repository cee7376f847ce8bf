import { closeSync, openSync, readSync, realpathSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';

/** The database file and what SQLite keeps beside it while it is in use (https://www.sqlite.org/tempfiles.html). */
export const sidesOf = (databaseFile: string): string[] =>
  ['', '-wal', '-shm', '-journal'].map((side) => databaseFile + side);

/** Identifies a file on its file system, whatever its name is. */
export interface FileIdentity {
  dev: bigint;
  ino: bigint;
}

/** The identity of the file that a name leads to, through symbolic links too; null if there is none. */
export function identityOf(file: string): FileIdentity | null {
  const found = statSync(file, { bigint: true, throwIfNoEntry: false });
  return found === undefined ? null : { dev: found.dev, ino: found.ino };
}

/** Whether both are the same file, or both do not exist. */
export const isSame = (a: FileIdentity | null, b: FileIdentity | null): boolean =>
  a?.dev === b?.dev && a?.ino === b?.ino;

/**
 * Whether two names lead to one file: by path, by symbolic links or by hard links. Where neither file exists, whether
 * one would be made in the place of the other.
 */
export function samePlace(a: string, b: string): boolean {
  const [first, second] = [identityOf(a), identityOf(b)];
  if (first !== null && second !== null) return isSame(first, second);
  return realPath(a) === realPath(b);
}

/** The path without symbolic links, also of a file that does not exist, as far as its folders do. */
function realPath(file: string): string {
  const path = resolve(file);
  try {
    return realpathSync(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT' || dirname(path) === path) throw error;
    return join(realPath(dirname(path)), basename(path));
  }
}

/** The first bytes of every SQLite file (https://www.sqlite.org/fileformat.html#the_database_header). */
const MAGIC = Buffer.from('SQLite format 3\0');

/** Whether a file begins as a SQLite database does, is empty, or does not exist. It may still be damaged. */
export function looksLikeDatabase(file: string): boolean {
  if (identityOf(file) === null) return true;
  const descriptor = openSync(file, 'r');
  try {
    const head = Buffer.alloc(MAGIC.length);
    const length = readSync(descriptor, head, 0, head.length, 0);
    return length === 0 || head.equals(MAGIC);
  } finally {
    closeSync(descriptor);
  }
}
