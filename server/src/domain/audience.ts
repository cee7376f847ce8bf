/**
 * Who is notified of an event, and why: one function a kind of notice. Each compares the states before and after the
 * event. So an event that arrives late also brings the notices that only it makes due, and an event that is over by
 * the time it arrives brings none.
 */
import type { Reason, Why } from '@converso/shared';
import type { ConversationState } from './conversation.ts';
import { compareKeys, sameEvent } from './order.ts';
import type { TimelineEvent } from './timeline-event.ts';
import { isLater, type Transition } from './transition.ts';

/** What the planner knows of an agent. */
export interface AgentFacts {
  /** The store's own number of the agent, unique across businesses. */
  key: number;
  id: string;
  name: string;
  /** False once the agent was removed; removed agents are never notified. */
  active: boolean;
  /** The preference to be notified of customers' messages while the assistant has the chat. */
  assistantChats: boolean;
}

/** The people of the business that one conversation concerns. */
export interface People {
  agents: ReadonlyMap<string, AgentFacts>;
  /** Agent ids by group id, for every group that the conversation is or was in during the plan. */
  teams: ReadonlyMap<string, readonly string[]>;
}

/** Agents to notify, and why. */
export interface Notice {
  agents: AgentFacts[];
  reason: Reason;
  why: Why;
  /** True if it is one more message of the customer. */
  message: boolean;
  /** True if it concerns only those agents who have no open notification of the conversation. */
  onlyWithoutOpen: boolean;
  /** False if it goes into the bell silently. */
  alert: boolean;
}

const activeAgents = (people: People, ids: readonly string[]): AgentFacts[] =>
  ids.map((id) => people.agents.get(id)).filter((agent) => agent?.active === true) as AgentFacts[];

const teamOf = (state: ConversationState, people: People): AgentFacts[] =>
  activeAgents(people, people.teams.get(state.groupId) ?? []);

/** The agents who look after an open conversation: its assignee, if that is an agent, otherwise the whole team. */
export function responsible(state: ConversationState, people: People): AgentFacts[] {
  if (state.status === 'closed') return [];
  return state.assignee?.kind === 'agent' ? activeAgents(people, [state.assignee.agentId]) : teamOf(state, people);
}

/** Why a responsible agent is notified of a customer's message. */
const inboundWhy = (state: ConversationState): Why => {
  if (state.assignee === null) return 'team_unassigned';
  return state.assignee.kind === 'agent' ? 'assigned_to_you' : 'assistant_answering';
};

/** Whether nobody has to act in the conversation. */
export const nothingPending = ({ pending }: ConversationState): boolean =>
  pending.inbound === null && pending.handover === null && pending.assigned === null;

/** The agent who did it; null if it was not an agent, or the event does not say. */
const actorId = (event: TimelineEvent): string | null =>
  'by' in event && event.by?.kind === 'agent' ? event.by.agentId : null;

/** The agent from whom this event took the chat to give it to nobody; null if it did not. */
export const releasedFrom = (state: ConversationState, event: TimelineEvent): string | null =>
  sameEvent(state.assignment, event) ? state.releasedFrom : null;

/**
 * The agent who gave the chat to nobody by this event; null if nobody did. An event that does not say who did it counts
 * as the act of the agent who had the chat.
 */
export function releasedBy(state: ConversationState, event: TimelineEvent): string | null {
  const from = releasedFrom(state, event);
  return from === null ? null : (actorId(event) ?? from);
}

/** All notices of one event. Imported events bring none, and neither does a closed conversation. */
export function diffRecipients(transition: Transition, people: People): Notice[] {
  if (transition.event.imported || transition.after.status === 'closed') return [];
  const notices = [inboundNotice, handoverNotice, assignedNotice, waitingNotice];
  return notices.flatMap((noticeOf) => noticeOf(transition, people) ?? []);
}

/** Agents are not notified of what they did themselves. */
const withoutActor = ({ after, event }: Transition, agents: AgentFacts[]): AgentFacts[] => {
  const actor = releasedBy(after, event) ?? actorId(event);
  return agents.filter(({ id }) => id !== actor);
};

/** The customer wrote, and nobody has dealt with it. Muted agents are not notified while the assistant has the chat. */
export function inboundNotice({ after, event, key }: Transition, people: People): Notice | null {
  const { inbound } = after.pending;
  if (event.type !== 'received' || inbound === null || compareKeys(key, inbound) < 0) return null;
  const isAssistants = after.assignee?.kind === 'assistant';
  const agents = responsible(after, people).filter((agent) => !isAssistants || agent.assistantChats);
  return { agents, reason: 'inbound', why: inboundWhy(after), message: true, onlyWithoutOpen: false, alert: true };
}

/** The assistant gave the chat up. If it did so after this late event, the author of the event did not cause it. */
export function handoverNotice(transition: Transition, people: People): Notice | null {
  const { before, after, key } = transition;
  const { handover } = after.pending;
  if (handover === null || before.pending.handover !== null) return null;
  const team = responsible(after, people);
  const agents = isLater(handover, key) ? team : withoutActor(transition, team);
  const why = 'assistant_gave_up';
  return { agents, reason: 'handover', why, message: false, onlyWithoutOpen: false, alert: true };
}

/**
 * Somebody else gave the chat to an agent. An assignment from the time in which the chat was closed counts once a late
 * event shows that the chat had been reopened before it.
 */
export function assignedNotice(transition: Transition, people: People): Notice | null {
  const { before, after, key } = transition;
  const { assigned } = after.pending;
  if (assigned === null) return null;
  const cameLater = isLater(assigned, key);
  const countedBefore = before.status === 'open' || !cameLater;
  if (countedBefore && sameEvent(before.pending.assigned, assigned)) return null;
  const assignee = responsible(after, people);
  const agents = cameLater ? assignee : withoutActor(transition, assignee);
  const why = 'assigned_to_you';
  return { agents, reason: 'assigned', why, message: false, onlyWithoutOpen: false, alert: true };
}

/**
 * A waiting chat became the work of further agents: it was given back, moved or reopened. Reopening is silent, because a
 * colleague did it and not the customer, unless the chat was given back after that.
 */
export function waitingNotice(transition: Transition, people: People): Notice | null {
  const { before, after, event, key, superseded } = transition;
  const had = new Set(responsible(before, people).map(({ id }) => id));
  const beginsToWait = after.pending.inbound !== null && before.pending.inbound === null;
  const loser = releasedFrom(after, event);
  const gains = responsible(after, people).filter(({ id }) => beginsToWait || !had.has(id) || id === loser);
  const reopens = event.type === 'reopened' || (event.type === 'saved' && before.status === 'closed');
  const givenBackSince = after.releasedFrom !== null && isLater(after.assignment, key);
  // The author of a superseded event did not cause what came after it, and is notified like everyone else.
  const agents = superseded ? gains : withoutActor(transition, gains);
  return noticeForNewcomers(after, agents, !reopens || givenBackSince);
}

/** The notice for agents to whom a waiting conversation is new; null if the conversation does not wait. */
export function noticeForNewcomers(
  state: ConversationState,
  candidates: readonly AgentFacts[],
  alert: boolean,
): Notice | null {
  if (state.status === 'closed' || nothingPending(state)) return null;
  const { handover, assigned } = state.pending;
  const isAssistants = state.assignee?.kind === 'assistant' && handover === null;
  const agents = candidates.filter((agent) => agent.active && (!isAssistants || agent.assistantChats));
  const notice = { agents, message: false, onlyWithoutOpen: true, alert };
  if (handover !== null) return { ...notice, reason: 'handover', why: 'assistant_gave_up' };
  if (assigned !== null) return { ...notice, reason: 'assigned', why: 'assigned_to_you' };
  return { ...notice, reason: 'inbound', why: inboundWhy(state) };
}
