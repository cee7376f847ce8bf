import type { PruneBatch, Pruned } from '../../ports/retention-store.ts';
import type { Millis } from '../../ports/types.ts';
import type { Db } from './database.ts';

/** A row that a sweep looks at. */
export interface SweptRow {
  /** Its number in the table; a sweep reads in this order. */
  row: number;
  /** What its age is measured by. */
  at: Millis;
}

/**
 * Prunes one batch of rows that were written in the order of their time. It stops at the first row that is too recent,
 * so a sweep costs as much as there is to remove, however long the table is.
 * @param rows at most `limit`; not read beyond the row where the batch stops
 * @param remove removes those of the old rows that nobody needs, and returns how many it removed
 * @returns `looked`, besides: how many rows the batch looked at
 */
export function sweepInTime<Row extends SweptRow>(
  rows: Iterable<Row>,
  { before, now, limit }: Pick<PruneBatch, 'before' | 'now' | 'limit'>,
  remove: (old: Row[]) => number,
): Pruned & { looked: number } {
  const passed: Row[] = [];
  let over = false;
  for (const row of rows) {
    over = row.at >= before && row.at <= now;
    if (over) break;
    passed.push(row);
  }
  const looked = passed.length;
  const removed = remove(passed.filter(({ at }) => at < before));
  return { removed, looked, next: over || looked < limit ? null : [passed.at(-1)!.row] };
}

type RowTable =
  | 'batches'
  | 'codes'
  | 'digest_messages'
  | 'digests'
  | 'pending_entries'
  | 'processed_events'
  | 'sessions'
  | 'slots';

/** Removes rows by their number; returns how many it removed. */
export const removeRows = (db: Db, table: RowTable, rows: readonly { row: number }[]): number =>
  rows.length === 0
    ? 0
    : db
        .sql(`DELETE FROM ${table} WHERE rowid IN (SELECT value FROM json_each(?))`)
        .run(JSON.stringify(rows.map(({ row }) => row))).changes;
