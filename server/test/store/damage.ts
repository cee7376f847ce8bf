import { readFileSync, writeFileSync } from 'node:fs';

/** SQLite's default; the store keeps it. */
const PAGE_BYTES = 4096;

/** Overwrites every seventh page of a database file in place, as a failing disk does; the header stays. */
export function damage(databaseFile: string): void {
  const bytes = readFileSync(databaseFile);
  for (let page = 6; (page + 1) * PAGE_BYTES <= bytes.length; page += 7) {
    bytes.fill(0xa5, page * PAGE_BYTES, (page + 1) * PAGE_BYTES);
  }
  // The file stays the same one, so that a server that has it open reads the damage.
  writeFileSync(databaseFile, bytes, { flag: 'r+' });
}
