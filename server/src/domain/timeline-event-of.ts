import type { ConversationEvent, IngestEvent, Person } from '@converso/shared';
import { type Actor, type Assignee, type Identity, messageEventId, type TimelineEvent } from './timeline-event.ts';

/** Events dated longer ago than this (milliseconds) when they arrive are history: applied, but news to nobody. */
export const IMPORT_AGE_MS = 24 * 60 * 60 * 1000;

type By = Extract<ConversationEvent, { type: 'message.sent' }>['data']['by'];

const actor = (by: By): Actor => {
  if ('agentId' in by) return { kind: 'agent', agentId: by.agentId };
  if ('person' in by) return { kind: 'person' };
  return 'assistant' in by ? { kind: 'assistant' } : { kind: 'automatic' };
};

const byAgent = (by: { agentId: string } | undefined): Actor | null => (by ? actor(by) : null);

const assigneeOf = (assignee: { agentId: string } | { assistant: true } | null): Assignee => {
  if (assignee === null) return null;
  return 'agentId' in assignee ? { kind: 'agent', agentId: assignee.agentId } : { kind: 'assistant' };
};

const identityOf = ({ address, guestId }: Person): Identity => ({
  ...(address === undefined ? {} : { address }),
  ...(guestId === undefined ? {} : { guestId }),
});

/** The customer an event speaks of: who wrote, or whom the conversation is with. */
export const personOf = (event: ConversationEvent): Person | undefined => {
  const { customer } = event.data.conversation;
  if (event.type !== 'message.received') return customer;
  // What was cleaned away is there as undefined, and replaces nothing.
  const from = Object.entries(event.data.from).filter(([, value]) => value !== undefined);
  return { ...customer, ...Object.fromEntries(from) };
};

/**
 * An incoming event as an event of its conversation's timeline.
 * @param eventId the webhook id: identifies everything but messages, which have an id of their own, so that
 *   a message sent twice under two webhook ids is one
 * @param now epoch milliseconds of its arrival
 */
export function timelineEventOf(event: ConversationEvent, eventId: string, now: number): TimelineEvent {
  const at = Date.parse(event.timestamp);
  const { groupId } = event.data.conversation;
  const person = personOf(event);
  const happened = {
    id: 'message' in event.data ? messageEventId(event.data.message.id) : `e:${eventId}`,
    at,
    imported: now - at > IMPORT_AGE_MS,
    ...(isWholeSecond(event) ? { wholeSecond: true as const } : {}),
    ...(groupId === undefined ? {} : { groupId }),
    ...(person === undefined ? {} : { customer: identityOf(person) }),
  };
  switch (event.type) {
    case 'message.received': {
      const { text, attachments = [] } = event.data.message;
      return { ...happened, type: 'received', text, attachments };
    }
    case 'message.sent': {
      const { by, message } = event.data;
      const said = { ...happened, by: actor(by), text: message.text };
      if (message.private) return { ...said, type: 'note' };
      const { inReplyTo } = message;
      return { ...said, type: 'sent', ...(inReplyTo === undefined ? {} : { inReplyTo: messageEventId(inReplyTo) }) };
    }
    case 'conversation.saved': {
      const { status, assignee } = event.data;
      return { ...happened, type: 'saved', status, assignee: assigneeOf(assignee) };
    }
    case 'conversation.assigned':
      return { ...happened, type: 'assigned', assignee: assigneeOf(event.data.assignee), by: byAgent(event.data.by) };
    case 'conversation.handed_over':
      return { ...happened, type: 'handed_over', reason: event.data.reason ?? null };
    case 'conversation.closed':
      return { ...happened, type: 'closed', by: byAgent(event.data.by) };
    case 'conversation.reopened':
      return { ...happened, type: 'reopened', by: byAgent(event.data.by) };
    case 'conversation.no_reply_needed':
      return { ...happened, type: 'no_reply_needed', by: byAgent(event.data.by) };
  }
}

/** Whether an event is dated without fractions of a second. */
export const isWholeSecond = ({ timestamp }: Pick<IngestEvent, 'timestamp'>): boolean => !timestamp.includes('.');

/** How far ahead of the clock (milliseconds) an event may be dated. */
export const MAX_AHEAD_MS = 5 * 60 * 1000;

/** Whether the sender's clock is so far ahead that ordering by it would hide what really comes next. */
export const isFromTheFuture = (event: IngestEvent, now: number): boolean =>
  Date.parse(event.timestamp) - now > MAX_AHEAD_MS;
