import type { PrunedKind } from '../../domain/retention.ts';
import type { Place, Pruned, PruneStep } from '../../ports/retention-store.ts';
import type { Millis } from '../../ports/store.ts';
import type { Db } from './database.ts';
import { pruneDigests, pruneLedger, pruneSlots } from './prune-digests.ts';
import { pruneNotifications } from './prune-notifications.ts';
import { removeRows, walkInTime } from './walk.ts';

const PRUNERS: Record<PrunedKind, (db: Db, step: PruneStep) => Pruned> = {
  codes: (db, step) => pruneUnordered(db, 'codes', 'expires_at', step),
  pending: prunePending,
  sessions: (db, step) => pruneUnordered(db, 'sessions', 'last_used_at', step),
  events: pruneEvents,
  ledger: pruneLedger,
  digests: pruneDigests,
  slots: pruneSlots,
  notifications: pruneNotifications,
};

/** Takes one step of a walk. To run inside a transaction. */
export const prune = (db: Db, step: PruneStep): Pruned => PRUNERS[step.kind](db, step);

/** Webhook ids are written in the order of their arrival, so the oldest are the first rows. */
function pruneEvents(db: Db, step: PruneStep): Pruned {
  const rows = db
    .sql<{ place: number; at: Millis }>(
      'SELECT rowid AS place, at FROM processed_events WHERE rowid > ? ORDER BY rowid LIMIT ?',
    )
    .iterate(placeOf(step.after), step.limit);
  return walkInTime(rows, step, (old) => removeRows(db, 'processed_events', old));
}

/** Codes and sessions are few, and an older row may be the one in use, so each walk looks at all of them. */
function pruneUnordered(
  db: Db,
  table: 'codes' | 'sessions',
  column: 'expires_at' | 'last_used_at',
  { before, after, limit }: PruneStep,
): Pruned {
  const rows = db
    .sql<{ place: number; at: Millis }>(
      `SELECT rowid AS place, ${column} AS at FROM ${table} WHERE rowid > ? ORDER BY rowid LIMIT ?`,
    )
    .all(placeOf(after), limit);
  const removed = removeRows(
    db,
    table,
    rows.filter(({ at }) => at < before),
  );
  return { removed, next: rows.length < limit ? null : [rows.at(-1)!.place] };
}

/** These have an index by expiry, for they came in no order and may be many. */
function prunePending(db: Db, { before, limit }: PruneStep): Pruned {
  const rows = db
    .sql<{ place: number }>('SELECT rowid AS place FROM pending_entries WHERE expires_at < ? LIMIT ?')
    .all(before, limit);
  return { removed: removeRows(db, 'pending_entries', rows), next: rows.length < limit ? null : [] };
}

const placeOf = (after: Place | null): number => after?.[0] ?? 0;
