import type { ConversationEvent, Person } from '@converso/shared';
import { originOf } from '../../domain/origin.ts';
import type { TimelineEvent } from '../../domain/timeline-event.ts';
import { personOf, timelineEventOf } from '../../domain/timeline-event-of.ts';
import { applyEvents } from './apply.ts';
import { refreshCustomer } from './contacts.ts';
import { conversationById, newConversation } from './conversations.ts';
import { saveSender } from './identities.ts';
import { keepForLater, takePending } from './pending.ts';
import type { Refusal, UnitOfWork } from './unit-of-work.ts';

/** An event that was checked and may be applied. */
export interface Prepared {
  conversationId: string;
  /** The event can create the conversation if it has both a group and a channel. */
  groupId: string | undefined;
  channel: string | undefined;
  timelineEvent: TimelineEvent;
  /** The customer, if the event changes how the customer is shown; otherwise null. */
  renamed: Person | null;
}

/** Applies an event about a conversation; returns why it is refused, or null. */
export function ingestConversationEvent(work: UnitOfWork, event: ConversationEvent, eventId: string): Refusal | null {
  const prepared = prepareConversationEvent(work, event, eventId);
  if (!('timelineEvent' in prepared)) return prepared;
  applyPrepared(work, [prepared]);
  return null;
}

/**
 * Checks the ids that an event names, and stores what it says of the customer.
 * @param imported treats the event as history, however recent it is: it alerts nobody
 */
export function prepareConversationEvent(
  work: UnitOfWork,
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
  const dated = timelineEventOf(event, eventId, now);
  const timelineEvent = imported ? { ...dated, imported } : dated;
  const assigned = assignsTo(timelineEvent);
  if (assigned !== null && !db.directory.agent(businessId, assigned)?.active) {
    return { field: 'data.assignee.agentId', message: 'is not an active agent of this business' };
  }
  const person = personOf(event);
  const known = conversationById(db, businessId, id);
  // A conversation keeps the channel that it began on, whatever a later event calls it.
  const channelOfSender =
    event.type === 'message.received' ? (known?.channel ?? event.data.conversation.channel) : null;
  const isRenamed = person !== undefined && saveSender(work, person, timelineEvent.at, channelOfSender);
  const renamed = isRenamed ? person : null;
  return { conversationId: id, groupId, channel, timelineEvent, renamed };
}

/**
 * Applies events about one conversation in one plan.
 * @param source the short id of the source that they came from; null for our own API
 */
export function applyPrepared(work: UnitOfWork, prepared: readonly Prepared[], source: string | null = null): void {
  const { conversationId: id } = prepared[0]!;
  const known = conversationById(work.db, work.businessId, id);
  const given = prepared.map(({ timelineEvent }) => timelineEvent);
  const making = prepared.find(({ groupId, channel }) => groupId !== undefined && channel !== undefined);
  let applied: number | null = null;
  if (known !== null) {
    applied = applyEvents(work, known, given);
  } else if (making?.groupId !== undefined && making.channel !== undefined) {
    const ids = new Set(given.map((timelineEvent) => timelineEvent.id));
    const before = takePending(work, id, making.timelineEvent.id).filter((timelineEvent) => !ids.has(timelineEvent.id));
    const made = newConversation(id, making.channel, making.groupId, originOf(id, source));
    applied = applyEvents(work, made, [...given, ...before]);
  } else {
    for (const timelineEvent of given) keepForLater(work, id, timelineEvent);
  }
  for (const { renamed } of prepared) if (renamed !== null) refreshCustomer(work, renamed, applied);
}

const assignsTo = (timelineEvent: TimelineEvent): string | null =>
  (timelineEvent.type === 'assigned' || timelineEvent.type === 'saved') && timelineEvent.assignee?.kind === 'agent'
    ? timelineEvent.assignee.agentId
    : null;
