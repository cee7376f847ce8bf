/**
 * The state of one conversation, as a fold over its entries in their order. Pure: whoever applies an entry
 * that is older than the newest folds all of them again (`replay`), which is what makes events that
 * arrive in any order converge.
 */
import { type Assignee, byKey, type Entry, type Identity, type Key, keyOf } from './entry.ts';
import { messagePreview } from './preview.ts';

/** What a person still has to look at; each holds the key of the entry that began it, or null. */
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
  /** The entry that gave `assignee`, or null while nobody was ever assigned. */
  assignment: Key | null;
  /** The agent from whom that entry took the chat to give it to nobody. */
  releasedFrom: string | null;
  /**
   * Since when (epoch milliseconds) the customer waits for a reply: the first message after the last reply,
   * by a person or the assistant. Null if the last word is not the customer's or the chat is closed.
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
  /** The newest entry folded in. */
  last: Key | null;
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
  waitingSince: null,
  waitedBeforeClosing: null,
  pending: NOTHING_PENDING,
  latest: null,
  lastMessage: null,
  personSpokeLast: false,
  last: null,
});

/** The state after one more entry, which must not be older than `state.last`. */
export function fold(state: ConversationState, entry: Entry): ConversationState {
  const next = happen(state, entry, keyOf(entry));
  return {
    ...next,
    groupId: entry.groupId ?? state.groupId,
    customer: { ...state.customer, ...entry.customer },
    last: keyOf(entry),
  };
}

/** The state after all entries, given in any order. */
export function replay(entries: readonly Entry[], groupId: string): ConversationState {
  const sorted = entries.toSorted(byKey);
  const first = sorted.find((entry) => entry.groupId !== undefined)?.groupId ?? groupId;
  return sorted.reduce(fold, emptyConversation(first));
}

/** Nobody has to act any more: the customer was answered, or needs no answer. */
const dealtWith = (state: ConversationState): ConversationState => ({
  ...state,
  waitingSince: null,
  pending: NOTHING_PENDING,
});

function happen(state: ConversationState, entry: Entry, key: Key): ConversationState {
  switch (entry.type) {
    case 'received':
      return receive(state, entry, key);
    case 'sent':
      return send(state, entry);
    case 'note':
      return state;
    case 'saved':
      return save(state, entry, key);
    case 'assigned':
      return assign(state, entry, key);
    case 'handed_over':
      return handOver(state, key, entry.imported);
    case 'closed':
      // Closed twice, by two people or two events, it waited until the first.
      if (state.status === 'closed') return { ...dealtWith(state), waitedBeforeClosing: state.waitedBeforeClosing };
      return { ...dealtWith(state), status: 'closed', waitedBeforeClosing: state.waitingSince };
    case 'reopened':
      if (state.status === 'open') return state;
      return waitOn(
        { ...state, status: 'open', waitingSince: state.waitedBeforeClosing, waitedBeforeClosing: null },
        key,
      );
    case 'no_reply_needed':
      return dealtWith({ ...state, waitedBeforeClosing: null });
  }
}

/** Something that happened, in place of a state that another system told. */
export type Step = Exclude<Entry, { type: 'saved' }>;

const sameAssignee = (a: Assignee, b: Assignee): boolean =>
  a?.kind === b?.kind && (a?.kind !== 'agent' || b?.kind !== 'agent' || a.agentId === b.agentId);

/** What a saved state changes in what is known; nothing if it is equal. */
export function stepsOf(
  state: ConversationState,
  { status, assignee, ...saved }: Extract<Entry, { type: 'saved' }>,
): Step[] {
  const step = <const Type extends string>(type: Type) => ({ ...saved, id: `${saved.id}:${type}`, type, by: null });
  const steps: Step[] = [];
  if (status === 'open' && state.status === 'closed') steps.push(step('reopened'));
  if (!sameAssignee(state.assignee, assignee)) steps.push({ ...step('assigned'), assignee });
  if (status === 'closed' && state.status === 'open') steps.push(step('closed'));
  return steps;
}

/** Entries in their order, with each saved state as the steps that it meant: for people to read. */
export function asSteps(entries: readonly Entry[], groupId: string): Step[] {
  let state = emptyConversation(groupId);
  return entries.flatMap((entry) => {
    const before = state;
    state = fold(before, entry);
    return entry.type === 'saved' ? stepsOf(before, entry) : [entry];
  });
}

/**
 * Takes over a state. States may be lost, repeated or come in any order, so the same one again changes nothing. Where a
 * person's word was the last, the assistant lets go because they have answered: that is no cry for help.
 */
function save(state: ConversationState, entry: Extract<Entry, { type: 'saved' }>, key: Key): ConversationState {
  const next = stepsOf(state, entry).reduce((folded, step) => happen(folded, step, key), state);
  if (!state.personSpokeLast) return next;
  return { ...next, pending: { ...next.pending, handover: next.pending.handover && state.pending.handover } };
}

function receive(state: ConversationState, entry: Extract<Entry, { type: 'received' }>, key: Key): ConversationState {
  const text = messagePreview(entry.text, entry.attachments);
  const next: ConversationState = {
    ...state,
    status: 'open',
    waitedBeforeClosing: null,
    latest: { id: entry.id, text, sentAt: entry.at },
    lastMessage: { text, sentAt: entry.at, from: 'customer' },
    personSpokeLast: false,
  };
  if (entry.imported) return next;
  return {
    ...next,
    waitingSince: state.waitingSince ?? entry.at,
    pending: { ...state.pending, inbound: state.pending.inbound ?? key },
  };
}

function send(state: ConversationState, entry: Extract<Entry, { type: 'sent' }>): ConversationState {
  const next: ConversationState = {
    ...state,
    lastMessage: {
      text: messagePreview(entry.text, []),
      sentAt: entry.at,
      from: entry.by.kind === 'person' ? 'agent' : entry.by.kind,
    },
  };
  switch (entry.by.kind) {
    case 'automatic':
      return next;
    case 'agent':
    case 'person':
      return dealtWith({ ...next, personSpokeLast: true, waitedBeforeClosing: null });
    case 'assistant': {
      // The customer has a reply either way; but only while the assistant has the chat does it spare people the work.
      const pending = state.assignee?.kind === 'assistant' ? { ...state.pending, inbound: null } : state.pending;
      return { ...next, personSpokeLast: false, waitingSince: null, waitedBeforeClosing: null, pending };
    }
  }
}

function assign(state: ConversationState, entry: Extract<Entry, { type: 'assigned' }>, key: Key): ConversationState {
  const { assignee, by } = entry;
  const next: ConversationState = { ...state, assignee, assignment: key, releasedFrom: null };
  if (assignee?.kind === 'assistant') return { ...next, pending: NOTHING_PENDING };
  if (assignee?.kind === 'agent') {
    const took = by?.kind === 'agent' && by.agentId === assignee.agentId;
    const assigned = took || entry.imported ? null : key;
    return { ...next, pending: { ...state.pending, handover: null, assigned } };
  }
  if (state.assignee?.kind === 'assistant') return handOver(next, key, entry.imported);
  if (state.assignee === null) return next;
  return waitOn({ ...next, releasedFrom: state.assignee.agentId, pending: { ...state.pending, assigned: null } }, key);
}

/** A chat comes back to its team: what was pending goes on only if the customer waits, and then from this entry at the latest. */
const waitOn = (state: ConversationState, key: Key): ConversationState => ({
  ...state,
  pending: { ...state.pending, inbound: state.waitingSince === null ? null : (state.pending.inbound ?? key) },
});

/**
 * The assistant unassigns itself. An agent who has the chat keeps it: it is then that agent who is told.
 * A handover that is open already stays the one it was, so that it alerts nobody again.
 */
function handOver(state: ConversationState, key: Key, imported: boolean): ConversationState {
  const assignee = state.assignee?.kind === 'agent' ? state.assignee : null;
  if (imported || state.status === 'closed') return { ...state, assignee };
  return { ...state, assignee, pending: { ...state.pending, handover: state.pending.handover ?? key } };
}
