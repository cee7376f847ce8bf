import type { ConversationEvent } from '@converso/shared';
import type { Entry } from '../../domain/entry.ts';
import { entryOf, personOf } from '../../domain/entry-of.ts';
import { applyEntries } from './apply.ts';
import { restampCustomer } from './contacts.ts';
import { conversationById, newConversation } from './conversations.ts';
import { noteSender } from './identities.ts';
import { keepForLater, takePending } from './pending.ts';
import type { Refusal, Work } from './work.ts';

/** Applies an event about a conversation; returns why it is refused, or null. */
export function ingestConversationEvent(work: Work, event: ConversationEvent, eventId: string): Refusal | null {
  const { db, businessId, now } = work;
  const { id, groupId, channel } = event.data.conversation;
  const group = groupId === undefined ? null : db.directory.group(businessId, groupId);
  if (groupId !== undefined && !group?.active) {
    return { field: 'data.conversation.groupId', message: 'is not a group of this business' };
  }
  const entry = entryOf(event, eventId, now);
  const assigned = assignsTo(entry);
  if (assigned !== null && !db.directory.agent(businessId, assigned)?.active) {
    return { field: 'data.assignee.agentId', message: 'is not an active agent of this business' };
  }

  const person = personOf(event);
  const received = event.type === 'message.received' ? event.data.conversation : null;
  const known = conversationById(db, businessId, id);
  // A conversation runs over one channel, whatever a later event calls it; whether its sender is a contact hangs on that.
  const over = received && { channel: known?.channel ?? received.channel };
  const renamed = person !== undefined && noteSender(work, person, entry.at, over);
  let applied: number | null = null;
  if (known !== null) {
    applied = applyEntries(work, known, [entry]);
  } else if (groupId !== undefined && channel !== undefined) {
    const entries = [entry, ...takePending(work, id, entry.id)];
    applied = applyEntries(work, newConversation(id, channel, groupId), entries);
  } else {
    keepForLater(work, id, entry);
  }
  if (renamed) restampCustomer(work, person, applied);
  return null;
}

const assignsTo = (entry: Entry): string | null =>
  (entry.type === 'assigned' || entry.type === 'saved') && entry.assignee?.kind === 'agent'
    ? entry.assignee.agentId
    : null;
