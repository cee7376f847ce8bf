import { z } from 'zod';
import { Group } from './agent.ts';

export const Reason = z.enum(['inbound', 'handover', 'assigned']);
export type Reason = z.infer<typeof Reason>;

export const NotificationState = z.enum(['open', 'read', 'settled']);
export type NotificationState = z.infer<typeof NotificationState>;

/** Why this agent is told. */
export const Why = z.enum(['assigned_to_you', 'team_unassigned', 'assistant_answering', 'assistant_gave_up']);
export type Why = z.infer<typeof Why>;

export const Customer = z.object({
  kind: z.enum(['contact', 'guest']),
  name: z.string().nullable(),
  address: z.string().nullable(),
});
export type Customer = z.infer<typeof Customer>;

/** Characters of a message that a notification carries; the thread has the whole. */
export const MESSAGE_PREVIEW_LENGTH = 500;

/** Where a conversation came from. */
export const Origin = z.object({
  /** The short id of the source that it came from; null if it came by our own API. */
  source: z.string().nullable(),
  /** Its id in that system, or null. */
  ref: z.string().nullable(),
});
export type Origin = z.infer<typeof Origin>;

/** A stored fact for one agent about one conversation. */
export const Notification = z.object({
  id: z.string(),
  /** Position in the agent's own sequence; every revision gets the next one. */
  seq: z.number().int(),
  reason: Reason,
  state: NotificationState,
  settledBy: z.object({ name: z.string() }).nullable(),
  /** True when this revision is news a person should be told of: `alertedSeq === seq`. */
  alert: z.boolean(),
  /** The seq of the last revision that was news; 0 if none ever was. */
  alertedSeq: z.number().int(),
  why: Why,
  conversation: z.object({ id: z.string(), channel: z.string(), group: Group, ...Origin.shape }),
  customer: Customer,
  /** The customer's latest message, cut to 500 characters. */
  message: z.object({ text: z.string().max(MESSAGE_PREVIEW_LENGTH), sentAt: z.string() }).nullable(),
  /** The customer's messages since this notification began. */
  messageCount: z.number().int(),
  /** Since when the conversation is unreplied (ISO 8601), or null. */
  waitingSince: z.string().nullable(),
  createdAt: z.string(),
  updatedAt: z.string(),
});
export type Notification = z.infer<typeof Notification>;
