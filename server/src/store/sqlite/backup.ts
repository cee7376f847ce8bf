import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import SQLite from 'better-sqlite3';
import { makeForOwnerOnly, openDatabase } from './database.ts';

/**
 * Copies a database while it is in use. The copy appears under its name only once it is whole, and then
 * replaces an older one of that name.
 * @throws if there is no database, or the copy cannot be written
 */
export async function backupDatabase(databaseFile: string, backupFile: string): Promise<void> {
  await copyWhole(databaseFile, backupFile, intoOneFile);
}

/**
 * Makes a database from a backup. Devices may have seen more than the backup knows of, so every agent's
 * sequence leaps beyond that, and cursors from before count as unknown: each device gets a snapshot.
 * @throws if a database is there already, or the file is not a backup of one
 */
export async function restoreDatabase(backupFile: string, databaseFile: string): Promise<void> {
  // A log left over from another database would be applied to this one.
  const existing = [databaseFile, `${databaseFile}-wal`].find(existsSync);
  if (existing !== undefined) throw new Error(`${existing} exists; a restore does not overwrite it.`);
  await copyWhole(backupFile, databaseFile, leapSequences);
}

async function copyWhole(from: string, to: string, change: (copy: string) => void): Promise<void> {
  const copy = `${to}.partial`;
  mkdirSync(dirname(to), { recursive: true });
  const source = new SQLite(from, { readonly: true, fileMustExist: true });
  try {
    if (!isOurs(source)) throw new Error(`${from} is not a Converso Notifications database.`);
    rmSync(copy, { force: true });
    makeForOwnerOnly(copy);
    await source.backup(copy);
    change(copy);
    renameSync(copy, to);
  } finally {
    source.close();
    rmSync(copy, { force: true });
  }
}

/** Without a log beside it the copy can be moved about, and read where nothing may be written. */
function intoOneFile(file: string): void {
  const client = new SQLite(file);
  client.pragma('journal_mode = DELETE');
  client.close();
}

/** SQLite reads nothing when it opens a file, so the first question tells whether it is a database at all. */
function isOurs(client: SQLite.Database): boolean {
  try {
    return (
      client.prepare("SELECT count(*) FROM sqlite_schema WHERE name IN ('businesses', 'agents')").pluck().get() === 2
    );
  } catch (error) {
    if ((error as { code?: unknown }).code === 'SQLITE_NOTADB') return false;
    throw error;
  }
}

/**
 * To the milliseconds of now: no sequence grows by one a millisecond, so that is beyond all that was issued
 * since the backup was made, and beyond what an earlier restore of the same backup has issued.
 */
function leapSequences(file: string): void {
  const { client } = openDatabase(file);
  try {
    const verdict = client.pragma('quick_check', { simple: true });
    if (verdict !== 'ok') throw new Error('The backup is damaged.');
    client.prepare('UPDATE tallies SET seq = max(seq + 1, ?)').run(Date.now());
    client.prepare('UPDATE agents SET replay_floor = (SELECT seq FROM tallies WHERE agent_key = agents.key)').run();
  } finally {
    client.close();
  }
}
