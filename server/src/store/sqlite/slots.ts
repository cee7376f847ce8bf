import type { Skip } from '../../domain/unreplied.ts';
import type { SlotClock, SlotOf, SlotRecord } from '../../ports/digest-store.ts';
import type { Millis } from '../../ports/types.ts';
import type { Db } from './database.ts';

/**
 * A clock that runs days ahead records the slots of those days as missed. Once it is set right they are yet to come,
 * and would never run.
 */
const SKIPPED_AHEAD_OF_TIME = `slots.status = 'skipped' AND slots.recorded_at > :now`;

export const slotClocks = (db: Db, now: Millis): SlotClock[] =>
  db
    .sql<SlotClock>(
      `SELECT id AS businessId, time_zone AS timeZone, created_at AS createdAt,
         (SELECT max(at) FROM slots
          WHERE business_id = b.id AND at <= :now AND NOT (${SKIPPED_AHEAD_OF_TIME})) AS lastSlotAt
       FROM businesses b ORDER BY id`,
    )
    .all({ now });

const INSERT = `INSERT INTO slots (business_id, date, time, time_zone, at, status, reason, recorded_at)
  VALUES (:businessId, :date, :time, :timeZone, :at, :status, :reason, :now)`;

const record = (
  db: Db,
  insert: string,
  slotOf: SlotOf,
  status: string,
  reason: string | null,
  now: Millis,
): boolean => {
  const { businessId, timeZone, slot } = slotOf;
  return db.sql(insert).run({ businessId, timeZone, ...slot, status, reason, now }).changes > 0;
};

export const claimSlot = (db: Db, slot: SlotOf, now: Millis, evenIfSkipped: boolean): boolean =>
  record(
    db,
    `${INSERT} ON CONFLICT DO UPDATE SET status = 'running', reason = NULL, recorded_at = excluded.recorded_at
     WHERE ${evenIfSkipped ? 'slots.reason IS NOT NULL' : SKIPPED_AHEAD_OF_TIME}`,
    slot,
    'running',
    null,
    now,
  );

export const skipSlot = (db: Db, slot: SlotOf, reason: string, now: Millis): boolean =>
  record(db, `${INSERT} ON CONFLICT DO NOTHING`, slot, 'skipped', reason, now);

export const slotRecord = (db: Db, { businessId, timeZone, slot }: SlotOf): SlotRecord | null =>
  db
    .sql<SlotRecord>(
      `SELECT status, reason, recorded_at AS recordedAt FROM slots
       WHERE business_id = ? AND date = ? AND time = ? AND time_zone = ?`,
    )
    .get(businessId, slot.date, slot.time, timeZone) ?? null;

/** The number of a recorded slot, and whether it is still to be frozen. */
export function slotRow(db: Db, { businessId, timeZone, slot }: SlotOf): { key: number; running: boolean } | null {
  const row = db
    .sql<{ key: number; status: string }>(
      'SELECT key, status FROM slots WHERE business_id = ? AND date = ? AND time = ? AND time_zone = ?',
    )
    .get(businessId, slot.date, slot.time, timeZone);
  return row === undefined ? null : { key: row.key, running: row.status === 'running' };
}

export const runningSlots = (db: Db): (SlotOf & { claimedAt: Millis })[] =>
  db
    .sql<{ businessId: string; timeZone: string; date: string; time: string; at: Millis; claimedAt: Millis }>(
      `SELECT business_id AS businessId, time_zone AS timeZone, date, time, at,
         recorded_at AS claimedAt FROM slots
       WHERE status = 'running' ORDER BY at, key`,
    )
    .all()
    .map(({ businessId, timeZone, claimedAt, ...slot }) => ({ businessId, timeZone, claimedAt, slot }));

export const finishSlot = (db: Db, slotKey: number, skipped: readonly Skip[], now: Millis): void => {
  db.sql("UPDATE slots SET status = 'done', skipped = ?, recorded_at = ? WHERE key = ? AND status = 'running'").run(
    JSON.stringify(skipped),
    now,
    slotKey,
  );
};

/** What was frozen of it is sent all the same; the rest waits for the next slot. */
export function abandonSlot(db: Db, slot: SlotOf, reason: string, now: Millis): void {
  const row = slotRow(db, slot);
  if (row?.running) {
    db.sql("UPDATE slots SET status = 'done', reason = ?, recorded_at = ? WHERE key = ?").run(reason, now, row.key);
  }
}
