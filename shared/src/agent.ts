import { z } from 'zod';
import { Email, Id, Name } from './ids.ts';

export const Role = z.enum(['agent', 'admin']);
export type Role = z.infer<typeof Role>;

/** A person who answers customers. */
export const Agent = z.object({ id: Id, name: Name, email: Email, role: Role });
export type Agent = z.infer<typeof Agent>;

/** What belongs to the agent and follows to every device. All start true. */
export const Preferences = z.object({
  /** "Enable message notifications": toasts. The bell fills either way. */
  messageNotifications: z.boolean(),
  /** "Chats the AI is answering": inbound messages while the assistant has the chat. */
  assistantChats: z.boolean(),
  /** "Email me about unreplied messages". */
  unrepliedEmails: z.boolean(),
});
export type Preferences = z.infer<typeof Preferences>;

export const Group = z.object({ id: z.string(), name: z.string() });
export type Group = z.infer<typeof Group>;

/** Where the chats of one source open, for a source whose system has an inbox of its own. */
export const SourceInbox = z.object({
  /** As in a conversation's `source`. */
  source: z.string(),
  url: z.string(),
  /**
   * Every form of a chat's URL, the first one for opening it. The literal `{conversationId}` stands for the URL-encoded
   * `ref` of the conversation, and `*` for any one path segment.
   */
  conversationUrls: z.array(z.string()).min(1),
  /** Whether this server can assign its chats. */
  canTake: z.boolean(),
  /** Whether this server can send a reply. */
  canReply: z.boolean(),
});
export type SourceInbox = z.infer<typeof SourceInbox>;

/** Who is signed in, and where their conversations open. */
export const Me = z.object({
  agent: z.object({ id: z.string(), name: z.string(), email: z.string(), role: Role }),
  business: z.object({ id: z.string(), name: z.string(), timeZone: z.string() }),
  groups: z.array(Group),
  preferences: Preferences,
  inbox: z.object({
    url: z.string(),
    /** With the literal `{conversationId}` where the URL-encoded id goes. */
    conversationUrl: z.string(),
    /** True only with the built-in inbox: elsewhere this server cannot assign a chat. */
    canTake: z.boolean(),
  }),
  /** Chats of the sources named here open there; all others open in `inbox`. */
  inboxes: z.array(SourceInbox),
});
export type Me = z.infer<typeof Me>;
