import type { Pruned, PruneStep } from '../../ports/retention-store.ts';
import type { Millis } from '../../ports/store.ts';
import type { Db } from './database.ts';

/** A row of a walk: its number in the table, by which the rows are sorted, and its age. */
export interface Walked {
  place: number;
  at: Millis;
}

/**
 * One step along rows that were written in the order of their time: it ends at the first that is too recent, so a
 * walk costs as much as there is to remove, however long the table.
 * @param rows at most `limit`, read only as far as they are wanted
 * @param remove removes those of the old rows that nobody needs; returns how many these were
 */
export function walkInTime<Row extends Walked>(
  rows: Iterable<Row>,
  { before, now, limit }: Pick<PruneStep, 'before' | 'now' | 'limit'>,
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
  return { removed, looked, next: over || looked < limit ? null : [passed.at(-1)!.place] };
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

/** Removes rows by their number; returns how many there were. */
export const removeRows = (db: Db, table: RowTable, rows: readonly { place: number }[]): number =>
  rows.length === 0
    ? 0
    : db
        .sql(`DELETE FROM ${table} WHERE rowid IN (SELECT value FROM json_each(?))`)
        .run(JSON.stringify(rows.map(({ place }) => place))).changes;
