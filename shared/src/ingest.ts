import { z } from 'zod';
import { Agent } from './agent.ts';
import { atMost, Channel, Decoration, Email, Id, Name, OptionalName, Text, Timestamp } from './ids.ts';
import { hasVisibleCharacter } from './text.ts';

/** An optional member: null is the same as its absence, and what is of no use is dropped, for the rest is still worth having. */
const optional = <Schema extends z.ZodType>(schema: Schema) =>
  z.preprocess((value) => (schema.safeParse(value).success ? value : undefined), schema.optional());

/** Who writes or is written to. WhatsApp and SMS have an address, webchat a guest id; a name may come with either. */
export const Person = z.object({
  address: optional(Id.refine(hasVisibleCharacter)),
  guestId: optional(Id),
  /** Senders pass on what the customer typed, so a blank or endless name is cleaned, not refused. */
  name: optional(OptionalName),
});
export type Person = z.infer<typeof Person>;

/** A conversation as events name it: with group and channel the event can make it, without it must be known. */
const ConversationRef = z.object({
  id: Id,
  groupId: optional(Id),
  channel: optional(Channel),
  customer: optional(Person),
});
export type ConversationRef = z.infer<typeof ConversationRef>;

/** What an attachment is where its sender does not say. */
const SOME_FILE = 'file';
const Attachment = z.preprocess(
  (value) => (typeof value === 'object' ? (value ?? {}) : {}),
  z.object({
    type: z.preprocess(
      (type) => (typeof type === 'string' ? type : ''),
      Decoration(100).transform((type) => type ?? SOME_FILE),
    ),
    name: optional(Decoration(500)),
  }),
);
export type Attachment = z.infer<typeof Attachment>;

const ATTACHMENTS_MAX = 100;
const Attachments = z.array(Attachment).transform((all) => all.slice(0, ATTACHMENTS_MAX));

const ByAgent = z.object({ agentId: Id });
/** Somebody of the business who is no agent here. */
const ByPerson = z.object({ person: z.literal(true) });
const ByAssistant = z.object({ assistant: z.literal(true) });
const ByAutomation = z.object({ automatic: z.literal(true) });

const event = <const Type extends string, Data extends z.ZodRawShape>(type: Type, data: Data) =>
  z.object({ type: z.literal(type), timestamp: Timestamp, data: z.object(data) });

export const MessageReceived = event('message.received', {
  conversation: ConversationRef.extend({ groupId: Id, channel: Channel }),
  from: Person,
  message: z.object({ id: Id, text: Text, attachments: optional(Attachments) }),
});

export const MessageSent = event('message.sent', {
  conversation: ConversationRef,
  by: z.union([ByAgent, ByPerson, ByAssistant, ByAutomation]),
  message: z.object({
    id: Id,
    text: Text,
    private: optional(z.boolean()),
    /** The customer's message that it answers: places the reply after that, whatever the clocks say. */
    inReplyTo: optional(Id),
  }),
});

export const ConversationAssigned = event('conversation.assigned', {
  conversation: ConversationRef,
  assignee: z.union([ByAgent, ByAssistant]).nullable(),
  by: optional(ByAgent),
});

/** The state of a conversation as it is at `timestamp`; what it changes is found by comparing it with what is known. */
export const ConversationSaved = event('conversation.saved', {
  conversation: ConversationRef.extend({ groupId: Id, channel: Channel }),
  status: z.enum(['open', 'closed']),
  assignee: z.union([ByAgent, ByAssistant]).nullable(),
});

export const ConversationHandedOver = event('conversation.handed_over', {
  conversation: ConversationRef,
  reason: optional(Text.transform((text) => (hasVisibleCharacter(text) ? text : undefined))),
});

const act = { conversation: ConversationRef, by: optional(ByAgent) };
export const ConversationClosed = event('conversation.closed', act);
export const ConversationReopened = event('conversation.reopened', act);
export const ConversationNoReplyNeeded = event('conversation.no_reply_needed', act);

export const ContactSaved = event('contact.saved', {
  contact: z
    .object({ address: Person.shape.address, guestId: Person.shape.guestId, name: Name, email: optional(Email) })
    .refine((contact) => contact.address !== undefined || contact.guestId !== undefined, {
      message: 'needs an address or a guestId',
      path: ['address'],
    }),
});

export const AgentSaved = event('agent.saved', { agent: Agent });
/** `data` is the id alone: what else was known of a removed agent is of no use. */
export const AgentRemoved = event('agent.removed', { id: Id });

export const GroupSaved = event('group.saved', {
  group: z.object({ id: Id, name: Name, agentIds: atMost(10_000, Id) }),
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
