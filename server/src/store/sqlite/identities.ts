import type { Customer, Person } from '@converso/shared';
import {
  customerFrom,
  displayChanged,
  type IdentityFacts,
  senderBecomesContact,
  UNKNOWN_IDENTITY,
  withSender,
} from '../../domain/contacts.ts';
import type { Db } from './database.ts';
import type { UnitOfWork } from './unit-of-work.ts';

/** How a customer is recognised. */
export type Recognised = Pick<Person, 'address' | 'guestId'>;

interface Row {
  isContact: number;
  savedName: string | null;
  savedAt: number | null;
  savedBy: string | null;
  senderName: string | null;
  senderAt: number | null;
}

/** What is stored of one identity; `savedBy` is the id of the event that saved the name. */
export type StoredIdentity = IdentityFacts & Pick<Row, 'savedBy'>;

/** One identity, as the key of its row. */
export type Part = readonly [kind: 'address' | 'guest', value: string];

/** The identities of a customer, one by one. */
export const partsOf = ({ address, guestId }: Recognised): Part[] => [
  ...(address === undefined ? [] : [['address', address] as const]),
  ...(guestId === undefined ? [] : [['guest', guestId] as const]),
];

/** What is stored of one identity, if anything. */
export function storedIdentity(db: Db, businessId: string, [kind, value]: Part): StoredIdentity | null {
  const row = db
    .sql<Row>(
      `SELECT is_contact AS isContact, saved_name AS savedName, saved_at AS savedAt, saved_by AS savedBy,
         sender_name AS senderName, sender_at AS senderAt FROM identities WHERE business_id = ? AND kind = ? AND value = ?`,
    )
    .get(businessId, kind, value);
  return row === undefined ? null : { ...row, isContact: row.isContact === 1 };
}

/** The customer with these identities, as agents see them. */
export const customerOf = (db: Db, businessId: string, identity: Recognised): Customer =>
  customerFrom(
    identity.address ?? null,
    partsOf(identity).flatMap((part) => storedIdentity(db, businessId, part) ?? []),
  );

/**
 * Stores what an event says of its customer.
 * @param channel of the conversation, if the event is a message of the customer; otherwise null
 * @returns whether the customer is shown differently from now on, also where only one of these identities is known
 */
export function saveSender(work: UnitOfWork, person: Person, at: number, channel: string | null): boolean {
  const { db, businessId } = work;
  const becomesContact = channel !== null && senderBecomesContact(channel);
  let changed = false;
  for (const part of partsOf(person)) {
    const known = storedIdentity(db, businessId, part);
    const before = known ?? UNKNOWN_IDENTITY;
    const after = withSender(before, person.name, at, becomesContact);
    if (known === null || after !== known) writeSender(work, part, after);
    if (displayChanged(before, after)) changed = true;
  }
  return changed;
}

const writeSender = ({ db, businessId }: UnitOfWork, [kind, value]: Part, facts: IdentityFacts): void => {
  db.sql(
    `INSERT INTO identities (business_id, kind, value, is_contact, sender_name, sender_at) VALUES (?, ?, ?, ?, ?, ?)
     ON CONFLICT DO UPDATE SET is_contact = excluded.is_contact, sender_name = excluded.sender_name,
       sender_at = excluded.sender_at`,
  ).run(businessId, kind, value, facts.isContact ? 1 : 0, facts.senderName, facts.senderAt);
};
