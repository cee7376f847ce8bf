import { existsSync, readFileSync } from 'node:fs';
import SQLite from 'better-sqlite3';
import { serverFile } from '../../files.ts';
import type { SourceRow } from '../../ports/source-store.ts';
import { ownerOf } from './ours.ts';

/** A source, without its settings. */
export type InspectedSource = Omit<SourceRow, 'settings' | 'createdAt'>;

export interface Inspection {
  /** Null where the file does not exist yet. */
  database: { foreign: boolean; intact: boolean; finding: string; missingMigrations: number; newer: boolean } | null;
  file: string;
}

/** The migrations of this version, by the moment they were made. */
const known = (): number[] => {
  const journal = readFileSync(serverFile('src/store/sqlite/migrations/meta/_journal.json'), 'utf8');
  return (JSON.parse(journal) as { entries: { when: number }[] }).entries.map(({ when }) => when);
};

/**
 * Whether a database file is whole and of this version, read only. `quick_check` reads the whole file.
 * @throws if it cannot be opened or is no database
 */
export function inspectDatabase(file: string): Inspection {
  if (!existsSync(file)) return { file, database: null };
  const client = new SQLite(file, { readonly: true });
  try {
    const finding = String(client.pragma('quick_check(1)', { simple: true }));
    const tables = client
      .prepare("SELECT count(*) FROM sqlite_schema WHERE name = '__drizzle_migrations'")
      .pluck()
      .get();
    const applied = tables === 0 ? [] : client.prepare('SELECT created_at FROM __drizzle_migrations').pluck().all();
    const done = new Set(applied.map(Number));
    const migrations = known();
    return {
      file,
      database: {
        foreign: ownerOf(client) === 'foreign',
        intact: finding === 'ok',
        finding,
        missingMigrations: migrations.filter((when) => !done.has(when)).length,
        newer: [...done].some((when) => !migrations.includes(when)),
      },
    };
  } finally {
    client.close();
  }
}

/**
 * The sources in a database file, by business and id, read only; none in a file that is not there or of an older version.
 * @throws if it cannot be opened or is no database
 */
export function inspectSources(file: string): InspectedSource[] {
  if (!existsSync(file)) return [];
  const client = new SQLite(file, { readonly: true });
  try {
    if (client.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'sources'").get() === undefined) return [];
    return client
      .prepare<[], Omit<InspectedSource, 'paused'> & { paused: number }>(
        `SELECT key, business_id AS businessId, id, kind, secrets, paused, last_received_at AS lastReceivedAt,
           last_failure AS lastFailure, last_failure_at AS lastFailureAt, synced_at AS syncedAt
         FROM sources ORDER BY business_id, id`,
      )
      .all()
      .map((row) => ({ ...row, paused: row.paused === 1 }));
  } finally {
    client.close();
  }
}
