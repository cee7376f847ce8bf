/**
 * The planner decides, from the facts of a conversation and its new events, who is notified and why, and whose
 * notification ends. It is pure: a store loads the facts, calls the planner inside its transaction and writes what it
 * returns, so that every store decides alike.
 */
import type { Customer, Origin, Reason, Why } from '@converso/shared';
import {
  type AgentFacts,
  diffRecipients,
  type Notice,
  nothingPending,
  noticeForNewcomers,
  type People,
  releasedBy,
  releasedFrom,
  responsible,
} from './audience.ts';
import type { ConversationState } from './conversation.ts';
import { compareKeys, inOrder, type Placed, sameEvent } from './order.ts';
import type { TimelineEvent } from './timeline-event.ts';
import { pastIn, transitionOf } from './transition.ts';

/** What the notifications of a conversation show. It is the same for all agents, so it is stored once. */
export interface Content {
  conversation: { id: string; channel: string; group: { id: string; name: string } } & Origin;
  customer: Customer;
  message: { text: string; sentAt: string } | null;
  waitingSince: string | null;
}

/** An open notification of the conversation, as stored. */
export interface OpenNotification {
  id: string;
  agentKey: number;
  reason: Reason;
  why: Why;
  messageCount: number;
  /** Its content as stored (JSON); the planner compares it with the new content. */
  content: string;
}

export interface Facts {
  conversation: { id: string; channel: string } & Origin;
  before: ConversationState;
  /** All events so far; needed only where a new one is older than `before.last` (see `needsHistory`). */
  history: readonly TimelineEvent[];
  people: People;
  groupNames: ReadonlyMap<string, string>;
  customer: Customer;
  open: readonly OpenNotification[];
  /** Agents who have just joined the team. They are notified silently if the conversation waits. */
  joined?: readonly AgentFacts[];
}

/** A change of one agent's notification. Each change takes the agent's next seq. */
export type Change =
  | { op: 'insert'; agentKey: number; reason: Reason; why: Why; messageCount: number; alert: boolean }
  | { op: 'update'; id: string; agentKey: number; reason: Reason; why: Why; messageCount: number; alert: boolean }
  /** `settledBy` is the name of the person who settled it, or null if unknown. The content stays as it was. */
  | { op: 'end'; id: string; agentKey: number; state: 'read' | 'settled'; settledBy: string | null };

export interface Plan {
  state: ConversationState;
  changes: Change[];
  /** The content of every inserted and updated notification. */
  content: Content;
}

/** The planner's signature, which is all that a store needs to know of it. */
export type Planner = (facts: Facts, events: readonly TimelineEvent[]) => Plan;

const STRENGTH: Record<Reason, number> = { inbound: 1, assigned: 2, handover: 3 };

/** An open notification while the plan is being made; `id` and `content` are null until it is stored. */
interface Draft {
  id: string | null;
  agentKey: number;
  reason: Reason;
  why: Why;
  messageCount: number;
  content: string | null;
  /** A notice or a recount changed it. */
  changed: boolean;
  alert: boolean;
}

/**
 * Plans new events of a conversation. Every plan, even one without events, also settles notifications of agents who are
 * no longer responsible, notifies agents who joined and refreshes notifications whose content is outdated.
 * @param events in any order; none of them is in `facts.history`
 */
export function plan(facts: Facts, events: readonly TimelineEvent[]): Plan {
  const { people } = facts;
  const drafts = new Map<number, Draft>(
    facts.open.map((row) => [row.agentKey, { ...row, changed: false, alert: false }]),
  );
  const ended: Change[] = [];
  let state = facts.before;
  let known = facts.history;

  const end = (draft: Draft, as: 'read' | 'settled', settledBy: string | null): void => {
    drafts.delete(draft.agentKey);
    // A notification that began within this plan was never stored, so there is nothing to end.
    if (draft.id !== null) ended.push({ op: 'end', id: draft.id, agentKey: draft.agentKey, state: as, settledBy });
  };
  const settleLeftovers = (by: string | null): void => {
    const keep = new Set(nothingPending(state) ? [] : responsible(state, people).map(({ key }) => key));
    for (const draft of [...drafts.values()]) if (!keep.has(draft.agentKey)) end(draft, 'settled', by);
  };

  settleLeftovers(null);
  const coming = inOrder(events).map(({ event }) => event);
  while (coming.length > 0) {
    const together = coming.splice(0, Math.max(1, pastIn(state, coming)));
    const event = together.at(-1)!;
    known = [...known, ...together.slice(0, -1)];
    const { transition, placed } = transitionOf(state, event, known, facts.before.groupId);
    known = [...known, event];
    state = transition.after;

    const by = settledBy(state, event, people);
    if (!transition.superseded) {
      const taker = keyOfAgent(people, tookIt(state, event));
      const releasers = [releasedBy(state, event), releasedFrom(state, event)].map((id) => keyOfAgent(people, id));
      for (const draft of [...drafts.values()]) {
        if (draft.agentKey === taker) end(draft, 'read', null);
        else if (releasers.includes(draft.agentKey)) end(draft, 'settled', by);
      }
    }
    settleLeftovers(by);
    if (placed) recount(drafts, state, placed);

    for (const notice of diffRecipients(transition, people)) notify(drafts, notice);
  }

  const forJoiners = state.assignee?.kind === 'agent' ? null : noticeForNewcomers(state, facts.joined ?? [], false);
  if (forJoiners) notify(drafts, forJoiners);

  const content = contentOf(facts, state);
  return { state, content, changes: [...ended, ...[...drafts.values()].flatMap((draft) => changeOf(draft, content))] };
}

/** Begins or raises the agents' notifications. The strongest reason stays, together with its `why`. */
function notify(drafts: Map<number, Draft>, { agents, reason, why, message, onlyWithoutOpen, alert }: Notice): void {
  for (const { key } of agents) {
    const draft = drafts.get(key);
    if (onlyWithoutOpen && draft) continue;
    const stronger = draft === undefined || STRENGTH[reason] >= STRENGTH[draft.reason];
    drafts.set(key, {
      id: draft?.id ?? null,
      agentKey: key,
      reason: stronger ? reason : draft.reason,
      why: stronger ? why : draft.why,
      messageCount: (draft?.messageCount ?? 0) + (message ? 1 : 0),
      content: draft?.content ?? null,
      changed: true,
      alert: alert || draft?.alert === true,
    });
  }
}

/** Lowers the counts: a reply that arrives late answers messages that were counted as unanswered. */
function recount(drafts: Map<number, Draft>, { pending }: ConversationState, placed: readonly Placed[]): void {
  const { inbound } = pending;
  const unanswered = placed.filter(
    ({ event, key }) => event.type === 'received' && inbound && compareKeys(key, inbound) >= 0,
  );
  for (const draft of drafts.values()) {
    if (draft.messageCount <= unanswered.length) continue;
    drafts.set(draft.agentKey, { ...draft, messageCount: unanswered.length, changed: true });
  }
}

/** The change that a draft leads to; none if the notification still shows the same. */
function changeOf(draft: Draft, content: Content): Change[] {
  const { id, agentKey, reason, why, messageCount, alert } = draft;
  if (id === null) return [{ op: 'insert', agentKey, reason, why, messageCount, alert }];
  if (!draft.changed && draft.content === JSON.stringify(content)) return [];
  return [{ op: 'update', id, agentKey, reason, why, messageCount, alert }];
}

function contentOf(facts: Facts, state: ConversationState): Content {
  const { id, channel, source, ref } = facts.conversation;
  const iso = (at: number): string => new Date(at).toISOString();
  return {
    conversation: {
      id,
      channel,
      group: { id: state.groupId, name: facts.groupNames.get(state.groupId) ?? state.groupId },
      source,
      ref,
    },
    customer: facts.customer,
    message: state.latest && { text: state.latest.text, sentAt: iso(state.latest.sentAt) },
    waitingSince: state.waitingSince === null ? null : iso(state.waitingSince),
  };
}

const keyOfAgent = (people: People, id: string | null): number | undefined =>
  id === null ? undefined : people.agents.get(id)?.key;

/** The agent who took the chat by this event; null if nobody did. */
const tookIt = (state: ConversationState, event: TimelineEvent): string | null =>
  event.type === 'assigned' &&
  event.assignee?.kind === 'agent' &&
  event.by?.kind === 'agent' &&
  event.by.agentId === event.assignee.agentId &&
  sameEvent(state.assignment, event)
    ? event.assignee.agentId
    : null;

/** The name shown on notifications that an event settles: its author, else the new assignee; null if there is neither. */
function settledBy(state: ConversationState, event: TimelineEvent, people: People): string | null {
  const nameOf = (actor: { kind: string; agentId?: string } | null): string | null => {
    if (actor?.kind === 'agent') return people.agents.get(actor.agentId ?? '')?.name ?? null;
    return actor?.kind === 'assistant' ? 'Assistant' : null;
  };
  const by = 'by' in event ? event.by : null;
  if (by) return nameOf(by);
  const isAssignment = event.type === 'assigned' || (event.type === 'saved' && sameEvent(state.assignment, event));
  return isAssignment ? nameOf(state.assignee) : null;
}
