import { databaseFile } from './open.ts';
import { backupDatabase, restoreDatabase } from './sqlite/backup.ts';

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
