/**
 * The planner: from what is known of a conversation and what has just happened in it, who is told and why,
 * and whose notification ends. Pure; a store loads the facts, calls it inside its transaction and writes
 * what it returns, so that every store decides alike.
 */
import type { Customer, Origin, Reason, Why } from '@converso/shared';
import {
  type AgentFacts,
  giver,
  type News,
  newsForNewcomers,
  newsOf,
  nothingPending,
  type People,
  responsible,
  type Transition,
} from './audience.ts';
import { type ConversationState, fold, foldAll } from './conversation.ts';
import { compareKeys, inOrder, type Key, keyOf, type Placed, sameEvent, secondOf } from './order.ts';
import type { TimelineEvent } from './timeline-event.ts';

/** What a notification shows, the same for all who are told: stored once, not once an agent. */
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
  /** Its content as stored (JSON), to see whether it must be stamped anew. */
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
  /** Agents who have just joined the team: they get what waits, silently. */
  joined?: readonly AgentFacts[];
}

/** What becomes of one agent's notification. Each takes that agent's next seq. */
export type Change =
  | { op: 'insert'; agentKey: number; reason: Reason; why: Why; messageCount: number; alert: boolean }
  | { op: 'update'; id: string; agentKey: number; reason: Reason; why: Why; messageCount: number; alert: boolean }
  /** `settledBy` is the name of who did it, where known. The content stays as it was. */
  | { op: 'end'; id: string; agentKey: number; state: 'read' | 'settled'; settledBy: string | null };

export interface Plan {
  state: ConversationState;
  changes: Change[];
  /** Of every inserted and updated notification. */
  content: Content;
}

/** The one signature a store needs to know. */
export type Planner = (facts: Facts, events: readonly TimelineEvent[]) => Plan;

/** Whether any of these is older than what the state has seen, or may change the places of others: then all must be folded again. */
export const needsHistory = (state: ConversationState, events: readonly TimelineEvent[]): boolean =>
  events.some((event) => isOlder(state, event) || sharesSecond(state, event) || concernsReply(state, event));

const isOlder = ({ last }: ConversationState, event: TimelineEvent): boolean =>
  last !== null && compareKeys(keyOf(event), last) < 0;

/** Within the second of an event that is dated without fractions, that event's place hangs on the others. */
const sharesSecond = ({ wholeSecond }: ConversationState, event: TimelineEvent): boolean =>
  !event.wholeSecond && wholeSecond === secondOf(event.at);

/** A reply that names an older message or one that has not arrived; or that message. */
const concernsReply = ({ latest, unseen }: ConversationState, event: TimelineEvent): boolean =>
  event.type === 'sent' && event.inReplyTo !== undefined
    ? event.inReplyTo !== latest?.id
    : event.type === 'received' && unseen.includes(event.id);

const STRENGTH: Record<Reason, number> = { inbound: 1, assigned: 2, handover: 3 };

/** An open notification while the plan is made. */
interface Draft {
  id: string | null;
  agentKey: number;
  reason: Reason;
  why: Why;
  messageCount: number;
  content: string | null;
  told: boolean;
  alert: boolean;
}

/**
 * Plans new events (in any order, none of them known before) on a conversation. Without events it settles
 * what is nobody's any more, gives joiners what waits and restamps what shows something else now.
 */
export function plan(facts: Facts, events: readonly TimelineEvent[]): Plan {
  const { people } = facts;
  const drafts = new Map<number, Draft>(facts.open.map((row) => [row.agentKey, { ...row, told: false, alert: false }]));
  const ended: Change[] = [];
  let state = facts.before;
  let known = facts.history;

  const end = (draft: Draft, as: 'read' | 'settled', settledBy: string | null): void => {
    drafts.delete(draft.agentKey);
    // What began and ended within one plan was never there for anybody.
    if (draft.id !== null) ended.push({ op: 'end', id: draft.id, agentKey: draft.agentKey, state: as, settledBy });
  };
  const settleLeftovers = (by: string | null): void => {
    const keep = new Set(nothingPending(state) ? [] : responsible(state, people).map(({ key }) => key));
    for (const draft of [...drafts.values()]) if (!keep.has(draft.agentKey)) end(draft, 'settled', by);
  };

  settleLeftovers(null);
  for (const { event } of inOrder(events)) {
    known = [...known, event];
    const placed = needsHistory(state, [event]) ? inOrder(known) : null;
    const step = placed ? transitionAmong(placed, state, event, facts) : transitionAfter(state, event);
    state = step.after;

    const by = settledBy(state, event, people);
    if (!step.overtaken) {
      const taker = keyOfAgent(people, tookIt(state, event));
      const givers = [giver(state, event), releasedBy(state, event)].map((id) => keyOfAgent(people, id));
      for (const draft of [...drafts.values()]) {
        if (draft.agentKey === taker) end(draft, 'read', null);
        else if (givers.includes(draft.agentKey)) end(draft, 'settled', by);
      }
    }
    settleLeftovers(by);
    if (placed) recount(drafts, state, placed);

    for (const news of newsOf(step, people)) tell(drafts, news);
  }

  const forJoiners = state.assignee?.kind === 'agent' ? null : newsForNewcomers(state, facts.joined ?? [], false);
  if (forJoiners) tell(drafts, forJoiners);

  const content = contentOf(facts, state);
  return { state, content, changes: [...ended, ...[...drafts.values()].flatMap((draft) => stamp(draft, content))] };
}

/** An event that is newer than all before it. */
function transitionAfter(before: ConversationState, event: TimelineEvent): Transition {
  const key = keyOf(event);
  return { before, after: fold(before, event, key), event, key, overtaken: false };
}

/** An event that finds its place among those that are known. */
function transitionAmong(
  placed: readonly Placed[],
  before: ConversationState,
  event: TimelineEvent,
  facts: Facts,
): Transition {
  const { key } = placed.find((each) => each.event === event)!;
  const after = foldAll(placed, facts.before.groupId);
  const isLater = (than: Key | null): boolean => than !== null && compareKeys(than, key) > 0;
  const wroteSince = placed.some((each) => each.event.type === 'received' && isLater(each.key));
  return { before, after, event, key, overtaken: wroteSince || isLater(after.pending.handover) };
}

/** Begins or raises the notifications of those who are told. The strongest reason stays, and its why with it. */
function tell(drafts: Map<number, Draft>, { agents, reason, why, message, onlyNew, alert }: News): void {
  for (const { key } of agents) {
    const draft = drafts.get(key);
    if (onlyNew && draft) continue;
    const stronger = draft === undefined || STRENGTH[reason] >= STRENGTH[draft.reason];
    drafts.set(key, {
      id: draft?.id ?? null,
      agentKey: key,
      reason: stronger ? reason : draft.reason,
      why: stronger ? why : draft.why,
      messageCount: (draft?.messageCount ?? 0) + (message ? 1 : 0),
      content: draft?.content ?? null,
      told: true,
      alert: alert || draft?.alert === true,
    });
  }
}

/** A reply that arrives late answers messages that were counted as unanswered. */
function recount(drafts: Map<number, Draft>, { pending }: ConversationState, placed: readonly Placed[]): void {
  const { inbound } = pending;
  const unanswered = placed.filter(
    ({ event, key }) => event.type === 'received' && inbound && compareKeys(key, inbound) >= 0,
  );
  for (const draft of drafts.values()) {
    if (draft.messageCount <= unanswered.length) continue;
    drafts.set(draft.agentKey, { ...draft, messageCount: unanswered.length, told: true });
  }
}

/** The change a draft comes to; none if it shows what it showed before. */
function stamp(draft: Draft, content: Content): Change[] {
  const { id, agentKey, reason, why, messageCount, alert } = draft;
  if (id === null) return [{ op: 'insert', agentKey, reason, why, messageCount, alert }];
  if (!draft.told && draft.content === JSON.stringify(content)) return [];
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

/** The agent who took the chat by this very event. */
const tookIt = (state: ConversationState, event: TimelineEvent): string | null =>
  event.type === 'assigned' &&
  event.assignee?.kind === 'agent' &&
  event.by?.kind === 'agent' &&
  event.by.agentId === event.assignee.agentId &&
  sameEvent(state.assignment, event)
    ? event.assignee.agentId
    : null;

/** The agent from whom this very event took the chat; as one of the team they may be told anew. */
const releasedBy = (state: ConversationState, event: TimelineEvent): string | null =>
  sameEvent(state.assignment, event) ? state.releasedFrom : null;

/** Whose name stands on what an event settles: who did it, else the new assignee, else the assistant, else nobody. */
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
