/** The conversation between a number of the business and a customer, and the events in it. Pure. */
import { digest, scoped } from '../ids.ts';
import { personRef } from '../person.ts';
import type { Context, PersonRef } from '../source.ts';
import { type Candidate, isoTime } from '../translation.ts';
import { wordsOf } from './content.ts';
import type { Message, Value } from './payload.ts';
import type { Customer } from './people.ts';
import type { MetaSettings } from './settings.ts';

/** A number of the business, with what a change says beside its items. */
export interface OwnNumber {
  /** Its id at Meta. */
  id: string;
  /** In digits, where the change has it. */
  phone: string | undefined;
  groupId: string;
  contacts: Value['contacts'];
  context: Context<MetaSettings>;
}

export interface Thread {
  /** With all that makes the conversation. */
  ref: { id: string; groupId: string; channel: 'whatsapp'; customer: Customer['person'] };
  person: PersonRef;
}

export function threadOf(customer: Customer | undefined, { id, groupId, context }: OwnNumber): Thread | undefined {
  if (customer === undefined) return undefined;
  const found = personRef(context.sourceId, id, customer.identifiers);
  if (found === undefined) return undefined;
  const { person, conversationId } = found;
  return { person, ref: { id: conversationId, groupId, channel: 'whatsapp', customer: customer.person } };
}

/** Meta dates everything, by the second; what comes undated is of now. */
export const timeOf = (
  { timestamp }: { timestamp?: number | undefined },
  { context }: OwnNumber,
): string | undefined =>
  timestamp === undefined ? isoTime(context.receivedAt) : isoTime(timestamp)?.replace('.000Z', 'Z');

/** Meta promises an id; without one, the same item gets the same id when it comes again. */
const idOf = ({ id, ...message }: Message, { context }: OwnNumber): string =>
  scoped(context.sourceId, id ?? digest(JSON.stringify(message)));

/** @param assignee who has the conversation as of `timestamp` */
export const state = (
  id: string,
  timestamp: string | undefined,
  { ref, person }: Thread,
  assignee: { assistant: true } | null,
): Candidate => ({
  id,
  person,
  event: { type: 'conversation.saved', timestamp, data: { conversation: ref, status: 'open', assignee } },
});

export function received(message: Message, { ref, person }: Thread, number: OwnNumber): Candidate {
  const id = idOf(message, number);
  const data = { conversation: ref, from: ref.customer, message: { id, ...wordsOf(message) } };
  return { id, person, event: { type: 'message.received', timestamp: timeOf(message, number), data } };
}

export function sent(
  message: Message,
  by: { person: true } | { assistant: true },
  { ref, person }: Thread,
  number: OwnNumber,
): Candidate {
  const id = idOf(message, number);
  const { text, attachments } = wordsOf(message);
  // What we send has no attachments in our events, so they stand in the text.
  const named = text || attachments.map(({ type, name }) => name ?? type).join(', ');
  const data = { conversation: ref, by, message: { id, text: named } };
  return { id, person, event: { type: 'message.sent', timestamp: timeOf(message, number), data } };
}
