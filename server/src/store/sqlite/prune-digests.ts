/** Prunes the records of scheduled emails: first the ledger, then emails and their batches, then slots. */
import type { ConversationState } from '../../domain/conversation.ts';
import { mayBecomeDue } from '../../domain/retention.ts';
import type { PruneBatch, Pruned } from '../../ports/retention-store.ts';
import type { Millis } from '../../ports/types.ts';
import type { Db } from './database.ts';
import { removeRows, type SweptRow, sweepInTime } from './sweep.ts';

interface LedgerRow extends SweptRow {
  messageId: string;
  status: string;
  state: string;
}

/** Removes the ledger's row of a message once the message can never be due again. */
export function pruneLedger(db: Db, batch: PruneBatch): Pruned {
  const rows = db
    .sql<LedgerRow>(
      `SELECT m.rowid AS row, d.created_at AS at, d.status, m.message_id AS messageId, c.state
       FROM digest_messages m JOIN digests d ON d.key = m.digest_key JOIN conversations c ON c.key = m.conversation_key
       WHERE m.rowid > ? ORDER BY m.rowid LIMIT ?`,
    )
    .iterate(batch.after?.[0] ?? 0, batch.limit);
  return sweepInTime(rows, batch, (old) =>
    removeRows(
      db,
      'digest_messages',
      old.filter(
        ({ status, state, messageId }) =>
          status !== 'frozen' && !mayBecomeDue(JSON.parse(state) as ConversationState, messageId),
      ),
    ),
  );
}

interface DigestRow extends SweptRow {
  batchId: string;
  status: string;
  ledgered: number;
}

/** Removes emails that no row of the ledger names, and batches that have no email left. */
export function pruneDigests(db: Db, batch: PruneBatch): Pruned {
  const rows = db
    .sql<DigestRow>(
      `SELECT key AS row, created_at AS at, batch_id AS batchId, status,
         EXISTS (SELECT 1 FROM digest_messages WHERE digest_key = digests.key) AS ledgered
       FROM digests WHERE key > ? ORDER BY key LIMIT ?`,
    )
    .iterate(batch.after?.[0] ?? 0, batch.limit);
  return sweepInTime(rows, batch, (old) => {
    const over = old.filter(({ status, ledgered }) => status !== 'frozen' && ledgered === 0);
    const removed = removeRows(db, 'digests', over);
    for (const batchId of new Set(over.map(({ batchId }) => batchId))) {
      db.sql('DELETE FROM batches WHERE id = ? AND NOT EXISTS (SELECT 1 FROM digests WHERE batch_id = batches.id)').run(
        batchId,
      );
    }
    return removed;
  });
}

interface SlotRow extends SweptRow {
  status: string;
  recordedAt: Millis;
  emailed: number;
}

/** Removes slots that have no email left. The age of a slot that the operator ran late counts from that run. */
export function pruneSlots(db: Db, batch: PruneBatch): Pruned {
  const rows = db
    .sql<SlotRow>(
      `SELECT key AS row, at, status, recorded_at AS recordedAt,
         EXISTS (SELECT 1 FROM digests WHERE slot_key = slots.key) AS emailed
       FROM slots WHERE key > ? ORDER BY key LIMIT ?`,
    )
    .iterate(batch.after?.[0] ?? 0, batch.limit);
  return sweepInTime(rows, batch, (old) =>
    removeRows(
      db,
      'slots',
      old.filter(
        ({ status, recordedAt, emailed }) => status !== 'running' && recordedAt < batch.before && emailed === 0,
      ),
    ),
  );
}
