import { randomUUID } from 'node:crypto';
import {
  Channel,
  type ConversationDetail,
  hasAddress,
  Id,
  type IngestEvent,
  Person,
  ReplyRequest,
} from '@converso/shared';
import { z } from 'zod';
import type { Clock } from '../ports/types.ts';
import type { Send } from './sender.ts';

/** A message that somebody at the demo page writes in a customer's name. */
export const CustomerMessage = z.object({
  channel: Channel,
  groupId: Id,
  /** What the channel knows the customer by: a number, an email address, a guest's id. */
  sender: Id,
  name: Person.shape.name,
  text: ReplyRequest.shape.text,
  /** Whether the assistant gets the chat first, where it is new or closed. */
  assistantFirst: z.boolean(),
});
export type CustomerMessage = z.infer<typeof CustomerMessage>;

/** The one conversation of that sender on that channel, as team inboxes keep it: `whatsapp-447700900142`. */
export function conversationIdOf({ channel, sender }: Pick<CustomerMessage, 'channel' | 'sender'>): string {
  const name = sender
    .toLowerCase()
    .replace(/@.*$/, '')
    .replace(/[^a-z0-9]+/g, '-');
  return `${channel}-${name.replace(/^-|-$/g, '') || 'customer'}`.slice(0, 128);
}

export const personOf = ({ channel, sender, name }: Pick<CustomerMessage, 'channel' | 'sender' | 'name'>): Person => ({
  ...(hasAddress(channel) ? { address: sender } : { guestId: sender }),
  ...(name ? { name } : {}),
});

/** Sends the message, after giving the chat to the assistant where it goes first. */
export async function write(
  { send, clock }: { send: Send; clock: Clock },
  message: CustomerMessage,
  before: ConversationDetail | null,
): Promise<void> {
  const now = clock.now();
  const timestamp = new Date(now).toISOString();
  const from = personOf(message);
  const { channel, groupId, text, assistantFirst } = message;
  // A conversation stays in the group it is in: the page's choice is for a new one.
  const conversation = { id: conversationIdOf(message), channel, groupId: before?.group.id ?? groupId };
  const received: IngestEvent = {
    type: 'message.received',
    timestamp,
    data: { conversation, from, message: { id: randomUUID(), text } },
  };
  if (!assistantFirst || before?.status === 'open') return await send(received);
  // Just before the message, so that the team is not told of a chat that nobody has.
  const assigned: IngestEvent = {
    type: 'conversation.assigned',
    timestamp: new Date(now - 1).toISOString(),
    data: { conversation: { ...conversation, customer: from }, assignee: { assistant: true } },
  };
  await send(assigned, received);
}
