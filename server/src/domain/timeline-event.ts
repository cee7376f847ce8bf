/**
 * What happened in a conversation, as one ordered list. The state of a conversation is a fold over its
 * events in their order (`order.ts`), so events that arrive in any order converge: see `conversation.ts`.
 */
import type { Attachment } from '@converso/shared';

/** A `person` is somebody of the business who is no agent here. */
export type Actor =
  | { kind: 'agent'; agentId: string }
  | { kind: 'person' }
  | { kind: 'assistant' }
  | { kind: 'automatic' };
export type Assignee = { kind: 'agent'; agentId: string } | { kind: 'assistant' } | null;

/** How a customer is recognised; either may be missing, on some channels both. */
export interface Identity {
  address?: string;
  guestId?: string;
}

interface Happened {
  /** Unique within the conversation: `m:` and the message's id, or `e:` and the event's. */
  id: string;
  /** Epoch milliseconds, as the sender dated it. */
  at: number;
  /** Dated without fractions of a second, so that it may have happened at any time within it. */
  wholeSecond?: true;
  /** Dated so long before it arrived that it is history: it counts, but alerts nobody and makes nothing due. */
  imported: boolean;
  /** The group the conversation was in, where the event says. */
  groupId?: string;
  /** The customer, where the event says. */
  customer?: Identity;
}

export type TimelineEvent = Happened &
  (
    | { type: 'received'; text: string; attachments: Attachment[] }
    /** `inReplyTo` is the event of the message that it answers, where the sender says. */
    | { type: 'sent'; by: Actor; text: string; inReplyTo?: string }
    | { type: 'note'; by: Actor; text: string }
    /** The state as another system has it; what it changes is found by comparing, see `conversation.ts`. */
    | { type: 'saved'; status: 'open' | 'closed'; assignee: Assignee }
    | { type: 'assigned'; assignee: Assignee; by: Actor | null }
    | { type: 'handed_over'; reason: string | null }
    | { type: 'closed' | 'reopened' | 'no_reply_needed'; by: Actor | null }
  );

export type TimelineEventType = TimelineEvent['type'];

/** The id of a message's event, which is the message's own behind a mark that tells it from an event's. */
export const messageEventId = (messageId: string): string => `m:${messageId}`;

/** The sender's id of the message that an event is. */
export const messageIdOf = (entryId: string): string => entryId.slice(2);
