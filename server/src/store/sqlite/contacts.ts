import type { IngestEvent } from '@converso/shared';
import { isNewer, type Stamp } from '../../domain/stamps.ts';
import { applyEvents } from './apply.ts';
import { conversationByKey } from './conversations.ts';
import { partsOf, type Recognised, storedIdentity } from './identities.ts';
import type { UnitOfWork } from './unit-of-work.ts';

type Contact = Extract<IngestEvent, { type: 'contact.saved' }>['data']['contact'];

/** Stores the name of a contact, unless a newer one is known, and shows it wherever the customer appears. */
export function saveContact(work: UnitOfWork, contact: Contact, stamp: Stamp): void {
  const { db, businessId } = work;
  for (const part of partsOf(contact)) {
    const row = storedIdentity(db, businessId, part);
    const known = row?.savedAt != null && { at: row.savedAt, removed: false, eventId: row.savedBy ?? '' };
    if (known && !isNewer(stamp, known)) continue;
    db.sql(
      `INSERT INTO identities (business_id, kind, value, is_contact, saved_name, saved_at, saved_by, email)
       VALUES (?, ?, ?, 1, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET is_contact = 1, saved_name = excluded.saved_name,
         saved_at = excluded.saved_at, saved_by = excluded.saved_by, email = coalesce(excluded.email, email)`,
    ).run(businessId, ...part, contact.name, stamp.at, stamp.eventId, contact.email ?? null);
  }
  refreshCustomer(work, contact);
}

/**
 * Refreshes the customer's name in all open notifications of the customer's conversations, and in the lists.
 * @param done key of a conversation that is refreshed already, if any
 */
export function refreshCustomer(work: UnitOfWork, customer: Recognised, done: number | null = null): void {
  const { db, businessId, affected } = work;
  const conversations = new Map<number, { groupKey: number; open: number }>();
  for (const [kind, value] of partsOf(customer)) {
    const rows = db
      .sql<{ key: number; groupKey: number; open: number }>(
        `SELECT key, group_key AS groupKey, EXISTS (SELECT 1 FROM notifications
           WHERE conversation_key = conversations.key AND ended = 0) AS open
         FROM conversations WHERE business_id = ? AND ${kind === 'address' ? 'address' : 'guest_id'} = ?`,
      )
      .all(businessId, value);
    for (const { key, ...row } of rows) conversations.set(key, row);
  }
  for (const [key, { groupKey, open }] of conversations) {
    affected.groups.add(groupKey);
    if (open === 1 && key !== done) applyEvents(work, conversationByKey(db, key), []);
  }
}
