import { type Customer, hasVisibleCharacter, makesContacts, type Person } from '@converso/shared';
import type { Db } from './database.ts';
import type { UnitOfWork } from './unit-of-work.ts';

/** How a customer is recognised. */
export type Recognised = Pick<Person, 'address' | 'guestId'>;

export interface IdentityRow {
  isContact: number;
  savedName: string | null;
  savedAt: number | null;
  savedBy: string | null;
  senderName: string | null;
  senderAt: number | null;
}

const UNKNOWN: IdentityRow = {
  isContact: 0,
  savedName: null,
  savedAt: null,
  savedBy: null,
  senderName: null,
  senderAt: null,
};

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
         sender_name AS senderName, sender_at AS senderAt FROM identities WHERE business_id = ? AND kind = ? AND value = ?`,
    )
    .get(businessId, kind, value);

const rowsOf = (db: Db, businessId: string, identity: Recognised): IdentityRow[] =>
  partsOf(identity).flatMap((part) => identityRow(db, businessId, part) ?? []);

/** Who a customer is to those who read: the name that was saved wins over the one they sent, the later saved one over the earlier. */
export const customerOf = (db: Db, businessId: string, identity: Recognised): Customer =>
  customerFrom(identity, rowsOf(db, businessId, identity));

/** Files of older versions hold names of which nothing can be seen. */
const isName = (name: string | null): boolean => name !== null && hasVisibleCharacter(name);

function customerFrom({ address = null }: { address?: string | null | undefined }, rows: IdentityRow[]): Customer {
  const saved = rows.toSorted((a, b) => (b.savedAt ?? 0) - (a.savedAt ?? 0)).find(({ savedName }) => isName(savedName));
  const sent = rows.find(({ senderName }) => isName(senderName));
  return {
    kind: rows.some(({ isContact }) => isContact === 1) ? 'contact' : 'guest',
    name: saved?.savedName ?? sent?.senderName ?? null,
    address,
  };
}

/**
 * Notes what an event says of its customer.
 * @returns whether the customer may look different now, to those who know them by one part of what they are known by too
 */
export function noteSender(
  work: UnitOfWork,
  person: Person,
  at: number,
  received: { channel: string } | null,
): boolean {
  const { db, businessId } = work;
  const becomesContact = received !== null && makesContacts(received.channel);
  let looksDifferent = false;
  for (const part of partsOf(person)) {
    const known = identityRow(db, businessId, part);
    const before = known ?? UNKNOWN;
    const row = heard(before, person.name, at, becomesContact);
    if (known === undefined || row !== known) writeSender(work, part, row);
    if (row.isContact !== before.isContact || row.senderName !== before.senderName) looksDifferent = true;
  }
  return looksDifferent;
}

/**
 * What is known after one more event; the same row if nothing of it is new. Of two names sent at the same moment the
 * one that sorts last stays, so that the order of arrival does not matter.
 */
function heard(row: IdentityRow, name: string | undefined, at: number, becomesContact: boolean): IdentityRow {
  const isContact = becomesContact ? 1 : row.isContact;
  const { senderName, senderAt } = row;
  const isLater = senderAt === null || at > senderAt || (at === senderAt && name !== undefined && name > senderName!);
  if (name !== undefined && isLater) return { ...row, isContact, senderName: name, senderAt: at };
  return isContact === row.isContact ? row : { ...row, isContact };
}

const writeSender = ({ db, businessId }: UnitOfWork, [kind, value]: Part, row: IdentityRow): void => {
  db.sql(
    `INSERT INTO identities (business_id, kind, value, is_contact, sender_name, sender_at) VALUES (?, ?, ?, ?, ?, ?)
     ON CONFLICT DO UPDATE SET is_contact = excluded.is_contact, sender_name = excluded.sender_name,
       sender_at = excluded.sender_at`,
  ).run(businessId, kind, value, row.isContact, row.senderName, row.senderAt);
};
