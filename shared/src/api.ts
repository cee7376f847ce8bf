import { z } from 'zod';
import { Agent, Preferences } from './agent.ts';
import { asciiDigits } from './digits.ts';
import { atMost, Decoration, Email, Id, Text } from './ids.ts';
import { Customer, Notification, Origin } from './notification.ts';

export const CodeRequest = z.object({ email: Email });
/** To be given back with the code. The same for addresses that are known and for those that are not. */
export const CodeResponse = z.object({ challenge: z.string() });
export type CodeResponse = z.infer<typeof CodeResponse>;

export const TokenRequest = z.object({
  email: Email,
  code: z
    .string()
    .trim()
    .overwrite(asciiDigits)
    .regex(/^\d{6}$/, 'must be six digits'),
  /** From the answer to the request for the code. Attempts are counted by it; without one they are counted by address. */
  challenge: z.string().max(200).optional(),
  /** What the agent will recognise in the list of sessions, for example "Chrome on Windows". */
  device: Decoration(100).optional(),
  businessId: Id.optional(),
});
export type TokenRequest = z.infer<typeof TokenRequest>;
export const TokenResponse = z.object({ token: z.string(), agent: Agent });
export type TokenResponse = z.infer<typeof TokenResponse>;

/** Good for 30 seconds and one use, at `/inbox?ticket=…` and `/inbox/{conversationId}?ticket=…`. */
export const TicketResponse = z.object({ ticket: z.string() });
export type TicketResponse = z.infer<typeof TicketResponse>;

/** The 409 of sign-in: the email belongs to several businesses. */
export const ChooseBusiness = z.object({ businesses: z.array(z.object({ id: z.string(), name: z.string() })) });
export type ChooseBusiness = z.infer<typeof ChooseBusiness>;

export const Session = z.object({
  id: z.string(),
  device: z.string().nullable(),
  createdAt: z.string(),
  lastUsedAt: z.string(),
  current: z.boolean(),
});
export type Session = z.infer<typeof Session>;

export const PreferencesPatch = Preferences.partial().refine(
  (patch) => Object.keys(patch).length > 0,
  'needs at least one of messageNotifications, assistantChats, unrepliedEmails',
);
export type PreferencesPatch = z.infer<typeof PreferencesPatch>;

export const NotificationsPage = z.object({
  items: z.array(Notification),
  unread: z.number().int(),
  cursor: z.number().int(),
});
export type NotificationsPage = z.infer<typeof NotificationsPage>;

export const ReadRequest = z.union([
  z.object({ ids: atMost(1000, Id) }),
  z.object({ all: z.literal(true), upTo: z.number().int().nonnegative() }),
]);
export type ReadRequest = z.infer<typeof ReadRequest>;

const AssigneeName = z.object({ id: z.string(), name: z.string() });
export const TakeResponse = z.object({ assignee: AssigneeName });
export type TakeResponse = z.infer<typeof TakeResponse>;
/** The 409 of take: somebody was faster, or (`null`) the chat is closed. */
export const TakeConflict = z.object({ assignee: AssigneeName.nullable() });
export type TakeConflict = z.infer<typeof TakeConflict>;

// The built-in inbox.

export const InboxView = z.enum(['mine', 'team', 'assistant', 'closed']);
export type InboxView = z.infer<typeof InboxView>;

export const AssigneeView = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('agent'), id: z.string(), name: z.string() }),
  z.object({ kind: z.literal('assistant') }),
]);
export type AssigneeView = z.infer<typeof AssigneeView>;

export const ConversationSummary = z.object({
  id: z.string(),
  channel: z.string(),
  group: z.object({ id: z.string(), name: z.string() }),
  ...Origin.shape,
  status: z.enum(['open', 'closed']),
  assignee: AssigneeView.nullable(),
  customer: Customer,
  /** The assistant gave up and no person has dealt with it yet. */
  handedOver: z.boolean(),
  waitingSince: z.string().nullable(),
  lastMessage: z
    .object({ text: z.string(), sentAt: z.string(), from: z.enum(['customer', 'agent', 'assistant', 'automatic']) })
    .nullable(),
  updatedAt: z.string(),
});
export type ConversationSummary = z.infer<typeof ConversationSummary>;

/** One line of the thread: a message, or something that happened. */
export const ThreadEntry = z.object({
  id: z.string(),
  at: z.string(),
  type: z.enum(['received', 'sent', 'note', 'assigned', 'handed_over', 'closed', 'reopened', 'no_reply_needed']),
  /** Who did it, where known: an agent's name, "Assistant", or null for the customer and for automatic texts. */
  by: z
    .object({ kind: z.enum(['customer', 'agent', 'assistant', 'automatic']), name: z.string().nullable() })
    .nullable(),
  text: z.string().nullable(),
  attachments: z.array(z.object({ type: z.string(), name: z.string().optional() })),
  /** For `assigned`: to whom. */
  assignee: AssigneeView.nullable(),
});
export type ThreadEntry = z.infer<typeof ThreadEntry>;

export const ConversationDetail = ConversationSummary.extend({
  entries: z.array(ThreadEntry),
  /** Who may be given the chat: the group's team. */
  team: z.array(AssigneeName),
});
export type ConversationDetail = z.infer<typeof ConversationDetail>;

export const ConversationsPage = z.object({
  items: z.array(ConversationSummary),
  counts: z.object({
    mine: z.number().int(),
    team: z.number().int(),
    assistant: z.number().int(),
    closed: z.number().int(),
  }),
  /** Whether replies can be sent from here: only in the demo, where something delivers them. */
  canReply: z.boolean(),
});
export type ConversationsPage = z.infer<typeof ConversationsPage>;

export const ReplyRequest = z.object({
  text: Text.pipe(z.string().trim().min(1).max(10_000)),
  private: z.boolean().optional(),
});
export const AssignRequest = z.object({
  assignee: z.union([z.object({ agentId: Id }), z.object({ assistant: z.literal(true) })]).nullable(),
});

/** RFC 9457, the body of every error under `/v1`. */
export const Problem = z.object({
  type: z.string(),
  title: z.string(),
  status: z.number().int(),
  detail: z.string().optional(),
  /** Which fields are wrong, as paths such as `data.conversation.groupId`. */
  errors: z.array(z.object({ field: z.string(), message: z.string() })).optional(),
});
export type Problem = z.infer<typeof Problem>;
