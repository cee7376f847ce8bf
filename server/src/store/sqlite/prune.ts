import type { PrunedKind } from '../../domain/retention.ts';
import type { PruneBatch, Pruned, SweepCursor } from '../../ports/retention-store.ts';
import type { Millis } from '../../ports/types.ts';
import type { Db } from './database.ts';
import { pruneDigests, pruneLedger, pruneSlots } from './prune-digests.ts';
import { pruneNotifications } from './prune-notifications.ts';
import { removeRows, sweepInTime } from './sweep.ts';

const PRUNERS: Record<PrunedKind, (db: Db, batch: PruneBatch) => Pruned> = {
  codes: (db, batch) => pruneUnordered(db, 'codes', 'expires_at', batch),
  pending: prunePending,
  sessions: (db, batch) => pruneUnordered(db, 'sessions', 'last_used_at', batch),
  events: pruneEvents,
  ledger: pruneLedger,
  digests: pruneDigests,
  slots: pruneSlots,
  notifications: pruneNotifications,
};

/** Prunes one batch of a sweep. To run inside a transaction. */
export const prune = (db: Db, batch: PruneBatch): Pruned => PRUNERS[batch.kind](db, batch);

/** Webhook ids are stored in the order of their arrival, so the oldest ids are the first rows. */
function pruneEvents(db: Db, batch: PruneBatch): Pruned {
  const rows = db
    .sql<{ row: number; at: Millis }>(
      'SELECT rowid AS row, at FROM processed_events WHERE rowid > ? ORDER BY rowid LIMIT ?',
    )
    .iterate(rowOf(batch.after), batch.limit);
  return sweepInTime(rows, batch, (old) => removeRows(db, 'processed_events', old));
}

/** Codes and sessions are few, and an old row may still be in use, so each sweep looks at all of them. */
function pruneUnordered(
  db: Db,
  table: 'codes' | 'sessions',
  column: 'expires_at' | 'last_used_at',
  { before, after, limit }: PruneBatch,
): Pruned {
  const rows = db
    .sql<{ row: number; at: Millis }>(
      `SELECT rowid AS row, ${column} AS at FROM ${table} WHERE rowid > ? ORDER BY rowid LIMIT ?`,
    )
    .all(rowOf(after), limit);
  const removed = removeRows(
    db,
    table,
    rows.filter(({ at }) => at < before),
  );
  return { removed, next: rows.length < limit ? null : [rows.at(-1)!.row] };
}

/** Pending events are in no order and may be many, so they have an index by expiry. */
function prunePending(db: Db, { before, limit }: PruneBatch): Pruned {
  const rows = db
    .sql<{ row: number }>('SELECT rowid AS row FROM pending_entries WHERE expires_at < ? LIMIT ?')
    .all(before, limit);
  return { removed: removeRows(db, 'pending_entries', rows), next: rows.length < limit ? null : [] };
}

const rowOf = (after: SweepCursor | null): number => after?.[0] ?? 0;
