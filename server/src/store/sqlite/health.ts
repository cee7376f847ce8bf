/**
 * The store's health check: its file is the one that was opened, its tables can be read, and the last writes did not
 * fail. The check writes nothing, because anybody may request it.
 */
import { existsSync, renameSync } from 'node:fs';
import { performance } from 'node:perf_hooks';
import { StoreUnusable } from '../../ports/store.ts';
import type { Db } from './database.ts';
import { type FileIdentity, identityOf, isSame } from './files.ts';

/** How long (milliseconds) a failed write counts: a disk that is full for one event is full for the next. */
const FAILED_WRITE_COUNTS_MS = 10_000;

export interface Health {
  /** @throws StoreUnusable if the file, or its log, is another one than at the opening, or gone */
  checkFile(): void;
  /** @throws what SQLite throws, or a failed write of the last ten seconds */
  check(): void;
  /** A write failed as a whole, through no fault of its own. */
  writeFailed(error: unknown): void;
  /**
   * To be called after closing. SQLite leaves the log of a file that has been replaced, and would apply it to the new
   * file at the next start, which destroys that one. So it is put aside under another name.
   */
  putLogAside(): void;
}

/** Begins with the files as they are now. */
export function watchHealth(db: Pick<Db, 'client' | 'sql' | 'read'>): Health {
  const file = db.client.name;
  const log = `${file}-wal`;
  const opened: [string, FileIdentity | null][] = [file, log].map((name) => [name, identityOf(name)]);
  let failed: { at: number; error: unknown } | null = null;

  const checkFile = (): void => {
    if (!opened.every(([name, identity]) => isSame(identity, identityOf(name)))) throw new StoreUnusable('replaced');
  };

  return {
    checkFile,
    check() {
      checkFile();
      db.read(() => {
        const tables = db.sql<string>("SELECT name FROM sqlite_schema WHERE type = 'table'").pluck().all();
        for (const table of tables) db.sql(`SELECT * FROM "${table}" LIMIT 1`).get();
      });
      if (failed !== null && performance.now() - failed.at < FAILED_WRITE_COUNTS_MS) throw failed.error;
    },
    writeFailed(error) {
      failed = { at: performance.now(), error };
    },
    putLogAside() {
      const [[, ofFile], [, ofLog]] = opened as [(typeof opened)[0], (typeof opened)[0]];
      const isReplaced = existsSync(file) && !isSame(ofFile, identityOf(file));
      if (isReplaced && ofLog !== null && isSame(ofLog, identityOf(log))) renameSync(log, `${log}.${Date.now()}`);
    },
  };
}
