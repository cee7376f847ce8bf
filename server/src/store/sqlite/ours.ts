/**
 * Which program a database file belongs to. SQLite keeps a number for that in the header, the application id
 * (https://www.sqlite.org/pragma.html#pragma_application_id). Stores from before it was set have 0, and are recognised
 * by their tables.
 */
import type { Database } from 'better-sqlite3';

/** "CNVS" in ASCII. */
export const APPLICATION_ID = 0x43_4e_56_53;

/** `new`: an empty database, which may become a store. `old`: a store without the number. */
export type Owner = 'ours' | 'old' | 'new' | 'foreign';

/**
 * Reads only.
 * @throws what SQLite throws for a file that is damaged or no database
 */
export function ownerOf(client: Database): Owner {
  const id = client.pragma('application_id', { simple: true });
  if (id === APPLICATION_ID) return 'ours';
  const tables = client.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").pluck().all();
  if (id !== 0) return 'foreign';
  if (tables.length === 0) return 'new';
  return ['__drizzle_migrations', 'businesses', 'agents'].every((name) => tables.includes(name)) ? 'old' : 'foreign';
}

/** Marks a database as a store. */
export const markAsOurs = (client: Database): void => void client.pragma(`application_id = ${APPLICATION_ID}`);

/** The error for a file of another program; its message is one line for the operator. */
export const foreignFile = (file: string): Error =>
  new Error(`${file} is a database of another program, not of Converso Notifications.`);
