import type { ConversationEvent, Person } from '@converso/shared';
import type { Entry } from '../../domain/entry.ts';
import { entryOf, personOf } from '../../domain/entry-of.ts';
import { originOf } from '../../domain/origin.ts';
import { applyEntries } from './apply.ts';
import { restampCustomer } from './contacts.ts';
import { conversationById, newConversation } from './conversations.ts';
import { noteSender } from './identities.ts';
import { keepForLater, takePending } from './pending.ts';
import type { Refusal, Work } from './work.ts';

/** An event that may be applied. */
export interface Prepared {
  conversationId: string;
  /** With both of them it can make the conversation. */
  groupId: string | undefined;
  channel: string | undefined;
  entry: Entry;
  /** The customer, if the event changes what they are called. */
  renamed: Person | null;
}

/** Applies an event about a conversation; returns why it is refused, or null. */
export function ingestConversationEvent(work: Work, event: ConversationEvent, eventId: string): Refusal | null {
  const prepared = prepareConversationEvent(work, event, eventId);
  if (!('entry' in prepared)) return prepared;
  applyPrepared(work, [prepared]);
  return null;
}

/**
 * Checks what an event names, and notes what it says of the customer.
 * @param imported it is history, however young: it alerts nobody
 */
export function prepareConversationEvent(
  work: Work,
  event: ConversationEvent,
  eventId: string,
  imported = false,
): Prepared | Refusal {
  const { db, businessId, now } = work;
  const { id, groupId, channel } = event.data.conversation;
  const group = groupId === undefined ? null : db.directory.group(businessId, groupId);
  if (groupId !== undefined && !group?.active) {
    return { field: 'data.conversation.groupId', message: 'is not a group of this business' };
  }
  const dated = entryOf(event, eventId, now);
  const entry = imported ? { ...dated, imported } : dated;
  const assigned = assignsTo(entry);
  if (assigned !== null && !db.directory.agent(businessId, assigned)?.active) {
    return { field: 'data.assignee.agentId', message: 'is not an active agent of this business' };
  }
  const person = personOf(event);
  const received = event.type === 'message.received' ? event.data.conversation : null;
  const known = conversationById(db, businessId, id);
  // A conversation runs over one channel, whatever a later event calls it; whether its sender is a contact hangs on that.
  const over = received && { channel: known?.channel ?? received.channel };
  const renamed = person !== undefined && noteSender(work, person, entry.at, over) ? person : null;
  return { conversationId: id, groupId, channel, entry, renamed };
}

/**
 * Applies events about one conversation in one plan.
 * @param source the short id of the source that they came from; null for our own API
 */
export function applyPrepared(work: Work, prepared: readonly Prepared[], source: string | null = null): void {
  const { conversationId: id } = prepared[0]!;
  const known = conversationById(work.db, work.businessId, id);
  const given = prepared.map(({ entry }) => entry);
  const making = prepared.find(({ groupId, channel }) => groupId !== undefined && channel !== undefined);
  let applied: number | null = null;
  if (known !== null) {
    applied = applyEntries(work, known, given);
  } else if (making?.groupId !== undefined && making.channel !== undefined) {
    const ids = new Set(given.map((entry) => entry.id));
    const before = takePending(work, id, making.entry.id).filter((entry) => !ids.has(entry.id));
    const made = newConversation(id, making.channel, making.groupId, originOf(id, source));
    applied = applyEntries(work, made, [...given, ...before]);
  } else {
    for (const entry of given) keepForLater(work, id, entry);
  }
  for (const { renamed } of prepared) if (renamed !== null) restampCustomer(work, renamed, applied);
}

const assignsTo = (entry: Entry): string | null =>
  (entry.type === 'assigned' || entry.type === 'saved') && entry.assignee?.kind === 'agent'
    ? entry.assignee.agentId
    : null;
