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
  type Step,
} from './audience.ts';
import { type ConversationState, fold, foldAll } from './conversation.ts';
import type { Entry } from './entry.ts';
import { compareKeys, inOrder, type Key, keyOf, type Placed, sameEntry, secondOf } from './order.ts';

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
  /** All entries so far; needed only where a new one is older than `before.last` (see `needsHistory`). */
  history: readonly Entry[];
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
export type Planner = (facts: Facts, entries: readonly Entry[]) => Plan;

/** Whether any of these is older than what the state has seen, or may change the places of others: then all must be folded again. */
export const needsHistory = (state: ConversationState, entries: readonly Entry[]): boolean =>
  entries.some((entry) => isOlder(state, entry) || sharesSecond(state, entry) || concernsReply(state, entry));

const isOlder = ({ last }: ConversationState, entry: Entry): boolean =>
  last !== null && compareKeys(keyOf(entry), last) < 0;

/** Within the second of an entry that is dated without fractions, that entry's place hangs on the others. */
const sharesSecond = ({ wholeSecond }: ConversationState, entry: Entry): boolean =>
  !entry.wholeSecond && wholeSecond === secondOf(entry.at);

/** A reply that names an older message or one that has not arrived; or that message. */
const concernsReply = ({ latest, unseen }: ConversationState, entry: Entry): boolean =>
  entry.type === 'sent' && entry.inReplyTo !== undefined
    ? entry.inReplyTo !== latest?.id
    : entry.type === 'received' && unseen.includes(entry.id);

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
 * Plans new entries (in any order, none of them known before) on a conversation. Without entries it settles
 * what is nobody's any more, gives joiners what waits and restamps what shows something else now.
 */
export function plan(facts: Facts, entries: readonly Entry[]): Plan {
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
  for (const { entry } of inOrder(entries)) {
    known = [...known, entry];
    const placed = needsHistory(state, [entry]) ? inOrder(known) : null;
    const step = placed ? stepAmong(placed, state, entry, facts) : stepAfter(state, entry);
    state = step.after;

    const by = settledBy(state, entry, people);
    if (!step.overtaken) {
      const taker = keyOfAgent(people, tookIt(state, entry));
      const givers = [giver(state, entry), releasedBy(state, entry)].map((id) => keyOfAgent(people, id));
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

/** An entry that is newer than all before it. */
function stepAfter(before: ConversationState, entry: Entry): Step {
  const key = keyOf(entry);
  return { before, after: fold(before, entry, key), entry, key, overtaken: false };
}

/** An entry that finds its place among those that are known. */
function stepAmong(placed: readonly Placed[], before: ConversationState, entry: Entry, facts: Facts): Step {
  const { key } = placed.find((each) => each.entry === entry)!;
  const after = foldAll(placed, facts.before.groupId);
  const isLater = (than: Key | null): boolean => than !== null && compareKeys(than, key) > 0;
  const wroteSince = placed.some((each) => each.entry.type === 'received' && isLater(each.key));
  return { before, after, entry, key, overtaken: wroteSince || isLater(after.pending.handover) };
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
    ({ entry, key }) => entry.type === 'received' && inbound && compareKeys(key, inbound) >= 0,
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

/** The agent who took the chat by this very entry. */
const tookIt = (state: ConversationState, entry: Entry): string | null =>
  entry.type === 'assigned' &&
  entry.assignee?.kind === 'agent' &&
  entry.by?.kind === 'agent' &&
  entry.by.agentId === entry.assignee.agentId &&
  sameEntry(state.assignment, entry)
    ? entry.assignee.agentId
    : null;

/** The agent from whom this very entry took the chat; as one of the team they may be told anew. */
const releasedBy = (state: ConversationState, entry: Entry): string | null =>
  sameEntry(state.assignment, entry) ? state.releasedFrom : null;

/** Whose name stands on what an entry settles: who did it, else the new assignee, else the assistant, else nobody. */
function settledBy(state: ConversationState, entry: Entry, people: People): string | null {
  const nameOf = (actor: { kind: string; agentId?: string } | null): string | null => {
    if (actor?.kind === 'agent') return people.agents.get(actor.agentId ?? '')?.name ?? null;
    return actor?.kind === 'assistant' ? 'Assistant' : null;
  };
  const by = 'by' in entry ? entry.by : null;
  if (by) return nameOf(by);
  const isAssignment = entry.type === 'assigned' || (entry.type === 'saved' && sameEntry(state.assignment, entry));
  return isAssignment ? nameOf(state.assignee) : null;
}
