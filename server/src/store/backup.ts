import { databaseFile } from './open.ts';
import { backupDatabase, restoreDatabase } from './sqlite/backup.ts';
import { type InspectedSource, type Inspection, inspectDatabase, inspectSources } from './sqlite/inspect.ts';
import { replaceDatabase } from './sqlite/replace.ts';

/**
 * Copies the store to a file while a server may be using it; replaces an older copy only once the new one is whole.
 * @throws one line for the operator if there is no database, or the copy cannot be written
 */
export const backupStore = (databaseUrl: string, file: string): Promise<void> =>
  backupDatabase(databaseFile(databaseUrl), file);

/**
 * Makes the store from a backup; devices that were connected before get a snapshot.
 * @throws one line for the operator if a database is there already, or the file is not a backup
 */
export const restoreStore = (file: string, databaseUrl: string): Promise<void> =>
  restoreDatabase(file, databaseFile(databaseUrl));

/**
 * Puts a backup in the store's place; the store that was there is kept beside it.
 * @returns where that is now, or null if there was none
 * @throws one line for the operator if a server is using the store, or the file is not a backup
 */
export const replaceStore = (file: string, databaseUrl: string): Promise<string | null> =>
  replaceDatabase(file, databaseFile(databaseUrl));

/** Looks into the store's file without changing it. */
export const inspectStore = (databaseUrl: string): Inspection => inspectDatabase(databaseFile(databaseUrl));

/** The sources in the store's file, without changing it. */
export const inspectStoredSources = (databaseUrl: string): InspectedSource[] =>
  inspectSources(databaseFile(databaseUrl));
