import { randomUUID } from 'node:crypto';
import { withinCeiling } from '../../domain/email-ceiling.ts';
import type { DigestPlan } from '../../domain/unreplied.ts';
import {
  type BatchTry,
  type Freeze,
  type Frozen,
  type FrozenEmail,
  type GivenUp,
  type LeasedBatch,
  MAX_DEFER,
  type SlotOf,
} from '../../ports/digest-store.ts';
import { type EmailResult, REPEATING, type Transport } from '../../ports/mail.ts';
import type { Millis } from '../../ports/types.ts';
import type { Db } from './database.ts';
import { type SlotKeys, slotFacts } from './slot-facts.ts';
import { finishSlot, slotRow } from './slots.ts';

/**
 * Freezes the next emails of a slot: finds out what is due now, and writes the final emails of the next agents and the
 * ledger. An agent who has an email of this slot gets no second one.
 */
export function freezeBatch(db: Db, freeze: Freeze): Frozen {
  const { slot, now, at, unrepliedAfter, limit, perBatch, ceiling, plan, compose } = freeze;
  const row = slotRow(db, slot);
  if (!row?.running) return { outcome: 'finished', skipped: [] };
  const { keys, ...facts } = slotFacts(db, slot.businessId);
  const due = plan({ ...facts, alreadySent: alreadySentBy(db, row.key) }, at, unrepliedAfter);
  const { digests, skipped } = withinCeiling(due, ceiling - emailsOn(db, slot.businessId, slot.slot.date));
  const next = digests.slice(0, limit);
  if (next.length === 0) {
    finishSlot(db, row.key, skipped, now);
    return { outcome: 'finished', skipped };
  }
  for (let from = 0; from < next.length; from += perBatch) {
    writeBatch(db, row.key, keys, next.slice(from, from + perBatch), { now, compose });
  }
  return { outcome: 'frozen', digests: next };
}

function writeBatch(
  db: Db,
  slotKey: number,
  keys: SlotKeys,
  plans: readonly DigestPlan[],
  { now, compose }: Pick<Freeze, 'now' | 'compose'>,
): void {
  const batchId = `digest-${randomUUID()}`;
  db.sql("INSERT INTO batches (id, emails, status, not_before, created_at) VALUES (?, ?, 'frozen', ?, ?)").run(
    batchId,
    JSON.stringify(plans.map(compose)),
    now,
    now,
  );
  plans.forEach((digest, position) => {
    writeDigest(db, slotKey, keys, digest, { batchId, position, now });
  });
}

/** How many emails the slots of a date have, refused ones left out: those reached nobody. */
export const emailsOn = (db: Db, businessId: string, date: string): number =>
  db
    .sql<number>(
      `SELECT count(*) FROM slots s JOIN digests d ON d.slot_key = s.key
       WHERE s.business_id = ? AND s.date = ? AND d.status <> 'failed'`,
    )
    .pluck()
    .get(businessId, date) ?? 0;

/** Ids of the agents who have an email of the slot. */
const alreadySentBy = (db: Db, slotKey: number): Set<string> =>
  new Set(
    db
      .sql<string>('SELECT a.id FROM digests d JOIN agents a ON a.key = d.agent_key WHERE d.slot_key = ?')
      .pluck()
      .all(slotKey),
  );

function writeDigest(
  db: Db,
  slotKey: number,
  keys: SlotKeys,
  { agent, conversations }: DigestPlan,
  { batchId, position, now }: { batchId: string; position: number; now: Millis },
): void {
  const agentKey = keys.agents.get(agent.id)!;
  const { lastInsertRowid } = db
    .sql(
      `INSERT INTO digests (slot_key, agent_key, batch_id, position, status, created_at) VALUES (?, ?, ?, ?, 'frozen', ?)`,
    )
    .run(slotKey, agentKey, batchId, position, now);
  const ledger = db.sql(
    'INSERT INTO digest_messages (agent_key, conversation_key, message_id, digest_key) VALUES (?, ?, ?, ?)',
  );
  for (const { id, latest } of conversations) {
    ledger.run(agentKey, keys.conversations.get(id)!, latest!.id, Number(lastInsertRowid));
  }
}

/**
 * Leases the next batch to this process alone, and counts the attempt before it is made. `sent_by` is null for batches
 * that a version without SMTP began to send.
 */
export function leaseBatch(db: Db, now: Millis, lease: Millis, transport: Transport): LeasedBatch | null {
  const row = db
    .sql<{ id: string; emails: string; attempts: number; firstAttemptAt: Millis | null }>(
      `SELECT id, emails, attempts, first_attempt_at AS firstAttemptAt FROM batches
       WHERE status = 'frozen' AND (not_before <= ? OR not_before > ?)
         AND (first_attempt_at IS NULL OR (? AND coalesce(sent_by, ?) = ?)) ORDER BY created_at, id LIMIT 1`,
    )
    .get(now, now + MAX_DEFER, REPEATING.includes(transport) ? 1 : 0, transport, transport);
  if (row === undefined) return null;
  db.sql(
    `UPDATE batches SET attempts = attempts + 1, first_attempt_at = coalesce(first_attempt_at, ?), not_before = ?,
       sent_by = ?
     WHERE id = ?`,
  ).run(now, now + lease, transport, row.id);
  const { id, emails, attempts, firstAttemptAt } = row;
  return { id, attempts, firstAttempt: firstAttemptAt === null, emails: JSON.parse(emails) as FrozenEmail[] };
}

/**
 * Ends batches that are too old to be tried again. A batch that was tried becomes `unknown`: it may have been sent. A
 * batch whose first attempt lies in the future becomes `unknown` too, because the clock was set back and its age cannot
 * be told. A batch that the mail service never accepted was not sent.
 */
export function giveUpBatches(db: Db, now: Millis, repeatFor: Millis): GivenUp {
  const end = (condition: string, values: Millis[], ending: (batchId: string) => number): number =>
    db
      .sql<string>(`SELECT id FROM batches WHERE status = 'frozen' AND ${condition}`)
      .pluck()
      .all(...values)
      .reduce((emails, id) => emails + ending(id), 0);
  // By SMTP nothing is tried twice: the process that tried it is gone, or it stood still until its lease was over.
  const tried = `(first_attempt_at < ? OR first_attempt_at > ?
    OR (first_attempt_at IS NOT NULL AND sent_by = 'smtp' AND not_before <= ?))`;
  const unknown = end(tried, [now - repeatFor, now + MAX_DEFER, now], (id) => {
    db.sql("UPDATE batches SET status = 'unknown', emails = NULL WHERE id = ?").run(id);
    return db.sql("UPDATE digests SET status = 'unknown' WHERE batch_id = ?").run(id).changes;
  });
  const neverAccepted = end('first_attempt_at IS NULL AND created_at < ?', [now - repeatFor], (id) => {
    db.sql("UPDATE batches SET status = 'settled', emails = NULL WHERE id = ?").run(id);
    db.sql('DELETE FROM digest_messages WHERE digest_key IN (SELECT key FROM digests WHERE batch_id = ?)').run(id);
    return db.sql("UPDATE digests SET status = 'failed', reason = 'never taken' WHERE batch_id = ?").run(id).changes;
  });
  return { unknown, neverAccepted };
}

/** Holds only for the latest try: `leaseBatch` counts tries, so a later lease makes an earlier one ineffective. */
const OF_THIS_TRY = "id = ? AND status = 'frozen' AND attempts = ? + 1";

export function settleBatch(db: Db, { id: batchId, attempts }: BatchTry, results: readonly EmailResult[]): boolean {
  const { changes } = db
    .sql(`UPDATE batches SET status = 'settled', emails = NULL WHERE ${OF_THIS_TRY}`)
    .run(batchId, attempts);
  if (changes === 0) return false;
  results.forEach((result, position) => {
    const reason = result.outcome === 'sent' ? null : result.reason;
    const { key } = db
      .sql<{ key: number }>(
        'UPDATE digests SET status = ?, reason = ? WHERE batch_id = ? AND position = ? RETURNING key',
      )
      .get(result.outcome, reason, batchId, position)!;
    // A refused email reached nobody, so its messages may be emailed again.
    if (result.outcome === 'failed') db.sql('DELETE FROM digest_messages WHERE digest_key = ?').run(key);
  });
  return true;
}

export const deferBatch = (db: Db, { id, attempts }: BatchTry, notBefore: Millis, neverAccepted: boolean): boolean =>
  db
    .sql(
      `UPDATE batches SET not_before = ?, first_attempt_at = CASE WHEN ? THEN NULL ELSE first_attempt_at END
       WHERE ${OF_THIS_TRY}`,
    )
    .run(notBefore, neverAccepted ? 1 : 0, id, attempts).changes > 0;

export function batchesWaiting(db: Db, slot?: SlotOf): number {
  if (slot === undefined)
    return db.sql<number>("SELECT count(*) FROM batches WHERE status = 'frozen'").pluck().get() ?? 0;
  const ofSlot = db.sql<number>(
    `SELECT count(*) FROM batches WHERE status = 'frozen' AND id IN (SELECT batch_id FROM digests WHERE slot_key = ?)`,
  );
  return ofSlot.pluck().get(slotRow(db, slot)?.key) ?? 0;
}

export const suppressMail = (
  db: Db,
  emailKey: string,
  reason: string,
): { agents: { businessId: string; agentId: string }[] } => ({
  agents: db
    .sql<{ businessId: string; agentId: string }>(
      `UPDATE agents SET mail_suppressed = ? WHERE email_key = ?
       RETURNING business_id AS businessId, id AS agentId`,
    )
    .all(reason, emailKey),
});

export const allowMail = (db: Db, businessId: string, agentId: string): boolean =>
  db.sql('UPDATE agents SET mail_suppressed = NULL WHERE business_id = ? AND id = ?').run(businessId, agentId).changes >
  0;
