/** Who a WhatsApp customer is: a phone number, a BSUID, or both. Pure. */
import { isBsuid } from '../bsuid.ts';
import { shortId } from '../ids.ts';
import type { Contact } from './payload.ts';

export interface Customer {
  /** Preferred first. */
  identifiers: string[];
  /** As an event names them. */
  person: { address?: string; guestId?: string; name?: string };
}

/**
 * @param phone digits without a plus, where the person lets businesses see it
 * @param userId their BSUID, where the request has it
 * @returns undefined if there is neither
 */
export function customerOf(phone: string | undefined, userId: string | undefined, name?: string): Customer | undefined {
  const bsuid = userId !== undefined && isBsuid(userId) ? userId : undefined;
  const digits = phone !== undefined && /^\d{1,20}$/.test(phone) ? phone : undefined;
  // A field for a phone number that holds something else still names the person.
  const other = digits === undefined && bsuid === undefined ? phone || userId || undefined : undefined;
  const identifiers = [bsuid, digits, other].filter((identifier) => identifier !== undefined);
  if (identifiers.length === 0) return undefined;
  const guestId = bsuid ?? other;
  return {
    identifiers,
    person: {
      ...(digits === undefined ? {} : { address: `+${digits}` }),
      ...(guestId === undefined ? {} : { guestId: shortId(guestId) }),
      ...(name === undefined ? {} : { name }),
    },
  };
}

/** The contact a message is from: a request of several messages may have several. */
export function contactOf(
  contacts: readonly Contact[],
  from: string | undefined,
  userId: string | undefined,
): Contact | undefined {
  const same = contacts.find(
    ({ wa_id, user_id }) => (from !== undefined && wa_id === from) || (userId !== undefined && user_id === userId),
  );
  return same ?? (contacts.length === 1 && from === undefined && userId === undefined ? contacts[0] : undefined);
}
