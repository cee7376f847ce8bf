import type { AgentFacts } from '../../domain/audience.ts';
import { type ConversationState, fold, replay } from '../../domain/conversation.ts';
import { byKey, type Entry, type Identity } from '../../domain/entry.ts';
import { needsHistory } from '../../domain/plan.ts';
import { addEntry, entriesOf, type StoredConversation, saveState } from './conversations.ts';
import { customerOf } from './identities.ts';
import { type People, peopleOf } from './people.ts';
import { openNotifications, writeChanges } from './plan-writing.ts';
import type { Work } from './work.ts';

/**
 * Plans new entries (in any order, none of them stored yet) on a conversation and writes what comes of it.
 * Without entries it settles what is nobody's any more, gives joiners what waits and restamps what shows
 * something else now.
 */
export function applyEntries(
  work: Work,
  conversation: StoredConversation,
  entries: readonly Entry[],
  joined: readonly AgentFacts[] = [],
): void {
  const { db, businessId, planner, touched } = work;
  const { key, id, channel, state: before } = conversation;
  const history = needsHistory(before, entries) ? entriesOf(db, key) : [];
  const people = peopleOf(db, businessId, groupsIn(before, entries), agentsIn(before, [...history, ...entries]));
  const plan = planner(
    {
      conversation: { id, channel },
      before,
      history,
      people,
      groupNames: new Map([...people.groups].map(([groupId, { name }]) => [groupId, name])),
      customer: customerOf(db, businessId, identityAfter(before, history, entries)),
      open: openNotifications(db, key),
      joined,
    },
    entries,
  );

  for (const entry of entries) addEntry(db, key, entry);
  if (entries.length > 0) {
    saveState(work, key, plan.state, people);
    touchGroups(work, people, [before.groupId, plan.state.groupId]);
  }
  writeChanges(work, key, plan);
  for (const { agentKey } of plan.changes) touched.agents.add(agentKey);
}

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
    if (entry.type === 'assigned') add(entry.assignee);
  }
  return ids;
}

/** Who the customer will be, which the planner must know beforehand to say by what name. */
function identityAfter(before: ConversationState, history: readonly Entry[], entries: readonly Entry[]): Identity {
  if (history.length > 0) return replay([...history, ...entries], before.groupId).customer;
  return entries.toSorted(byKey).reduce(fold, before).customer;
}
