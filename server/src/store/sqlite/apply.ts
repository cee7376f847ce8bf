import type { AgentFacts } from '../../domain/audience.ts';
import { type ConversationState, fold, replay } from '../../domain/conversation.ts';
import type { Entry, Identity } from '../../domain/entry.ts';
import { inOrder } from '../../domain/order.ts';
import { needsHistory, type Plan } from '../../domain/plan.ts';
import { addEntry, type Conversation, entriesOf, keepShown, saveConversation } from './conversations.ts';
import { customerOf } from './identities.ts';
import type { People } from './people.ts';
import { openNotifications, writeChanges } from './plan-writing.ts';
import type { Work } from './work.ts';

/**
 * Plans entries (in any order; those that are stored already are left out) on a conversation and writes what comes of
 * it, the conversation too if it is new. Without entries it settles what is nobody's any more, gives joiners what
 * waits and restamps what shows something else now.
 * @returns the conversation's key; null if all of the entries were stored already, and so nothing was done
 */
export function applyEntries(
  work: Work,
  conversation: Conversation,
  given: readonly Entry[],
  joined: readonly AgentFacts[] = [],
): number | null {
  const { db, businessId, planner, touched } = work;
  const { id, channel, source, ref, state: before } = conversation;
  const { key: known } = conversation;
  const history = known !== null && needsHistory(before, given) ? entriesOf(db, known) : [];
  const entries = known === null ? given : given.filter((entry) => addEntry(db, known, entry));
  if (entries.length === 0 && given.length > 0) return null;
  const people = db.directory.people(businessId, groupsIn(before, entries), agentsIn(before, [...history, ...entries]));
  const open = openNotifications(db, conversation);
  const plan = planner(
    {
      conversation: { id, channel, source, ref },
      before,
      history,
      people,
      groupNames: new Map([...people.groups].map(([groupId, { name }]) => [groupId, name])),
      customer: customerOf(db, businessId, identityAfter(before, history, entries)),
      open,
      joined,
    },
    entries,
  );

  const kept = plan.changes.some(({ op }) => op === 'end') ? keepShown(db, conversation) : null;
  const after = { ...conversation, ...shownAfter(conversation, plan, kept), state: stateAfter(before, plan, entries) };
  const key = saveConversation(work, conversation, after, people);
  if (known === null) for (const entry of entries) addEntry(db, key, entry);
  if (entries.length > 0) touchGroups(work, people, [before.groupId, plan.state.groupId]);
  writeChanges(work, key, plan.changes, { open, shown: after.shown, kept });
  for (const { agentKey } of plan.changes) touched.agents.add(agentKey);
  return key;
}

/** What the conversation's open notifications show now, and where that is kept if somebody has just ended with it. */
function shownAfter(
  { shown, contentId }: Conversation,
  { changes, content }: Plan,
  kept: number | null,
): Pick<Conversation, 'shown' | 'contentId'> {
  const next = changes.some(({ op }) => op !== 'end') ? JSON.stringify(content) : shown;
  return { shown: next, contentId: next === shown ? (kept ?? contentId) : null };
}

/** The same object if nothing has happened, so that it need not be written. */
const stateAfter = (before: ConversationState, plan: Plan, entries: readonly Entry[]): ConversationState =>
  entries.length === 0 ? before : plan.state;

function touchGroups({ touched }: Work, people: People, groupIds: string[]): void {
  for (const groupId of groupIds) {
    const group = people.groups.get(groupId);
    if (group) touched.groups.add(group.key);
  }
}

const groupsIn = (before: ConversationState, entries: readonly Entry[]): Set<string> =>
  new Set([before.groupId, ...entries.flatMap(({ groupId }) => groupId ?? [])]);

/** Whoever has, had or is given the chat, and whoever did something in it: the planner needs their names. */
function agentsIn(before: ConversationState, entries: readonly Entry[]): Set<string> {
  const ids = new Set<string>();
  const add = (actor: { kind: string; agentId?: string } | null): void => {
    if (actor?.agentId !== undefined) ids.add(actor.agentId);
  };
  add(before.assignee);
  if (before.releasedFrom !== null) ids.add(before.releasedFrom);
  for (const entry of entries) {
    if ('by' in entry) add(entry.by);
    if (entry.type === 'assigned' || entry.type === 'saved') add(entry.assignee);
  }
  return ids;
}

/** Who the customer will be, which the planner must know beforehand to say by what name. */
function identityAfter(before: ConversationState, history: readonly Entry[], entries: readonly Entry[]): Identity {
  if (history.length > 0) return replay([...history, ...entries], before.groupId).customer;
  return inOrder(entries).reduce((state, { entry, key }) => fold(state, entry, key), before).customer;
}
