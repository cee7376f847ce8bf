/** Which customers are contacts, and by which name they are shown. */
import { type Customer, hasVisibleCharacter } from '@converso/shared';

/** What is known of a customer by one address or one guest id. Times are epoch milliseconds. */
export interface IdentityFacts {
  isContact: boolean;
  /** The name from `contact.saved`. */
  savedName: string | null;
  savedAt: number | null;
  /** The name from the customer's own messages. */
  senderName: string | null;
  senderAt: number | null;
}

/** An identity that was not seen before. */
export const UNKNOWN_IDENTITY: IdentityFacts = {
  isContact: false,
  savedName: null,
  savedAt: null,
  senderName: null,
  senderAt: null,
};

/** Customers who write on these channels become contacts without being saved. */
const CONTACT_CHANNELS: readonly string[] = ['whatsapp', 'sms'];

/** Whether a customer who writes on a channel becomes a contact. */
export const senderBecomesContact = (channel: string): boolean => CONTACT_CHANNELS.includes(channel);

/**
 * The facts after an event about the customer; the same object if nothing changed. The name that was sent last stays. Of
 * two names sent at the same time it is the one that sorts last, so that the order of arrival does not matter.
 * @param name what the customer is called in the event, if anything
 * @param at when the event happened
 */
export function withSender(
  facts: IdentityFacts,
  name: string | undefined,
  at: number,
  becomesContact: boolean,
): IdentityFacts {
  const isContact = becomesContact || facts.isContact;
  const { senderName, senderAt } = facts;
  const isLater =
    senderAt === null || at > senderAt || (at === senderAt && name !== undefined && name > (senderName ?? ''));
  if (name !== undefined && isLater) return { ...facts, isContact, senderName: name, senderAt: at };
  return isContact === facts.isContact ? facts : { ...facts, isContact };
}

/** Whether agents see the customer differently after a change of the facts. */
export const displayChanged = (before: IdentityFacts, after: IdentityFacts): boolean =>
  before.isContact !== after.isContact || before.senderName !== after.senderName;

/** Stores of older versions hold names without a visible character; such a name does not count. */
const isName = (name: string | null): boolean => name !== null && hasVisibleCharacter(name);

/**
 * The customer as agents see them. A saved name wins over a sent one, and a later saved name over an earlier one.
 * @param known the facts of every identity of the customer
 */
export function customerFrom(address: string | null, known: readonly IdentityFacts[]): Customer {
  const latestFirst = known.toSorted((a, b) => (b.savedAt ?? 0) - (a.savedAt ?? 0));
  const saved = latestFirst.find(({ savedName }) => isName(savedName));
  const sent = known.find(({ senderName }) => isName(senderName));
  return {
    kind: known.some(({ isContact }) => isContact) ? 'contact' : 'guest',
    name: saved?.savedName ?? sent?.senderName ?? null,
    address,
  };
}
