import { readFileSync, writeFileSync } from 'node:fs';
import SQLite from 'better-sqlite3';

/** SQLite's default; the store keeps it. */
const PAGE_BYTES = 4096;

/** Overwrites every seventh page of a database file in place, as a failing disk does; the header stays. */
export function damage(databaseFile: string): void {
  const pages = Math.floor(readFileSync(databaseFile).length / PAGE_BYTES);
  overwrite(
    databaseFile,
    Array.from({ length: pages }, (_, index) => index + 1).filter((page) => page % 7 === 0),
  );
}

/** Overwrites every page of one table, also under a server that has the file open and read them before. */
export function damageTable(databaseFile: string, table: string): void {
  const client = new SQLite(databaseFile);
  // A write by somebody else makes each connection forget the pages that it keeps in memory.
  client.pragma('user_version = 0');
  client.pragma('wal_checkpoint(TRUNCATE)');
  const pages = client.prepare('SELECT pageno FROM dbstat WHERE name = ?').pluck().all(table) as number[];
  client.close();
  overwrite(databaseFile, pages);
}

function overwrite(databaseFile: string, pages: readonly number[]): void {
  const bytes = readFileSync(databaseFile);
  for (const page of pages) bytes.fill(0xa5, (page - 1) * PAGE_BYTES, page * PAGE_BYTES);
  // The file stays the same one, so a process that has it open reads the damage.
  writeFileSync(databaseFile, bytes, { flag: 'r+' });
}
