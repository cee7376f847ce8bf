/**
 * Which conversations are due at a slot, and which agents get them. The store loads the facts once to predict a slot, and
 * again in the transaction that freezes a batch.
 */
import { type Attachment, type Customer, isEmailed, type Origin, type Role } from '@converso/shared';
import { HANDED_OVER_WITHIN_MS } from './conversation.ts';

/** What is known of a conversation whose customer wrote. */
export interface WaitingFacts extends Origin {
  id: string;
  channel: string;
  group: { id: string; name: string };
  status: 'open' | 'closed';
  customer: Customer;
  /** Epoch milliseconds; null once a person or the assistant replied, or no reply is needed. */
  waitingSince: number | null;
  /** The customer's latest message, whole; null if all there is was imported. */
  latest: { id: string; text: string; sentAt: number; attachments?: readonly Attachment[] } | null;
  /** The customer's messages that wait, the latest among them. */
  waiting: number;
  assignee: { kind: 'agent'; agentId: string } | { kind: 'assistant' } | null;
}

/** What is known of an agent who might get an email. */
export interface RecipientFacts {
  id: string;
  name: string;
  email: string;
  role: Role;
  active: boolean;
  unrepliedEmails: boolean;
  /** Why the address gets no mail any more (bounced, complained), or null. */
  suppressed: string | null;
}

export interface SlotFacts {
  conversations: readonly WaitingFacts[];
  agents: ReadonlyMap<string, RecipientFacts>;
  /** Agent ids by group id. */
  teams: ReadonlyMap<string, readonly string[]>;
  /** Agents who have their email of this slot already. They get no second one, and do not count as skipped. */
  alreadySent: ReadonlySet<string>;
  /** Whether a message was in an earlier digest to the agent. */
  emailed(agentId: string, conversationId: string, messageId: string): boolean;
}

/** Why a conversation or an agent is left out; for the operator who asks "why did Ben get no email at 11?". */
export type SkipReason =
  | 'closed'
  | 'replied'
  | 'channel_not_emailed'
  | 'guest'
  | 'too_recent'
  | 'already_emailed'
  | 'admin'
  | 'removed'
  | 'emails_off'
  | 'address_suppressed'
  | 'daily_limit'
  | 'nobody_to_email';

export interface Skip {
  conversationId?: string;
  agentId?: string;
  reason: SkipReason;
}

/** One agent's email for one slot. */
export interface DigestPlan {
  agent: RecipientFacts;
  /** Longest waiting first. */
  conversations: WaitingFacts[];
  /** How many chats of earlier digests still wait. */
  emailedBefore: number;
}

export interface SlotPlan {
  digests: DigestPlan[];
  skipped: Skip[];
}

/** Why a conversation is not due, or null if it is due. */
function notDue(conversation: WaitingFacts, at: number, unrepliedAfter: number): SkipReason | null {
  if (conversation.status === 'closed') return 'closed';
  if (conversation.waitingSince === null || conversation.latest === null) return 'replied';
  // The chat waits since a handover, and its latest message was dealt with long before that.
  if (conversation.waitingSince - conversation.latest.sentAt > HANDED_OVER_WITHIN_MS) return 'replied';
  if (!isEmailed(conversation.channel)) return 'channel_not_emailed';
  if (conversation.customer.kind === 'guest') return 'guest';
  return at - conversation.waitingSince < unrepliedAfter ? 'too_recent' : null;
}

/** Why an agent gets no email at all, or null if they may. */
function mayNotGet(agent: RecipientFacts): SkipReason | null {
  if (!agent.active) return 'removed';
  if (agent.role === 'admin') return 'admin';
  if (!agent.unrepliedEmails) return 'emails_off';
  return agent.suppressed === null ? null : 'address_suppressed';
}

/**
 * Plans the emails of a slot.
 * @param at epoch milliseconds of the moment it is asked for
 * @param unrepliedAfter milliseconds a customer must have waited
 */
export function planSlot(facts: SlotFacts, at: number, unrepliedAfter: number): SlotPlan {
  const digests = new Map<string, DigestPlan>();
  const skipped: Skip[] = [];
  const oldestFirst = facts.conversations.toSorted(
    (a, b) => (a.waitingSince ?? 0) - (b.waitingSince ?? 0) || (a.id < b.id ? -1 : 1),
  );

  for (const conversation of oldestFirst) {
    const reason = notDue(conversation, at, unrepliedAfter);
    if (reason !== null || conversation.latest === null) {
      skipped.push({ conversationId: conversation.id, reason: reason ?? 'replied' });
      continue;
    }
    const { assignee, group, latest } = conversation;
    const ids = assignee?.kind === 'agent' ? [assignee.agentId] : (facts.teams.get(group.id) ?? []);
    let recipients = 0;
    for (const agent of ids.map((id) => facts.agents.get(id)).filter((known) => known !== undefined)) {
      const refused = mayNotGet(agent);
      if (refused !== null) {
        skipped.push({ conversationId: conversation.id, agentId: agent.id, reason: refused });
        continue;
      }
      recipients += 1;
      if (facts.alreadySent.has(agent.id)) continue;
      const digest = digests.get(agent.id) ?? { agent, conversations: [], emailedBefore: 0 };
      digests.set(agent.id, digest);
      if (facts.emailed(agent.id, conversation.id, latest.id)) {
        digest.emailedBefore += 1;
        skipped.push({ conversationId: conversation.id, agentId: agent.id, reason: 'already_emailed' });
      } else {
        digest.conversations.push(conversation);
      }
    }
    if (recipients === 0) skipped.push({ conversationId: conversation.id, reason: 'nobody_to_email' });
  }
  return { digests: [...digests.values()].filter(({ conversations }) => conversations.length > 0), skipped };
}
