import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import SQLite from 'better-sqlite3';
import { hasCode } from '../../error-codes.ts';
import { makeForOwnerOnly, openDatabase } from './database.ts';
import { looksLikeDatabase, samePlace, sidesOf } from './files.ts';
import { ownerOf } from './ours.ts';

/**
 * Copies a database while it is in use. The copy appears under its name only once it is whole and has passed
 * SQLite's quick check, and then replaces an older one of that name.
 * @throws if there is no database, it is damaged, the target belongs to it or is no copy, or cannot be written
 */
export async function backupDatabase(databaseFile: string, backupFile: string): Promise<void> {
  refuseOwnFiles(backupFile, databaseFile);
  if (!looksLikeDatabase(backupFile) || isForeign(backupFile))
    throw new Error(`${backupFile} exists and is no backup; it is not overwritten. Name another file.`);
  await copyWhole(databaseFile, backupFile, intoOneFile);
}

/**
 * Makes a database from a backup. Devices may have seen changes that the backup lacks, so every agent's seq leaps beyond
 * them. Older cursors then count as unknown, and each device gets a snapshot.
 * @throws if a database is there already, or the file is not a backup of one
 */
export async function restoreDatabase(backupFile: string, databaseFile: string): Promise<void> {
  refuseOwnFiles(backupFile, databaseFile);
  // A log left over from another database would be applied to this one.
  const existing = [databaseFile, `${databaseFile}-wal`].find(existsSync);
  if (existing !== undefined) throw new Error(`${existing} exists; a restore does not overwrite it.`);
  await copyWhole(backupFile, databaseFile, leapSequences);
}

/** Whether a file is another program's database. A file too damaged to tell counts as an older backup. */
function isForeign(file: string): boolean {
  if (!existsSync(file)) return false;
  const client = new SQLite(file, { readonly: true });
  try {
    return ownerOf(client) === 'foreign';
  } catch (error) {
    if (hasCode(error, /^SQLITE_(CORRUPT|NOTADB)/)) return false;
    throw error;
  } finally {
    client.close();
  }
}

/**
 * Refuses a backup file that is the store itself, or one of the files beside it, under whatever name.
 * @throws one line for the operator
 */
export function refuseOwnFiles(backupFile: string, databaseFile: string): void {
  const own = sidesOf(databaseFile).find((file) => samePlace(backupFile, file));
  if (own === undefined) return;
  const which = own === databaseFile ? 'is the store itself' : `is ${own}, which belongs to the store`;
  throw new Error(`${backupFile} ${which}; name another file.`);
}

async function copyWhole(from: string, to: string, change: (copy: string) => void): Promise<void> {
  const copy = `${to}.partial`;
  if (sidesOf(from).some((file) => samePlace(copy, file)))
    throw new Error(`${copy} is written meanwhile, and ${from} has that name; name another file.`);
  mkdirSync(dirname(to), { recursive: true });
  const source = new SQLite(from, { readonly: true, fileMustExist: true });
  try {
    if (!isOurs(source, from)) throw new Error(`${from} is not a Converso Notifications database.`);
    removeWithLogs(copy);
    makeForOwnerOnly(copy);
    await source.backup(copy);
    checkWhole(copy, from);
    change(copy);
    renameSync(copy, to);
  } finally {
    source.close();
    removeWithLogs(copy);
  }
}

/** Removes a database and its logs, which SQLite would apply to the next file of that name. */
const removeWithLogs = (file: string): void => {
  for (const side of sidesOf(file)) rmSync(side, { force: true });
};

/** @throws one line for the operator if the copy is damaged, which it is if `from` is */
function checkWhole(copy: string, from: string): void {
  let finding: unknown;
  const client = new SQLite(copy, { readonly: true });
  try {
    finding = client.pragma('quick_check(1)', { simple: true });
  } catch (error) {
    finding = (error as { code?: unknown }).code;
  } finally {
    client.close();
  }
  if (finding !== 'ok') throw damaged(from, finding);
}

/** @param finding of SQLite: a code, or several lines of which the last one counts */
const damaged = (file: string, finding: unknown): Error =>
  new Error(`${file} is damaged (${String(finding).split('\n').at(-1)}); nothing was replaced.`);

/** Makes the copy a single file without a log, so that it can be moved, and read in a read-only folder. */
function intoOneFile(file: string): void {
  const client = new SQLite(file);
  client.pragma('journal_mode = DELETE');
  client.close();
}

/**
 * Whether a file is a store. SQLite reads nothing when it opens a file, so the first query shows whether it is a database.
 * @throws one line for the operator if the file is damaged where its tables are listed
 */
function isOurs(client: SQLite.Database, file: string): boolean {
  try {
    return ['ours', 'old'].includes(ownerOf(client));
  } catch (error) {
    const code = String((error as { code?: unknown }).code);
    if (code === 'SQLITE_NOTADB') return false;
    if (code.startsWith('SQLITE_CORRUPT')) throw damaged(file, code);
    throw error;
  }
}

/**
 * Raises every seq to the current time in milliseconds. No seq grows by one a millisecond, so this is beyond every seq
 * that was issued after the backup was made, also by an earlier restore of the same backup.
 */
function leapSequences(file: string): void {
  const { client } = openDatabase(file);
  try {
    client.prepare('UPDATE tallies SET seq = max(seq + 1, ?)').run(Date.now());
    client.prepare('UPDATE agents SET replay_floor = (SELECT seq FROM tallies WHERE agent_key = agents.key)').run();
  } finally {
    client.close();
  }
}
