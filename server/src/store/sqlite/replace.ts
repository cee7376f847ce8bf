import { existsSync, renameSync, rmSync } from 'node:fs';
import SQLite from 'better-sqlite3';
import { refuseOwnFiles, restoreDatabase } from './backup.ts';
import { samePlace } from './files.ts';

/**
 * Puts a backup in the place of a database. The former database is kept under another name, to which it is moved only
 * once the backup has proved to be whole.
 * @returns where the former database is now, or null if there was none
 * @throws if a server is using the database, or the file is not a backup of one, or is the database itself
 */
export async function replaceDatabase(backupFile: string, databaseFile: string): Promise<string | null> {
  const restored = `${databaseFile}.restored`;
  refuseOwnFiles(backupFile, databaseFile);
  if (samePlace(backupFile, restored))
    throw new Error(`${restored} is written meanwhile; rename the backup before you restore it.`);
  if (existsSync(databaseFile)) closeLog(databaseFile);
  rmSync(restored, { force: true });
  await restoreDatabase(backupFile, restored);
  const former = existsSync(databaseFile) ? `${databaseFile}.${stamp()}` : null;
  if (former !== null) setAside(databaseFile, former);
  renameSync(restored, databaseFile);
  return former;
}

const stamp = (): string => new Date().toISOString().replace(/[-:.]/g, '');

/**
 * Writes the log into the database itself. SQLite does that only while nobody else has the database open, so it also
 * shows whether a server is using it. A damaged database stays as it is: it is the reason for the restore.
 */
function closeLog(databaseFile: string): void {
  let client: SQLite.Database | undefined;
  try {
    client = new SQLite(databaseFile, { timeout: 0 });
    client.pragma('journal_mode = DELETE');
  } catch (error) {
    const code = String((error as { code?: unknown }).code);
    if (/^SQLITE_(BUSY|LOCKED)/.test(code)) throw new Error(`${databaseFile} is in use; stop the server first.`);
    if (!/^SQLITE_(CORRUPT|NOTADB)/.test(code)) throw error;
  } finally {
    client?.close();
  }
}

/** Moves a database and its log away, so that the log is not applied to the new database. */
function setAside(databaseFile: string, former: string): void {
  for (const suffix of ['-wal', '-shm']) {
    if (existsSync(databaseFile + suffix)) renameSync(databaseFile + suffix, former + suffix);
  }
  renameSync(databaseFile, former);
}
