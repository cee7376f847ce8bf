import type { ConversationEvent } from '@converso/shared';
import type { Entry } from '../../domain/entry.ts';
import { entryOf, personOf } from '../../domain/entry-of.ts';
import { applyEntries } from './apply.ts';
import { restampCustomer } from './contacts.ts';
import { conversationById, hasEntry, makeConversation } from './conversations.ts';
import { noteSender } from './identities.ts';
import { keepForLater, takePending } from './pending.ts';
import { activeAgent, groupById } from './people.ts';
import type { Refusal, Work } from './work.ts';

/** Applies an event about a conversation; returns why it is refused, or null. */
export function ingestConversationEvent(work: Work, event: ConversationEvent, eventId: string): Refusal | null {
  const { db, businessId, now } = work;
  const { id, groupId, channel } = event.data.conversation;
  const group = groupId === undefined ? null : groupById(db, businessId, groupId);
  if (groupId !== undefined && !group?.active) {
    return { field: 'data.conversation.groupId', message: 'is not a group of this business' };
  }
  const entry = entryOf(event, eventId, now);
  if (assignsTo(entry) !== null && activeAgent(db, businessId, assignsTo(entry)!) === null) {
    return { field: 'data.assignee.agentId', message: 'is not an active agent of this business' };
  }

  const person = personOf(event);
  const received = event.type === 'message.received' ? event.data.conversation : null;
  const known = conversationById(db, businessId, id);
  // A conversation runs over one channel, whatever a later event calls it; whether its sender is a contact hangs on that.
  const over = received && { channel: known?.channel ?? received.channel };
  const renamed = person !== undefined && noteSender(work, person, entry.at, over);
  if (known !== null) {
    if (!hasEntry(db, known.key, entry.id)) applyEntries(work, known, [entry]);
  } else if (groupId !== undefined && group !== null && channel !== undefined) {
    const made = makeConversation(work, { id, channel, groupId, groupKey: group.key });
    applyEntries(work, made, [entry, ...takePending(work, id, entry.id)]);
  } else {
    keepForLater(work, id, entry);
  }
  if (renamed) restampCustomer(work, person);
  return null;
}

const assignsTo = (entry: Entry): string | null =>
  entry.type === 'assigned' && entry.assignee?.kind === 'agent' ? entry.assignee.agentId : null;
