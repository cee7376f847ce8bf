import { closeSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import SQLite from 'better-sqlite3';
import { type BetterSQLite3Database, drizzle } from 'drizzle-orm/better-sqlite3';
import { migrate } from 'drizzle-orm/better-sqlite3/migrator';
import { readMigrationFiles } from 'drizzle-orm/migrator';
import { serverFile } from '../../files.ts';
import { type ChangeCache, createChangeCache } from './change-cache.ts';
import { createDirectory, type Directory } from './directory.ts';
import { foreignFile, markAsOurs, ownerOf } from './ours.ts';
import * as schema from './schema/index.ts';

/**
 * How long (milliseconds) opening waits for another process, such as the operator's command line, to finish its write.
 * Group commit waits in its own way.
 */
const BUSY_TIMEOUT_MS = 5000;

/**
 * One message to a team of fifty changes pages all over the file, and the next message changes many of them again. With
 * these settings such writes are three times as fast as with SQLite's defaults.
 */
const FOR_SPEED = [
  // 64 MiB, so that the pages in use stay in memory.
  'cache_size = -65536',
  // Statement journals and temporary tables are kept in memory instead of in files.
  'temp_store = MEMORY',
  // The log is copied into the file every 16 MiB instead of every 4 MiB, so that each page is copied less often.
  'wal_autocheckpoint = 4096',
];

export interface Db {
  client: SQLite.Database;
  /** For ordinary queries. */
  orm: BetterSQLite3Database<typeof schema>;
  /** A statement of this text, which is prepared once. For queries that run at every event. */
  sql<Row = unknown>(text: string): SQLite.Statement<unknown[], Row>;
  /** The people that events name. For use inside write transactions only. */
  directory: Directory;
  /** The latest changes, for streams. */
  changeCache: ChangeCache;
  /** Runs several reads on one state of the database, whatever other processes write meanwhile. */
  read<Result>(reads: () => Result): Result;
}

/**
 * Opens a database file and brings its tables up to date.
 * @throws if the file cannot be opened, is no database or another program's, or a migration left rows that refer to
 * nothing
 */
export function openDatabase(file: string): Db {
  mkdirSync(dirname(file), { recursive: true });
  makeForOwnerOnly(file);
  const client = new SQLite(file, { timeout: BUSY_TIMEOUT_MS });
  try {
    const owner = ownerOf(client);
    if (owner === 'foreign') throw foreignFile(file);
    client.pragma('journal_mode = WAL');
    // A WAL database opens as NORMAL, which may lose acknowledged events when the power fails.
    client.pragma('synchronous = FULL');
    for (const setting of FOR_SPEED) client.pragma(setting);
    const orm = drizzle({ client, schema, casing: 'snake_case' });
    migrateTables(client, orm, serverFile('src/store/sqlite/migrations'));
    if (owner !== 'ours') markAsOurs(client);
    const sql = statements(client);
    const directory = createDirectory({ sql });
    const changeCache = createChangeCache();
    const inRead = client.transaction((reads: () => unknown) => reads());
    const read = <Result>(reads: () => Result): Result => inRead.deferred(reads) as Result;
    return { client, orm, sql, directory, changeCache, read };
  } catch (error) {
    client.close();
    throw error;
  }
}

/**
 * Creates the file, unless it exists, so that only its owner can read it: it holds signing secrets and customers'
 * messages. SQLite would let every user of the machine read it; it gives its logs the same rights as the file.
 */
export const makeForOwnerOnly = (file: string): void => closeSync(openSync(file, 'a', 0o600));

/**
 * Applies the migrations that are missing. Some of them rebuild a table by dropping the old one, which with foreign keys
 * on would delete all rows that refer to it. Drizzle runs them inside a transaction, where foreign keys cannot be turned
 * off. So they are turned off before it begins, and the references are checked after it.
 * @throws if a newer version made the database, or rows refer to nothing
 */
export function migrateTables(client: SQLite.Database, orm: Db['orm'], migrationsFolder: string): void {
  const before = latestMigration(client);
  const newest = readMigrationFiles({ migrationsFolder }).at(-1)?.folderMillis ?? 0;
  if (before > newest) throw new Error('The database was made by a newer version of this program.');
  client.pragma('foreign_keys = OFF');
  migrate(orm, { migrationsFolder });
  // The check reads every row, so it is not for every start.
  if (before < newest) checkReferences(client);
  client.pragma('foreign_keys = ON');
}

/** When the newest applied migration was created (epoch milliseconds); 0 for an empty database. */
function latestMigration(client: SQLite.Database): number {
  const any = client.prepare("SELECT 1 FROM sqlite_schema WHERE name = '__drizzle_migrations'").get();
  if (any === undefined) return 0;
  return Number(client.prepare('SELECT max(created_at) FROM __drizzle_migrations').pluck().get() ?? 0);
}

function checkReferences(client: SQLite.Database): void {
  const broken = client.pragma('foreign_key_check') as { table: string }[];
  if (broken.length > 0) {
    const tables = [...new Set(broken.map(({ table }) => table))].join(', ');
    throw new Error(`The database is damaged: ${broken.length} rows refer to rows that do not exist (in ${tables}).`);
  }
}

/**
 * A parameter in a condition or a limit. SQLite as better-sqlite3 builds it (SQLITE_ENABLE_STAT4) looks at the values of
 * such parameters when it plans, and therefore prepares the statement again at every run, which costs several times as
 * much as a short query. It does not look at the value of `+?`, and the plus does not change the value.
 */
const CONDITION = /(?<=[=<>] |LIMIT )[?:]/g;

function statements(client: SQLite.Database): Db['sql'] {
  const prepared = new Map<string, SQLite.Statement<unknown[], unknown>>();
  return <Row>(text: string) => {
    let statement = prepared.get(text);
    if (statement === undefined) {
      statement = client.prepare(text.replace(CONDITION, '+$&'));
      prepared.set(text, statement);
    }
    return statement as SQLite.Statement<unknown[], Row>;
  };
}
