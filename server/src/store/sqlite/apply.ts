import type { AgentFacts } from '../../domain/audience.ts';
import { type ConversationState, fold, replay } from '../../domain/conversation.ts';
import { inOrder } from '../../domain/order.ts';
import type { Plan } from '../../domain/plan.ts';
import type { Identity, TimelineEvent } from '../../domain/timeline-event.ts';
import { needsHistory } from '../../domain/transition.ts';
import { addEvent, type Conversation, eventsOf, keepShown, saveConversation } from './conversations.ts';
import { customerOf } from './identities.ts';
import type { People } from './people.ts';
import { openNotifications, writeChanges } from './plan-writing.ts';
import type { UnitOfWork } from './unit-of-work.ts';

/**
 * Plans events of a conversation and writes the plan, and the conversation itself if it is new. Without events it still
 * settles, notifies and refreshes; see `plan`.
 * @param given in any order; events that are stored already are left out
 * @returns the conversation's key; null if all events were stored already, and so nothing was done
 */
export function applyEvents(
  work: UnitOfWork,
  conversation: Conversation,
  given: readonly TimelineEvent[],
  joined: readonly AgentFacts[] = [],
): number | null {
  const { db, businessId, planner, affected } = work;
  const { id, channel, source, ref, state: before } = conversation;
  const { key: known } = conversation;
  const history = known !== null && needsHistory(before, given) ? eventsOf(db, known) : [];
  const events = known === null ? given : given.filter((event) => addEvent(db, known, event));
  if (events.length === 0 && given.length > 0) return null;
  const people = db.directory.people(businessId, groupsIn(before, events), agentsIn(before, [...history, ...events]));
  const open = openNotifications(db, conversation);
  const plan = planner(
    {
      conversation: { id, channel, source, ref },
      before,
      history,
      people,
      groupNames: new Map([...people.groups].map(([groupId, { name }]) => [groupId, name])),
      customer: customerOf(db, businessId, identityAfter(before, history, events)),
      open,
      joined,
    },
    events,
  );

  const kept = plan.changes.some(({ op }) => op === 'end') ? keepShown(db, conversation) : null;
  const after = { ...conversation, ...shownAfter(conversation, plan, kept), state: stateAfter(before, plan, events) };
  const key = saveConversation(work, conversation, after, people);
  if (known === null) for (const event of events) addEvent(db, key, event);
  if (events.length > 0) touchGroups(work, people, [before.groupId, plan.state.groupId]);
  writeChanges(work, key, plan.changes, { open, shown: after.shown, kept });
  for (const { agentKey } of plan.changes) affected.agents.add(agentKey);
  return key;
}

/** What the conversation's open notifications show after the plan, and the row that keeps it if one has just ended. */
function shownAfter(
  { shown, contentId }: Conversation,
  { changes, content }: Plan,
  kept: number | null,
): Pick<Conversation, 'shown' | 'contentId'> {
  const next = changes.some(({ op }) => op !== 'end') ? JSON.stringify(content) : shown;
  return { shown: next, contentId: next === shown ? (kept ?? contentId) : null };
}

/** The state after the plan; the same object if there was no event, so that it need not be written. */
const stateAfter = (before: ConversationState, plan: Plan, events: readonly TimelineEvent[]): ConversationState =>
  events.length === 0 ? before : plan.state;

function touchGroups({ affected }: UnitOfWork, people: People, groupIds: string[]): void {
  for (const groupId of groupIds) {
    const group = people.groups.get(groupId);
    if (group) affected.groups.add(group.key);
  }
}

const groupsIn = (before: ConversationState, events: readonly TimelineEvent[]): Set<string> =>
  new Set([before.groupId, ...events.flatMap(({ groupId }) => groupId ?? [])]);

/** Ids of all agents who have, had or are given the chat, or acted in it: the planner needs their names. */
function agentsIn(before: ConversationState, events: readonly TimelineEvent[]): Set<string> {
  const ids = new Set<string>();
  const add = (actor: { kind: string; agentId?: string } | null): void => {
    if (actor?.agentId !== undefined) ids.add(actor.agentId);
  };
  add(before.assignee);
  if (before.releasedFrom !== null) ids.add(before.releasedFrom);
  for (const event of events) {
    if ('by' in event) add(event.by);
    if (event.type === 'assigned' || event.type === 'saved') add(event.assignee);
  }
  return ids;
}

/** The customer's identity after the events. The planner is given the name that belongs to it. */
function identityAfter(
  before: ConversationState,
  history: readonly TimelineEvent[],
  events: readonly TimelineEvent[],
): Identity {
  if (history.length > 0) return replay([...history, ...events], before.groupId).customer;
  return inOrder(events).reduce((state, { event, key }) => fold(state, event, key), before).customer;
}
