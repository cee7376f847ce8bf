import type { Customer, Person } from '@converso/shared';
import type { Db } from './database.ts';
import type { Work } from './work.ts';

/** How a customer is recognised. */
export type Recognised = Pick<Person, 'address' | 'guestId'>;

export interface IdentityRow {
  isContact: number;
  savedName: string | null;
  savedAt: number | null;
  savedBy: string | null;
  senderName: string | null;
}

/** The channels whose senders become contacts by themselves. */
const CONTACT_CHANNELS = new Set(['whatsapp', 'sms']);

/** One of the ways, as the key of a row. */
export type Part = readonly [kind: 'address' | 'guest', value: string];

export const partsOf = ({ address, guestId }: Recognised): Part[] => [
  ...(address === undefined ? [] : [['address', address] as const]),
  ...(guestId === undefined ? [] : [['guest', guestId] as const]),
];

export const identityRow = (db: Db, businessId: string, [kind, value]: Part): IdentityRow | undefined =>
  db
    .sql<IdentityRow>(
      `SELECT is_contact AS isContact, saved_name AS savedName, saved_at AS savedAt, saved_by AS savedBy,
         sender_name AS senderName FROM identities WHERE business_id = ? AND kind = ? AND value = ?`,
    )
    .get(businessId, kind, value);

/** Who a customer is to those who read: the name that was saved wins over the one they sent, the later saved one over the earlier. */
export function customerOf(db: Db, businessId: string, identity: Recognised): Customer {
  const rows = partsOf(identity).flatMap((part) => identityRow(db, businessId, part) ?? []);
  const saved = rows
    .toSorted((a, b) => (b.savedAt ?? 0) - (a.savedAt ?? 0))
    .find(({ savedName }) => savedName !== null);
  const sent = rows.find(({ senderName }) => senderName !== null);
  return {
    kind: rows.some(({ isContact }) => isContact === 1) ? 'contact' : 'guest',
    name: saved?.savedName ?? sent?.senderName ?? null,
    address: identity.address ?? null,
  };
}

/**
 * Notes what an event says of its customer. Of two names sent at the same moment the one that sorts last
 * stays, so that the order of arrival does not matter.
 * @returns whether the customer may look different now
 */
export function noteSender(work: Work, person: Person, at: number, received: { channel: string } | null): boolean {
  const { db, businessId } = work;
  const before = JSON.stringify(customerOf(db, businessId, person));
  const becomesContact = received !== null && CONTACT_CHANNELS.has(received.channel);
  for (const [kind, value] of partsOf(person)) {
    db.sql(
      `INSERT INTO identities (business_id, kind, value, is_contact) VALUES (?, ?, ?, ?)
       ON CONFLICT DO UPDATE SET is_contact = is_contact OR excluded.is_contact`,
    ).run(businessId, kind, value, becomesContact ? 1 : 0);
    if (person.name === undefined) continue;
    db.sql(
      `UPDATE identities SET sender_name = :name, sender_at = :at
       WHERE business_id = :businessId AND kind = :kind AND value = :value
         AND (sender_at IS NULL OR (sender_at, sender_name) < (:at, :name))`,
    ).run({ businessId, kind, value, name: person.name, at });
  }
  return JSON.stringify(customerOf(db, businessId, person)) !== before;
}
