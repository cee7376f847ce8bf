import type { Reason, Why } from '@converso/shared';
import type { ConversationState } from './conversation.ts';
import { compareKeys, type Entry, keyOf, sameKey } from './entry.ts';

/** What the planner knows of an agent. */
export interface AgentFacts {
  /** The store's own number of the agent, across businesses. */
  key: number;
  id: string;
  name: string;
  /** False once removed: never told of anything. */
  active: boolean;
  /** Wants to hear of customers' messages while the assistant answers. */
  assistantChats: boolean;
}

/** The business's people, as far as one conversation concerns them. */
export interface People {
  agents: ReadonlyMap<string, AgentFacts>;
  /** Agent ids by group id, for every group that the conversation is or was in during the plan. */
  teams: ReadonlyMap<string, readonly string[]>;
}

/** News: what happened, for whom, and why they are told. */
export interface News {
  agents: AgentFacts[];
  reason: Reason;
  why: Why;
  /** True if it is one more message of the customer's. */
  message: boolean;
}

const activeAgents = (people: People, ids: readonly string[]): AgentFacts[] =>
  ids.map((id) => people.agents.get(id)).filter((agent) => agent?.active === true) as AgentFacts[];

const teamOf = (state: ConversationState, people: People): AgentFacts[] =>
  activeAgents(people, people.teams.get(state.groupId) ?? []);

/** Whose the conversation is to look after now: the assignee's, if a person has it, otherwise the whole team's. */
export function responsible(state: ConversationState, people: People): AgentFacts[] {
  if (state.status === 'closed') return [];
  return state.assignee?.kind === 'agent' ? activeAgents(people, [state.assignee.agentId]) : teamOf(state, people);
}

/** Of those responsible, who wants to hear of a customer's message. */
const listeners = (state: ConversationState, people: People): AgentFacts[] =>
  responsible(state, people).filter((agent) => state.assignee?.kind !== 'assistant' || agent.assistantChats);

/** Why whoever is responsible is told of a customer's message. */
const inboundWhy = (state: ConversationState): Why => {
  if (state.assignee === null) return 'team_unassigned';
  return state.assignee.kind === 'agent' ? 'assigned_to_you' : 'assistant_answering';
};

export const nothingPending = ({ pending }: ConversationState): boolean =>
  pending.inbound === null && pending.handover === null && pending.assigned === null;

/** A customer waits, or a handover does, and nobody's name is on it. */
export const waitsForTeam = (state: ConversationState): boolean =>
  state.status === 'open' &&
  state.assignee?.kind !== 'agent' &&
  (state.waitingSince !== null || state.pending.handover !== null);

/** Who did it, if an agent did. */
const actorId = (entry: Entry): string | null =>
  'by' in entry && entry.by?.kind === 'agent' ? entry.by.agentId : null;

/** The agent who gave the chat to nobody by this entry: who did it or, where that is not said, who had it. */
export const giver = (state: ConversationState, entry: Entry): string | null =>
  sameKey(state.assignment, keyOf(entry)) && state.releasedFrom !== null
    ? (actorId(entry) ?? state.releasedFrom)
    : null;

/**
 * What an entry tells whom, seen from the state after it: an entry that arrives late and is overtaken by
 * then is no news. Nobody is told of their own act.
 */
export function newsOf(state: ConversationState, entry: Entry, people: People): News | null {
  if (entry.imported || state.status === 'closed') return null;
  const key = keyOf(entry);
  const actor = giver(state, entry) ?? actorId(entry);
  const tell = (agents: AgentFacts[], reason: Reason, why: Why): News => ({
    agents: agents.filter(({ id }) => id !== actor),
    reason,
    why,
    message: entry.type === 'received',
  });

  if (entry.type === 'received') {
    const { inbound } = state.pending;
    if (inbound === null || compareKeys(key, inbound) < 0) return null;
    return tell(listeners(state, people), 'inbound', inboundWhy(state));
  }
  if (sameKey(state.pending.handover, key)) {
    return tell(responsible(state, people), 'handover', 'assistant_gave_up');
  }
  if (entry.type !== 'assigned' || !sameKey(state.assignment, key)) return null;
  if (state.assignee?.kind === 'agent') return tell(responsible(state, people), 'assigned', 'assigned_to_you');
  if (state.releasedFrom === null || state.waitingSince === null) return null;
  return tell(teamOf(state, people), 'inbound', 'team_unassigned');
}

/** What whoever newly comes to a conversation that waits for its team is told; null if there is nothing to tell. */
export function newsForNewcomers(state: ConversationState, agents: readonly AgentFacts[]): News | null {
  if (!waitsForTeam(state)) return null;
  const handover = state.pending.handover !== null;
  const muted = state.assignee?.kind === 'assistant' && !handover;
  return {
    agents: agents.filter((agent) => agent.active && !(muted && !agent.assistantChats)),
    reason: handover ? 'handover' : 'inbound',
    why: handover ? 'assistant_gave_up' : inboundWhy(state),
    message: false,
  };
}
