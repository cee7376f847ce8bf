/** Who has a Chatwoot conversation, and who wrote a message to the customer. Pure. */
import type { Context, Unknown } from '../source.ts';
import { messageType } from './message-type.ts';
import type { Conversation, Message } from './payload.ts';
import type { ChatwootSettings } from './settings.ts';

/** An agent bot or Captain, as the various payloads spell them. */
const isProgram = (type: string | undefined): boolean => /^(agent_?bot|captain(_|::)assistant)$/i.test(type ?? '');

/** The id over there of the person who has the conversation. Without a type (before November 2025) it is a person. */
const assignedPerson = ({ meta }: Conversation): string | undefined =>
  isProgram(meta?.assignee_type) || isProgram(meta?.assignee?.type) ? undefined : meta?.assignee?.id;

/** Our agent of that id over there; one that is not known here is noted. */
function agentOf(
  foreignId: string | undefined,
  { agents }: Context<ChatwootSettings>,
  unknown: Unknown[],
): { agentId: string } | undefined {
  if (foreignId === undefined) return undefined;
  const agentId = agents.get(foreignId);
  if (agentId === undefined) unknown.push({ kind: 'agent', id: foreignId });
  return agentId === undefined ? undefined : { agentId };
}

/**
 * Who has a conversation. A pending one is the assistant's unless it is parked with a person; an open one that is still
 * assigned to a bot is nobody's, because that is how a bot gives a chat to people.
 */
export function assigneeOf(
  conversation: Conversation,
  context: Context<ChatwootSettings>,
  unknown: Unknown[],
): { agentId: string } | { assistant: true } | null {
  const person = assignedPerson(conversation);
  if (person === undefined) return conversation.status === 'pending' ? { assistant: true } : null;
  return agentOf(person, context, unknown) ?? null;
}

type By = { agentId: string } | { person: true } | { assistant: true } | { automatic: true };

/** Chatwoot's own rule of what a human reply is: by a user, and neither an automation nor a campaign sent it. */
export function senderOf(
  message: Message,
  conversation: Conversation,
  context: Context<ChatwootSettings>,
  unknown: Unknown[],
): By {
  const { sender, sender_type, content_attributes, additional_attributes } = message;
  if (messageType(message) === 'template') return { automatic: true };
  if (isProgram(sender?.type) || isProgram(sender_type)) return { assistant: true };
  if (content_attributes?.automation_rule_id !== undefined) return { automatic: true };
  if (additional_attributes?.campaign_id !== undefined) return { automatic: true };
  const isUser = (sender?.type ?? sender_type)?.toLowerCase() === 'user';
  if (isUser) return agentOf(sender?.id, context, unknown) ?? { person: true };
  // Written in the phone app, so nobody signed it; who has the chat is the best guess.
  if (content_attributes?.external_echo) {
    return agentOf(assignedPerson(conversation), context, unknown) ?? { person: true };
  }
  return { automatic: true };
}
