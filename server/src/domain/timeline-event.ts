/**
 * What happened in a conversation, as one ordered list. The state of a conversation is a fold over its
 * events in their order (`order.ts`), so events that arrive in any order converge: see `conversation.ts`.
 */
import type { Attachment } from '@converso/shared';

/** A `person` works for the business and is not an agent here. */
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
  /** Dated long before it arrived, so it is history: it changes the state, but alerts nobody and makes nothing due. */
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

/** The id of a message's timeline event: the message's id with a prefix, which other events do not have. */
export const messageEventId = (messageId: string): string => `m:${messageId}`;

/** The message's own id, from the id of its timeline event. */
export const messageIdOf = (entryId: string): string => entryId.slice(2);
