/** How the records of scheduled emails go: first the ledger's rows, then emails and batches, then slots. */
import type { ConversationState } from '../../domain/conversation.ts';
import { mayBecomeDue } from '../../domain/retention.ts';
import type { Pruned, PruneStep } from '../../ports/retention-store.ts';
import type { Millis } from '../../ports/store.ts';
import type { Db } from './database.ts';
import { removeRows, type Walked, walkInTime } from './walk.ts';

interface LedgerRow extends Walked {
  messageId: string;
  status: string;
  state: string;
}

/** Forgets that a message was emailed once it can never be due again. */
export function pruneLedger(db: Db, step: PruneStep): Pruned {
  const rows = db
    .sql<LedgerRow>(
      `SELECT m.rowid AS place, d.created_at AS at, d.status, m.message_id AS messageId, c.state
       FROM digest_messages m JOIN digests d ON d.key = m.digest_key JOIN conversations c ON c.key = m.conversation_key
       WHERE m.rowid > ? ORDER BY m.rowid LIMIT ?`,
    )
    .iterate(step.after?.[0] ?? 0, step.limit);
  return walkInTime(rows, step, (old) =>
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

interface DigestRow extends Walked {
  batchId: string;
  status: string;
  ledgered: number;
}

/** Removes emails that the ledger needs no more, and batches of which no email is left. */
export function pruneDigests(db: Db, step: PruneStep): Pruned {
  const rows = db
    .sql<DigestRow>(
      `SELECT key AS place, created_at AS at, batch_id AS batchId, status,
         EXISTS (SELECT 1 FROM digest_messages WHERE digest_key = digests.key) AS ledgered
       FROM digests WHERE key > ? ORDER BY key LIMIT ?`,
    )
    .iterate(step.after?.[0] ?? 0, step.limit);
  return walkInTime(rows, step, (old) => {
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

interface SlotRow extends Walked {
  status: string;
  recordedAt: Millis;
  emailed: number;
}

/** Removes slots of which no email is left. One that the operator ran long after its time is kept from then on. */
export function pruneSlots(db: Db, step: PruneStep): Pruned {
  const rows = db
    .sql<SlotRow>(
      `SELECT key AS place, at, status, recorded_at AS recordedAt,
         EXISTS (SELECT 1 FROM digests WHERE slot_key = slots.key) AS emailed
       FROM slots WHERE key > ? ORDER BY key LIMIT ?`,
    )
    .iterate(step.after?.[0] ?? 0, step.limit);
  return walkInTime(rows, step, (old) =>
    removeRows(
      db,
      'slots',
      old.filter(
        ({ status, recordedAt, emailed }) => status !== 'running' && recordedAt < step.before && emailed === 0,
      ),
    ),
  );
}
