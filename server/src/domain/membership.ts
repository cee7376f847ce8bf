/** What agents lose and get when they join or leave a group's team or the company. */
import type { ConversationState } from './conversation.ts';
import type { Stamp } from './stamps.ts';
import type { TimelineEvent } from './timeline-event.ts';
import { IMPORT_AGE_MS } from './timeline-event-of.ts';

interface Member {
  id: string;
  active: boolean;
}

/**
 * Who leaves a team and who joins it. Agents who leave lose the group's chats that they have, and their notifications
 * of the group's chats; agents who join are notified silently of the chats that wait. Removed agents do neither.
 */
export function teamChange<Agent extends Member>(
  before: readonly Agent[],
  after: readonly Agent[],
): { left: Agent[]; joined: Agent[] } {
  const missingIn = (team: readonly Agent[]) => {
    const ids = new Set(team.filter(({ active }) => active).map(({ id }) => id));
    return ({ id, active }: Agent): boolean => active && !ids.has(id);
  };
  return { left: before.filter(missingIn(after)), joined: after.filter(missingIn(before)) };
}

/** Whether a saved agent joins the company: a new agent, or one who had been removed. */
export const joinsCompany = (stored: { removed: boolean } | null): boolean => stored === null || stored.removed;

/** Whether the chat's assignee is among the agents who leave: then the chat becomes unassigned. */
export const losesAssignee = ({ assignee }: ConversationState, leavers: ReadonlySet<string>): boolean =>
  assignee?.kind === 'agent' && leavers.has(assignee.agentId);

/**
 * The event by which a chat loses an assignee who leaves. It comes last, whatever the chat's other events are dated.
 * @param stamp of the event that made the agent leave
 * @param now when that event arrived, epoch milliseconds
 */
export const unassignment = ({ last }: ConversationState, { at, eventId }: Stamp, now: number): TimelineEvent => ({
  id: `e:${eventId}`,
  type: 'assigned',
  assignee: null,
  by: null,
  at: Math.max(at, (last?.at ?? 0) + 1),
  imported: now - at > IMPORT_AGE_MS,
});
