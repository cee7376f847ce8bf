/**
 * The state of one conversation, as a fold over its events in their order. Pure: whoever applies an event
 * that is older than the newest folds all of them again (`replay`), which is what makes events that
 * arrive in any order converge.
 */

import { inOrder, type Key, keyOf, type Placed, unseenMessages } from './order.ts';
import { messagePreview } from './preview.ts';
import type { Actor, Assignee, Identity, TimelineEvent } from './timeline-event.ts';

/** What a person still has to look at; each holds the key of the event that began it, or null. */
export interface Pending {
  /** The first customer message that nobody has dealt with. */
  inbound: Key | null;
  /** The handover that nobody has taken up. */
  handover: Key | null;
  /** The assignment, by somebody else, that the assignee has not acted on. */
  assigned: Key | null;
}

export interface ConversationState {
  groupId: string;
  customer: Identity;
  status: 'open' | 'closed';
  assignee: Assignee;
  /** The event that gave `assignee`, or null while nobody was ever assigned. */
  assignment: Key | null;
  /** The agent from whom that event took the chat to give it to nobody. */
  releasedFrom: string | null;
  /**
   * Handed over, and no person has replied since: only a person ends the wait, the assistant's texts do not. Kept while
   * the chat is closed, for reopening it by hand brings the wait back.
   */
  awaitsPerson: boolean;
  /**
   * Since when (epoch milliseconds) the customer waits for a reply: the first message after the last reply by a person
   * or the assistant; a handover after that reply, the latest message. Null if nobody waits or the chat is closed.
   */
  waitingSince: number | null;
  /** What `waitingSince` was when the chat was closed: reopening it by hand brings it back. */
  waitedBeforeClosing: number | null;
  pending: Pending;
  /** The customer's latest message. */
  latest: { id: string; text: string; sentAt: number } | null;
  /** The latest message of anyone that the customer saw; for lists. */
  lastMessage: { text: string; sentAt: number; from: 'customer' | 'agent' | 'assistant' | 'automatic' } | null;
  /** Whether the last word was a person's, automatic texts aside. States stored by an older version lack it. */
  personSpokeLast: boolean;
  /** The newest event folded in. */
  last: Key | null;
  /** The latest second (epoch milliseconds) in which an event is dated without fractions; an event within it may move others. */
  wholeSecond: number | null;
  /** The messages that replies name and that have not arrived; each moves its reply when it does. */
  unseen: string[];
}

const NOTHING_PENDING: Pending = { inbound: null, handover: null, assigned: null };

/** A conversation in which nothing has happened yet. */
export const emptyConversation = (groupId: string): ConversationState => ({
  groupId,
  customer: {},
  status: 'open',
  assignee: null,
  assignment: null,
  releasedFrom: null,
  awaitsPerson: false,
  waitingSince: null,
  waitedBeforeClosing: null,
  pending: NOTHING_PENDING,
  latest: null,
  lastMessage: null,
  personSpokeLast: false,
  last: null,
  wholeSecond: null,
  unseen: [],
});

/**
 * The state after one more event, which must not be older than `state.last`.
 * @param key its place; its own, unless it stands beside others
 */
export function fold(state: ConversationState, event: TimelineEvent, key: Key = keyOf(event)): ConversationState {
  const next = applyEvent(state, event, key);
  return {
    ...next,
    groupId: event.groupId ?? state.groupId,
    customer: { ...state.customer, ...event.customer },
    last: key,
    wholeSecond: event.wholeSecond ? Math.max(event.at, state.wholeSecond ?? event.at) : state.wholeSecond,
  };
}

/** The state after all events, given in their order. */
export function foldAll(placed: readonly Placed[], groupId: string): ConversationState {
  const first = placed.find(({ event }) => event.groupId !== undefined)?.event.groupId ?? groupId;
  const state = placed.reduce((before, { event, key }) => fold(before, event, key), emptyConversation(first));
  return { ...state, unseen: unseenMessages(placed) };
}

/** The state after all events, given in any order. */
export const replay = (events: readonly TimelineEvent[], groupId: string): ConversationState =>
  foldAll(inOrder(events), groupId);

/** Nobody has to act any more. */
const dealtWith = (state: ConversationState): ConversationState => ({
  ...state,
  waitingSince: null,
  pending: NOTHING_PENDING,
});

function applyEvent(state: ConversationState, event: TimelineEvent, key: Key): ConversationState {
  switch (event.type) {
    case 'received':
      return receive(state, event, key);
    case 'sent':
      return send(state, event);
    case 'note':
      return state;
    case 'saved':
      return save(state, event, key);
    case 'assigned':
      return assign(state, event, key);
    case 'handed_over':
      return handOver(state, event, key);
    case 'closed':
      // Closed twice, by two people or two events, it waited until the first.
      if (state.status === 'closed') return { ...dealtWith(state), waitedBeforeClosing: state.waitedBeforeClosing };
      return { ...dealtWith(state), status: 'closed', waitedBeforeClosing: state.waitingSince };
    case 'reopened':
      if (state.status === 'open') return state;
      return requeue(
        { ...state, status: 'open', waitingSince: state.waitedBeforeClosing, waitedBeforeClosing: null },
        key,
      );
    case 'no_reply_needed':
      return answered(state);
  }
}

/** Something that happened, in place of a state that another system told. */
export type ConcreteEvent = Exclude<TimelineEvent, { type: 'saved' }>;

const sameAssignee = (a: Assignee, b: Assignee): boolean =>
  a?.kind === b?.kind && (a?.kind !== 'agent' || b?.kind !== 'agent' || a.agentId === b.agentId);

/** What a saved state changes in what is known; nothing if it is equal. */
export function eventsOfSavedState(
  state: ConversationState,
  { status, assignee, ...saved }: Extract<TimelineEvent, { type: 'saved' }>,
): ConcreteEvent[] {
  const step = <const Type extends string>(type: Type) => ({ ...saved, id: `${saved.id}:${type}`, type, by: null });
  const steps: ConcreteEvent[] = [];
  if (status === 'open' && state.status === 'closed') steps.push(step('reopened'));
  if (!sameAssignee(state.assignee, assignee)) steps.push({ ...step('assigned'), assignee });
  if (status === 'closed' && state.status === 'open') steps.push(step('closed'));
  return steps;
}

/** Events in their order, with each saved state as the steps that it meant: for people to read. */
export function withoutSavedStates(placed: readonly Placed[], groupId: string): ConcreteEvent[] {
  let state = emptyConversation(groupId);
  return placed.flatMap(({ event, key }) => {
    const before = state;
    state = fold(before, event, key);
    return event.type === 'saved' ? eventsOfSavedState(before, event) : [event];
  });
}

/** Takes over a state. States may be lost, repeated or come in any order, so the same one again changes nothing. */
const save = (
  state: ConversationState,
  event: Extract<TimelineEvent, { type: 'saved' }>,
  key: Key,
): ConversationState =>
  eventsOfSavedState(state, event).reduce((before, step) => applyConcrete(before, step, key), state);

function applyConcrete(state: ConversationState, step: ConcreteEvent, key: Key): ConversationState {
  const isLetGo = step.type === 'assigned' && step.assignee === null && state.assignee?.kind === 'assistant';
  // A person has spoken last, so the assistant lets go because of that: it is no cry for help.
  if (isLetGo && state.personSpokeLast) return { ...state, assignee: null, assignment: key, releasedFrom: null };
  return applyEvent(state, step, key);
}

/** A person has dealt with the customer, or there is nothing to deal with. */
const answered = (state: ConversationState): ConversationState =>
  dealtWith({ ...state, awaitsPerson: false, waitedBeforeClosing: null });

function receive(
  state: ConversationState,
  event: Extract<TimelineEvent, { type: 'received' }>,
  key: Key,
): ConversationState {
  const text = messagePreview(event.text, event.attachments);
  const next: ConversationState = {
    ...state,
    status: 'open',
    awaitsPerson: state.awaitsPerson && state.status === 'open',
    waitedBeforeClosing: null,
    latest: { id: event.id, text, sentAt: event.at },
    lastMessage: { text, sentAt: event.at, from: 'customer' },
    personSpokeLast: false,
  };
  if (event.imported) return next;
  return {
    ...next,
    waitingSince: state.waitingSince ?? event.at,
    pending: { ...state.pending, inbound: state.pending.inbound ?? key },
  };
}

/** As what lists and threads show who wrote: a person who is no agent here looks like an agent without a name. */
export const seenAs = ({ kind }: Actor): 'agent' | 'assistant' | 'automatic' => (kind === 'person' ? 'agent' : kind);

function send(state: ConversationState, event: Extract<TimelineEvent, { type: 'sent' }>): ConversationState {
  const next: ConversationState = {
    ...state,
    lastMessage: { text: messagePreview(event.text, []), sentAt: event.at, from: seenAs(event.by) },
  };
  switch (event.by.kind) {
    case 'automatic':
      return next;
    case 'agent':
    case 'person':
      return answered({ ...next, personSpokeLast: true });
    case 'assistant': {
      if (state.awaitsPerson) return { ...next, personSpokeLast: false };
      // The customer has a reply either way; but only while the assistant has the chat does it spare people the work.
      const pending = state.assignee?.kind === 'assistant' ? { ...state.pending, inbound: null } : state.pending;
      return { ...next, personSpokeLast: false, waitingSince: null, waitedBeforeClosing: null, pending };
    }
  }
}

function assign(
  state: ConversationState,
  event: Extract<TimelineEvent, { type: 'assigned' }>,
  key: Key,
): ConversationState {
  const { assignee, by } = event;
  const next: ConversationState = { ...state, assignee, assignment: key, releasedFrom: null };
  if (assignee?.kind === 'assistant') return { ...next, pending: NOTHING_PENDING };
  if (assignee?.kind === 'agent') {
    const took = by?.kind === 'agent' && by.agentId === assignee.agentId;
    const assigned = took || event.imported ? null : key;
    return { ...next, pending: { ...state.pending, handover: null, assigned } };
  }
  if (state.assignee?.kind === 'assistant') return handOver(next, event, key);
  if (state.assignee === null) return next;
  return requeue({ ...next, releasedFrom: state.assignee.agentId, pending: { ...state.pending, assigned: null } }, key);
}

/** A chat comes back to its team: what was pending goes on only if the customer waits, and then from this event at the latest. */
const requeue = (state: ConversationState, key: Key): ConversationState => ({
  ...state,
  pending: { ...state.pending, inbound: state.waitingSince === null ? null : (state.pending.inbound ?? key) },
});

/**
 * How long (milliseconds) after a message a handover makes the customer wait since that message. Shorter than the ledger
 * of emails remembers, so that no message is emailed twice.
 */
export const HANDED_OVER_WITHIN_MS = 30 * 24 * 60 * 60 * 1000;

/** Since when a chat that is handed over waits for a person. */
function handedOverSince({ waitingSince, latest }: ConversationState, at: number): number {
  if (waitingSince !== null) return waitingSince;
  return latest === null || at - latest.sentAt > HANDED_OVER_WITHIN_MS ? at : latest.sentAt;
}

/**
 * The assistant unassigns itself, and the customer waits for a person: since the first message that has no reply at
 * all, else since the latest message, else since the handover. An agent who has the chat keeps it: it is then that
 * agent who is told. A handover that is open already stays the one it was, so that it alerts nobody again.
 */
function handOver(state: ConversationState, { at, imported }: TimelineEvent, key: Key): ConversationState {
  const assignee = state.assignee?.kind === 'agent' ? state.assignee : null;
  if (imported || state.status === 'closed') return { ...state, assignee };
  return {
    ...state,
    assignee,
    awaitsPerson: true,
    waitingSince: handedOverSince(state, at),
    pending: { ...state.pending, handover: state.pending.handover ?? key },
  };
}
