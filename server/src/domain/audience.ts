import type { Reason, Why } from '@converso/shared';
import type { ConversationState } from './conversation.ts';
import { compareKeys, type Key, type Placed, sameEvent } from './order.ts';
import type { TimelineEvent } from './timeline-event.ts';

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
  /** True if it is news only to who has no open notification of the conversation. */
  onlyNew: boolean;
  /** False if it goes into the bell silently. */
  alert: boolean;
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

/** Someone has to act, whoever it is. */
const waits = ({ status, pending }: ConversationState): boolean =>
  status === 'open' && (pending.inbound !== null || pending.handover !== null || pending.assigned !== null);

/** Who did it, if an agent did. */
const actorId = (event: TimelineEvent): string | null =>
  'by' in event && event.by?.kind === 'agent' ? event.by.agentId : null;

/** The agent who gave the chat to nobody by this event: who did it or, where that is not said, who had it. */
export const giver = (state: ConversationState, event: TimelineEvent): string | null =>
  sameEvent(state.assignment, event) && state.releasedFrom !== null ? (actorId(event) ?? state.releasedFrom) : null;

/** One event as the planner comes upon it. */
export interface Transition extends Placed {
  before: ConversationState;
  after: ConversationState;
  /** Whether the customer wrote, or the assistant gave up, after an event that arrives only now. */
  overtaken: boolean;
}

/**
 * What an event tells whom: the difference between the states before and after it. So it is the same
 * whether an event is news itself or, arriving late, makes news of what came before it; and what is over
 * by the time it arrives is none. Nobody is told of their own act.
 */
export function newsOf({ before, after, event, key, overtaken }: Transition, people: People): News[] {
  if (event.imported || after.status === 'closed') return [];
  const actor = giver(after, event) ?? actorId(event);
  const others = (agents: AgentFacts[]) => agents.filter(({ id }) => id !== actor);
  const news: News[] = [];

  const { inbound, handover, assigned } = after.pending;
  const isLater = (than: Key | null): boolean => than !== null && compareKeys(than, key) > 0;
  if (event.type === 'received' && inbound !== null && compareKeys(key, inbound) >= 0) {
    const agents = listeners(after, people);
    news.push({ agents, reason: 'inbound', why: inboundWhy(after), message: true, onlyNew: false, alert: true });
  }
  // Of what happened after an event that arrives only now, and counts because of it, whoever did the event did nothing.
  if (handover !== null && before.pending.handover === null) {
    const team = responsible(after, people);
    const agents = isLater(handover) ? team : others(team);
    news.push({ agents, reason: 'handover', why: 'assistant_gave_up', message: false, onlyNew: false, alert: true });
  }
  const counted = before.status === 'open' || !isLater(assigned);
  if (assigned !== null && !(counted && sameEvent(before.pending.assigned, assigned))) {
    const holder = responsible(after, people);
    const agents = isLater(assigned) ? holder : others(holder);
    news.push({ agents, reason: 'assigned', why: 'assigned_to_you', message: false, onlyNew: false, alert: true });
  }

  // Whose a waiting chat becomes by being given back, moved or reopened. Reopening is silent, for it is a colleague's
  // doing, not the customer's; unless the chat was given back after that.
  const had = new Set(responsible(before, people).map(({ id }) => id));
  const begins = inbound !== null && before.pending.inbound === null;
  const lost = sameEvent(after.assignment, event) ? after.releasedFrom : null;
  const gets = responsible(after, people).filter(({ id }) => begins || !had.has(id) || id === lost);
  const givenBackSince = after.releasedFrom !== null && isLater(after.assignment);
  const reopens = event.type === 'reopened' || (event.type === 'saved' && before.status === 'closed');
  const isAloud = !reopens || givenBackSince;
  const waiting = newsForNewcomers(after, overtaken ? gets : others(gets), isAloud);
  if (waiting) news.push(waiting);
  return news;
}

/** What those are told to whom a waiting conversation is new, aloud or silently; null if it does not wait. */
export function newsForNewcomers(state: ConversationState, agents: readonly AgentFacts[], alert: boolean): News | null {
  if (!waits(state)) return null;
  const { handover, assigned } = state.pending;
  const muted = state.assignee?.kind === 'assistant' && handover === null;
  const told = agents.filter((agent) => agent.active && !(muted && !agent.assistantChats));
  const news = { agents: told, message: false, onlyNew: true, alert };
  if (handover !== null) return { ...news, reason: 'handover', why: 'assistant_gave_up' };
  if (assigned !== null) return { ...news, reason: 'assigned', why: 'assigned_to_you' };
  return { ...news, reason: 'inbound', why: inboundWhy(state) };
}
