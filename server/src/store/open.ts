import { fileURLToPath } from 'node:url';
import type { Store, StoreUnusable } from '../ports/store.ts';
import { guardStore } from './guard.ts';
import { openSqliteStore } from './sqlite/open.ts';

/**
 * The file of a SQLite database URL. `file:./data/converso.db` is relative to the working directory,
 * `file:///var/lib/converso.db` absolute.
 * @throws one line for the operator if the URL is of another kind
 */
export function databaseFile(databaseUrl: string): string {
  if (databaseUrl.startsWith('file://')) return fileURLToPath(databaseUrl);
  if (databaseUrl.startsWith('file:') && databaseUrl.length > 'file:'.length) return databaseUrl.slice('file:'.length);
  const kind = /^postgres(ql)?:/.test(databaseUrl) ? 'PostgreSQL is not supported yet' : 'it names no file';
  throw new Error(`DATABASE_URL must be like file:./data/converso.db: ${kind}.`);
}

/**
 * Opens the store, making folder and tables where they are missing.
 * @param report called once if the store turns out to be unusable later on; see `StoreUnusable`
 * @throws if the URL is of another kind, or the file cannot be opened or is damaged
 */
export const openStore = (databaseUrl: string, report: (unusable: StoreUnusable) => void = () => undefined): Store =>
  guardStore(openSqliteStore(databaseFile(databaseUrl)), report);
