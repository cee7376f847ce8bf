import { z } from 'zod';
import { Agent } from './agent.ts';
import { Channel } from './channel.ts';
import { Email, Id, Name, Text, Timestamp } from './ids.ts';
import { hasVisibleCharacter, oneLine } from './text.ts';

/** Who writes or is written to. WhatsApp and SMS have an address, webchat a guest id; a name may come with either. */
export const Person = z.object({
  address: Id.optional(),
  guestId: Id.optional(),
  /** Senders pass on what the customer typed, so a blank or endless name is cleaned, not refused. */
  name: Text.transform((text) => {
    const name = oneLine(text).slice(0, 200).toWellFormed();
    return hasVisibleCharacter(name) ? name : undefined;
  }).optional(),
});
export type Person = z.infer<typeof Person>;

/** A conversation as events name it: with group and channel the event can make it, without it must be known. */
const ConversationRef = z.object({
  id: Id,
  groupId: Id.optional(),
  channel: Channel.optional(),
  customer: Person.optional(),
});
export type ConversationRef = z.infer<typeof ConversationRef>;

const Attachment = z.object({ type: Text.pipe(z.string().max(100)), name: Text.pipe(z.string().max(500)).optional() });
export type Attachment = z.infer<typeof Attachment>;

const ByAgent = z.object({ agentId: Id });
const ByAssistant = z.object({ assistant: z.literal(true) });
const ByAutomation = z.object({ automatic: z.literal(true) });
/** Somebody of the business who is not known as an agent: a phone app, a deleted agent. */
const ByPerson = z.object({ person: z.literal(true) });

const event = <const Type extends string, Data extends z.ZodRawShape>(type: Type, data: Data) =>
  z.object({ type: z.literal(type), timestamp: Timestamp, data: z.object(data) });

export const MessageReceived = event('message.received', {
  conversation: ConversationRef.extend({ groupId: Id, channel: Channel }),
  from: Person,
  message: z.object({ id: Id, text: Text, attachments: z.array(Attachment).max(100).optional() }),
});

export const MessageSent = event('message.sent', {
  conversation: ConversationRef,
  by: z.union([ByAgent, ByPerson, ByAssistant, ByAutomation]),
  message: z.object({ id: Id, text: Text, private: z.boolean().optional() }),
});

export const ConversationAssigned = event('conversation.assigned', {
  conversation: ConversationRef,
  assignee: z.union([ByAgent, ByAssistant]).nullable(),
  by: ByAgent.optional(),
});

/** The state of a conversation as it is at `timestamp`; what it changes is found by comparing it with what is known. */
export const ConversationSaved = event('conversation.saved', {
  conversation: ConversationRef.extend({ groupId: Id, channel: Channel }),
  status: z.enum(['open', 'closed']),
  assignee: z.union([ByAgent, ByAssistant]).nullable(),
});

export const ConversationHandedOver = event('conversation.handed_over', {
  conversation: ConversationRef,
  reason: Text.optional(),
});

const act = { conversation: ConversationRef, by: ByAgent.optional() };
export const ConversationClosed = event('conversation.closed', act);
export const ConversationReopened = event('conversation.reopened', act);
export const ConversationNoReplyNeeded = event('conversation.no_reply_needed', act);

export const ContactSaved = event('contact.saved', {
  contact: z
    .object({ address: Id.optional(), guestId: Id.optional(), name: Name, email: Email.optional() })
    .refine((contact) => contact.address !== undefined || contact.guestId !== undefined, {
      message: 'needs an address or a guestId',
      path: ['address'],
    }),
});

export const AgentSaved = event('agent.saved', { agent: Agent });
/** `data` is the id alone: what else was known of a removed agent is of no use. */
export const AgentRemoved = event('agent.removed', { id: Id });

export const GroupSaved = event('group.saved', {
  group: z.object({ id: Id, name: Name, agentIds: z.array(Id).max(100_000) }),
});
export const GroupRemoved = event('group.removed', { id: Id });

/** Everything that `POST /v1/businesses/{businessId}/events` takes. */
export const IngestEvent = z.discriminatedUnion('type', [
  MessageReceived,
  MessageSent,
  ConversationSaved,
  ConversationAssigned,
  ConversationHandedOver,
  ConversationClosed,
  ConversationReopened,
  ConversationNoReplyNeeded,
  ContactSaved,
  AgentSaved,
  AgentRemoved,
  GroupSaved,
  GroupRemoved,
]);
export type IngestEvent = z.infer<typeof IngestEvent>;
export type IngestEventType = IngestEvent['type'];

/** The events about one conversation; the others are about agents, groups and contacts. */
export type ConversationEvent = Extract<IngestEvent, { data: { conversation: unknown } }>;
export const isConversationEvent = (event: IngestEvent): event is ConversationEvent => 'conversation' in event.data;
